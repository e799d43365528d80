/// Two models on the same clips.
///
/// Clips that both models recognize, or neither, say nothing about which one is better; the others decide.
package struct PairedComparison: Codable, Hashable, Sendable {
    /// The share of clips that the first model recognizes.
    package let firstAccuracy: Proportion

    /// The share of clips that the second model recognizes.
    package let secondAccuracy: Proportion

    /// Accuracy of the second model less that of the first, in `-1 ... 1`.
    package let difference: Double

    /// The 95 % bootstrap interval of `difference`, whole speakers being drawn.
    ///
    /// A clip without a speaker is drawn on its own. Nil with fewer than two speakers, or when the difference is the same
    /// for all of them, so that drawing them again shows no spread.
    package let differenceInterval: Interval?

    /// The exact test of whether both err equally often; it takes the clips for independent.
    package let test: McNemarTest

    /// Clips that both models recognize.
    package let bothCorrect: Int

    /// Clips that neither model recognizes.
    package let neitherCorrect: Int

    /// Clips that only the second model recognizes, in their order.
    package let gained: [ChangedClip]

    /// Clips that only the first model recognizes, in their order.
    package let lost: [ChangedClip]

    /// Compares what two models heard in the same clips, in the same order.
    ///
    /// - Parameters:
    ///   - labels: The labels that the clips' indices refer to, `[C]`.
    ///   - first: The clips as the first model scored them.
    ///   - second: The same clips as the second model scored them; traps unless there are as many with the same labels.
    ///   - bootstrap: The draws behind the interval.
    /// - Throws: `EvaluationError.noClips`, or that posteriors are not probabilities.
    package init(
        labels: [String], first: [ScoredClip], second: [ScoredClip], bootstrap: ClusterBootstrap
    ) throws(EvaluationError) {
        precondition(
            first.count == second.count && zip(first, second).allSatisfy { $0.label == $1.label },
            "\(first.count) clips of the first model are not the \(second.count) of the second")
        for clip in first + second { try clip.validate(labels: labels) }
        guard let firstAccuracy = Proportion(count: first.count(where: \.isCorrect), total: first.count),
            let secondAccuracy = Proportion(count: second.count(where: \.isCorrect), total: second.count)
        else { throw .noClips }
        self.firstAccuracy = firstAccuracy
        self.secondAccuracy = secondAccuracy
        difference = Double(secondAccuracy.count - firstAccuracy.count) / Double(first.count)

        func changed(_ isSide: (ScoredClip, ScoredClip) -> Bool) -> [ChangedClip] {
            zip(first, second).filter(isSide).map { ChangedClip($0, $1, labels: labels) }
        }
        gained = changed { !$0.isCorrect && $1.isCorrect }
        lost = changed { $0.isCorrect && !$1.isCorrect }
        test = McNemarTest(onlyFirstCorrect: lost.count, onlySecondCorrect: gained.count)
        bothCorrect = firstAccuracy.count - lost.count
        neitherCorrect = first.count - secondAccuracy.count - lost.count
        differenceInterval = Self.interval(
            zip(first, second).map { first, second in
                (first.speaker, (second.isCorrect ? 1.0 : 0) - (first.isCorrect ? 1 : 0))
            }, bootstrap)
    }

    /// The interval of the mean change from one outcome of a clip to another, whole speakers being drawn.
    ///
    /// Nil as ``differenceInterval`` is.
    ///
    /// - Parameter changes: per clip, 1 for one that becomes right, −1 for one that becomes wrong.
    static func interval(
        _ changes: [(speaker: String?, change: Double)], _ bootstrap: ClusterBootstrap
    ) -> Interval? {
        var speakers: [String: (change: Double, total: Double)] = [:]
        var alone: [(change: Double, total: Double)] = []
        for (speaker, change) in changes {
            if let speaker {
                speakers[speaker, default: (0, 0)].change += change
                speakers[speaker, default: (0, 0)].total += 1
            } else {
                alone.append((change, 1))
            }
        }
        let clusters = speakers.sorted { $0.key < $1.key }.map(\.value) + alone.sorted(by: <)
        guard speakers.count > 1, Set(clusters.map { $0.change / $0.total }).count > 1 else { return nil }
        return bootstrap.interval(ratioOf: clusters.map(\.change), to: clusters.map(\.total))
    }
}

/// A clip that one of two models recognizes.
package struct ChangedClip: Codable, Hashable, Sendable {
    /// What the first model heard.
    package let first: ClipOutcome

    /// What the second model heard.
    package let second: ClipOutcome

    init(_ first: ScoredClip, _ second: ScoredClip, labels: [String]) {
        self.first = ClipOutcome(first, labels: labels)
        self.second = ClipOutcome(second, labels: labels)
    }
}

/// Everything that the comparison of two models found, in the form that `mynah compare --json` writes.
package struct ComparisonReport: Codable, Hashable, Sendable {
    /// The name and version of the schema.
    package let schema: String

    /// Where the figures of the first model come from.
    package let first: EvaluationProvenance

    /// Where the figures of the second model come from.
    package let second: EvaluationProvenance

    /// Both models on the same clips.
    package let comparison: PairedComparison

    /// The schema that this version of Mynah writes.
    package static let currentSchema = "mynah.comparison/1"

    /// A report in the current schema.
    package init(
        first: EvaluationProvenance, second: EvaluationProvenance, comparison: PairedComparison
    ) {
        schema = Self.currentSchema
        self.first = first
        self.second = second
        self.comparison = comparison
    }
}
