/// For whom the model works, and how sure the accuracy is once speakers are taken as the unit that varies.
package struct SpeakerEvaluation: Codable, Hashable, Sendable {
    /// Named speakers, worst first.
    ///
    /// They are ordered by the upper limit of their interval, so that one unlucky clip does not lead;
    /// equal ones by name.
    package let speakers: [SpeakerAccuracy]

    /// Clips without a speaker; each counts as a cluster of its own in `accuracyInterval`.
    package let clipsWithoutSpeaker: Int

    /// Quantiles of the speakers' accuracies, each speaker counting once; empty without named speakers.
    package let quantiles: [Quantile]

    /// The 95 % bootstrap interval of the accuracy over all clips, whole speakers being drawn.
    package let accuracyInterval: Interval?

    /// The 95 % bootstrap interval of macro F1, whole speakers being drawn; nil when `accuracyInterval` is.
    package let macroF1Interval: Interval?

    /// Why there is no `accuracyInterval`; nil when there is one.
    package let intervalUnavailable: Unavailability?

    /// How often the speakers were drawn.
    package let replicateCount: Int

    /// Seed of the draws.
    package let seed: UInt64

    /// Why the speakers cannot tell how sure the accuracy is.
    package enum Unavailability: String, Codable, Hashable, Sendable {
        /// No clip names its speaker.
        case noSpeakers

        /// All clips that name a speaker name the same one.
        case oneSpeaker

        /// All speakers have the same accuracy, for instance 100 %: drawing them again shows no spread.
        case noVariation
    }

    /// The probabilities of `quantiles`.
    package static let quantileProbabilities = [0, 0.05, 0.25, 0.5, 0.75, 1]

    /// Groups clips, whose labels lie in `0 ..< labelCount`, by speaker; their order does not matter.
    package init(clips: [ScoredClip], labelCount: Int, bootstrap: ClusterBootstrap) {
        var counts: [String: (correct: Int, total: Int)] = [:]
        var withoutSpeaker = (correct: 0, total: 0)
        for clip in clips {
            let correct = clip.isCorrect ? 1 : 0
            guard let speaker = clip.speaker else {
                withoutSpeaker.correct += correct
                withoutSpeaker.total += 1
                continue
            }
            counts[speaker, default: (0, 0)].correct += correct
            counts[speaker, default: (0, 0)].total += 1
        }
        speakers = counts.sorted { $0.key < $1.key }
            .compactMap { name, count in
                Proportion(count: count.correct, total: count.total)
                    .map { SpeakerAccuracy(speaker: name, accuracy: $0) }
            }
            .sorted { $0.accuracy.interval.upper < $1.accuracy.interval.upper }
        clipsWithoutSpeaker = withoutSpeaker.total
        let accuracies = speakers.map(\.accuracy.value).sorted()
        quantiles =
            accuracies.isEmpty
            ? [] : Self.quantileProbabilities.map { Quantile($0, ofSorted: accuracies) }

        let alone = (0..<withoutSpeaker.total).map { $0 < withoutSpeaker.correct ? 1.0 : 0.0 }
        let correct = speakers.map { Double($0.accuracy.count) } + alone
        let total = speakers.map { Double($0.accuracy.total) } + alone.map { _ in 1 }
        let shares = Set(zip(correct, total).map { $0 / $1 })
        intervalUnavailable =
            switch (speakers.count, shares.count) {
            case (0, _): .noSpeakers
            case (1, _): .oneSpeaker
            case (_, 1): .noVariation
            default: nil
            }
        accuracyInterval =
            intervalUnavailable == nil ? bootstrap.interval(ratioOf: correct, to: total) : nil
        macroF1Interval =
            intervalUnavailable == nil
            ? SpeakerClusters(clips: clips).macroF1Interval(labelCount: labelCount, bootstrap: bootstrap)
            : nil
        replicateCount = bootstrap.replicateCount
        seed = bootstrap.seed
    }
}

/// The accuracy for one speaker.
package struct SpeakerAccuracy: Codable, Hashable, Sendable {
    /// Who speaks.
    package let speaker: String

    /// The share of this speaker's clips that are right.
    package let accuracy: Proportion
}
