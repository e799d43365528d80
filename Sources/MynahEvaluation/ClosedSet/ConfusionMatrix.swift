/// How often each label was heard for each true label.
public struct ConfusionMatrix: Codable, Hashable, Sendable {
    /// The names of the labels, `[C]`, in the order of rows and columns.
    public let labels: [String]

    /// Clips, `[C, C]`: one row per true label, one column per label heard.
    public private(set) var counts: [[Int]]

    /// Counts the clips by true label and label heard.
    ///
    /// - Parameters:
    ///   - labels: Names, all different.
    ///   - outcomes: A pair of indices in `0 ..< labels.count` per clip.
    package init(labels: [String], outcomes: some Sequence<(label: Int, heard: Int)>) {
        self.labels = labels
        counts = Array(repeating: Array(repeating: 0, count: labels.count), count: labels.count)
        for outcome in outcomes { counts[outcome.label][outcome.heard] += 1 }
    }

    /// Clips whose true label is `label`, an index in `0 ..< labels.count`; traps outside.
    public func clipCount(label: Int) -> Int {
        counts[label].reduce(0, +)
    }

    /// Clips in which `label`, an index in `0 ..< labels.count`, was heard, rightly or wrongly; traps outside.
    public func heardCount(label: Int) -> Int {
        counts.reduce(0) { $0 + $1[label] }
    }

    /// Clips whose true label was heard.
    public var correctCount: Int {
        labels.indices.reduce(0) { $0 + counts[$1][$1] }
    }

    /// The pairs of different labels that were confused, most frequent first, at most `limit`.
    ///
    /// Equally frequent pairs stand in the order of the labels.
    package func mostConfused(limit: Int) -> [ConfusedPair] {
        var pairs: [ConfusedPair] = []
        for (row, label) in labels.enumerated() {
            let clipCount = clipCount(label: row)
            for (column, heard) in labels.enumerated() where row != column && counts[row][column] > 0 {
                pairs.append(
                    ConfusedPair(
                        label: label, heard: heard, count: counts[row][column], clipCount: clipCount))
            }
        }
        // The sort is stable, so that equal counts keep the order of the labels.
        return Array(pairs.sorted { $0.count > $1.count }.prefix(limit))
    }
}

/// Two labels of which one was heard for the other.
public struct ConfusedPair: Codable, Hashable, Sendable {
    /// The true label.
    public let label: String

    /// The label heard instead.
    public let heard: String

    /// Clips with this confusion, at least 1.
    public let count: Int

    /// Clips with the true label, confused or not.
    public let clipCount: Int
}

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
