/// A two-sided 95 % confidence interval.
public struct Interval: Codable, Hashable, Sendable {
    /// The lower limit, at most `upper`.
    public let lower: Double

    /// The upper limit, at least `lower`.
    public let upper: Double

    /// The share of such intervals that cover the true value when their assumptions hold: 0.95.
    public static let confidence = 0.95

    /// The share left outside on each side: 0.025.
    static let tail = (1 - confidence) / 2

    /// The 97.5 % point of the standard normal distribution.
    static let z = 1.959963984540054

    /// The interval between two limits; traps unless `lower ≤ upper`.
    public init(lower: Double, upper: Double) {
        precondition(lower <= upper, "interval limits are \(lower) and \(upper), expected lower ≤ upper")
        self.lower = lower
        self.upper = upper
    }

    /// Whether `value` lies within the limits, both included.
    public func contains(_ value: Double) -> Bool {
        lower <= value && value <= upper
    }
}

extension Interval {
    /// The score interval of a proportion, for trials that are independent of each other.
    ///
    /// It keeps its coverage near 0 and 1, where the textbook interval p ± z √(p(1−p)/n) collapses.
    /// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
    ///
    /// - Parameters:
    ///   - count: Successes, in `0 ... total`.
    ///   - total: Trials, at least 1.
    /// - Returns: Limits of the proportion, in `0 ... 1`.
    public static func wilson(count: Int, total: Int) -> Interval {
        precondition(total > 0, "a proportion of \(total) trials is undefined")
        precondition((0...total).contains(count), "\(count) successes in \(total) trials")
        let n = Double(total)
        let p = Double(count) / n
        let center = (p + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        // At p = 0 and p = 1 the limit is exactly 0 or 1; rounding must not move it.
        return Interval(
            lower: count == 0 ? 0 : max(0, center - half),
            upper: count == total ? 1 : min(1, center + half))
    }
}

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
    public static func f1(correct: Int, concerned: Int) -> Interval {
        let share = wilson(count: correct, total: concerned)
        return Interval(
            lower: 2 * share.lower / (1 + share.lower), upper: 2 * share.upper / (1 + share.upper))
    }
}
