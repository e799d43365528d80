extension Interval {
    /// The interval of F1 for trials that are independent of each other.
    ///
    /// Of the clips that have the label or in which it was heard, the share J that has it and in which it was heard is
    /// a proportion, and F1 = 2 J / (1 + J) rises with it. So the limits are those of Wilson's interval of J, taken
    /// through the same formula. Source of the relation: D. J. Hand, P. Christen, N. Kirielle, "F*: an interpretable
    /// transformation of the F-measure", Machine Learning 110, 2021.
    ///
    /// - Parameters:
    ///   - correct: Clips that have the label and in which it was heard (TP), in `0 ... concerned`.
    ///   - concerned: Clips that have the label, or in which it was heard, or both (TP + FP + FN), at least 1.
    /// - Returns: Limits of F1, in `0 ... 1`.
    package static func f1(correct: Int, concerned: Int) -> Interval {
        let share = wilson(count: correct, total: concerned)
        return Interval(
            lower: 2 * share.lower / (1 + share.lower), upper: 2 * share.upper / (1 + share.upper))
    }
}
