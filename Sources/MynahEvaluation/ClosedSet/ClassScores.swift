/// How well one label is recognized.
public struct ClassScores: Codable, Hashable, Sendable {
    /// The name of the label.
    public let label: String

    /// Of the clips in which the label was heard, those that have it; nil when it was never heard.
    public let precision: Proportion?

    /// Of the clips that have the label, those in which it was heard; nil when no clip has it.
    public let recall: Proportion?

    /// The harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN), in `0 ... 1`.
    ///
    /// Nil when no clip has the label and it was never heard. It is 0, not nil, when one of the two happened.
    /// Source: C. J. van Rijsbergen, "Information Retrieval", 1979.
    public let f1: Double?

    /// The 95 % interval of `f1`, which takes the clips for independent; nil when `f1` is.
    public let f1Interval: Interval?

    /// The scores of one row and column of a confusion matrix.
    package init(label: Int, in confusion: ConfusionMatrix) {
        self.label = confusion.labels[label]
        let correct = confusion.counts[label][label]
        let clips = confusion.clipCount(label: label)
        let heard = confusion.heardCount(label: label)
        precision = Proportion(count: correct, total: heard)
        recall = Proportion(count: correct, total: clips)
        let concerned = clips + heard - correct
        f1 = concerned > 0 ? 2 * Double(correct) / Double(clips + heard) : nil
        f1Interval = concerned > 0 ? .f1(correct: correct, concerned: concerned) : nil
    }
}
