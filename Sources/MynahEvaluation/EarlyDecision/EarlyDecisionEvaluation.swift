import MynahModel
import MynahNetwork
import MynahRecognition

/// What is lost and what is saved when a clip is heard only until its label is safe, by the rule of `EarlyDecision`.
///
/// Every clip is heard through one window of the model's length, in a clean state at its start. "Whole" is what the
/// network says at the end of that window.
package struct EarlyDecisionEvaluation: Codable, Hashable, Sendable {
    /// The posterior at which a label is sure.
    package let confidence: Double

    /// How long it has to stay so, in seconds.
    package let minimumSeconds: Double

    /// Length of a clip, in seconds.
    package let clipSeconds: Double

    /// What the rule gives at ``confidence``.
    package let result: Result

    /// Accuracy of stopping less that of whole clips, in `-1 ... 1`.
    package let difference: Double

    /// The 95 % bootstrap interval of ``difference``, whole speakers being drawn; nil where no spread can be seen.
    package let differenceInterval: Interval?

    /// The share of clips that are right when whole.
    package let wholeAccuracy: Proportion

    /// What the rule gives at other confidences, in rising order.
    package let confidences: [Result]

    /// What is right if the most probable label is taken after so much of each clip, in rising order of time.
    package let timeHeard: [TimePoint]

    /// When clips of each label are safe, in the order of the model's labels; labels without clips are left out.
    package let labels: [Label]

    /// What stopping early gives at one confidence.
    package struct Result: Codable, Hashable, Sendable {
        /// The posterior at which a label is sure.
        package let confidence: Double

        /// The share of clips that are right.
        package let accuracy: Proportion

        /// The share of clips that were stopped before their end.
        package let stopped: Proportion

        /// The share of the audio that was not heard, `0 ... 1`; a clip that never becomes safe is heard to its end.
        package let savedShare: Double
    }

    /// What is right after a time, the most probable label being taken.
    package struct TimePoint: Codable, Hashable, Sendable {
        /// Seconds of audio since the start of the clip.
        package let seconds: Double

        /// The share of clips that are right.
        package let accuracy: Proportion
    }

    /// When clips of a label are safe at ``EarlyDecisionEvaluation/confidence``.
    package struct Label: Codable, Hashable, Sendable {
        /// The true label.
        package let label: String

        /// The share of its clips that were stopped before their end.
        package let stopped: Proportion

        /// Seconds of audio after which half of the clips were decided; those that never became safe count as a whole.
        package let median: Quantile

        /// Seconds of audio after which 95 % of the clips were decided.
        package let p95: Quantile

        /// The share of its clips that are right when whole.
        package let wholeAccuracy: Proportion

        /// The share of its clips that are right when stopped.
        package let accuracy: Proportion
    }

    /// The confidences that are tried besides the one asked for.
    package static let confidences: [Float] = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995]

    /// Sums up clips.
    ///
    /// - Parameters:
    ///   - clips: what the network said of each clip as it went on; at least one, with decisions at the same times.
    ///   - times: seconds of audio before each decision, `[decisionCount]`, rising.
    ///   - confidence: one of those that the clips were tried with.
    ///   - minimumSeconds: how long a label had to stay sure.
    init(
        _ clips: [UnfoldingClip], labels names: [String], times: [Double], clipSeconds: Double,
        confidence: Float, tried: [Float], minimumSeconds: Double, bootstrap: ClusterBootstrap
    ) throws(EvaluationError) {
        guard let last = times.indices.last,
            let whole = Proportion(count: clips.count { $0.heard[last] == $0.label }, total: clips.count)
        else { throw .noClips }
        self.confidence = Double(confidence)
        self.minimumSeconds = minimumSeconds
        self.clipSeconds = clipSeconds
        wholeAccuracy = whole

        /// When a clip is decided at a confidence, and as what.
        func outcome(_ clip: UnfoldingClip, _ index: Int) -> (label: Int, seconds: Double, isStopped: Bool) {
            guard let verdict = clip.verdicts[index] else { return (clip.atEnd, clipSeconds, false) }
            let seconds = min(times[verdict.decision], clipSeconds)
            return (verdict.label, seconds, verdict.decision < last)
        }
        func stopping(_ index: Int) throws(EvaluationError) -> Result {
            let outcomes = clips.map { outcome($0, index) }
            guard
                let accuracy = Proportion(
                    count: zip(clips, outcomes).count { $0.label == $1.label }, total: clips.count),
                let stopped = Proportion(count: outcomes.count(where: \.isStopped), total: clips.count)
            else { throw .noClips }
            let heard = outcomes.reduce(0) { $0 + $1.seconds }
            return Result(
                confidence: Double(tried[index]), accuracy: accuracy, stopped: stopped,
                savedShare: 1 - heard / (clipSeconds * Double(clips.count)))
        }
        guard let chosen = tried.firstIndex(of: confidence) else {
            preconditionFailure("clips were not tried with a confidence of \(confidence)")
        }
        let atChosen = try stopping(chosen)
        result = atChosen
        var sweep: [Result] = []
        for index in tried.indices { sweep.append(try stopping(index)) }
        confidences = sweep
        difference = Double(atChosen.accuracy.count - whole.count) / Double(clips.count)
        differenceInterval = PairedComparison.interval(
            clips.map { clip in
                (
                    speaker: clip.speaker,
                    change: (outcome(clip, chosen).label == clip.label ? 1 : 0)
                        - (clip.heard[last] == clip.label ? 1 : 0)
                )
            }, bootstrap)
        timeHeard = times.indices.compactMap { time in
            Proportion(count: clips.count { $0.heard[time] == $0.label }, total: clips.count)
                .map { TimePoint(seconds: min(times[time], clipSeconds), accuracy: $0) }
        }
        labels = names.indices.compactMap { label in
            let own = clips.filter { $0.label == label }
            let outcomes = own.map { outcome($0, chosen) }
            let seconds = outcomes.map(\.seconds).sorted()
            guard let stopped = Proportion(count: outcomes.count(where: \.isStopped), total: own.count),
                let accuracy = Proportion(count: outcomes.count { $0.label == label }, total: own.count),
                let wholeAccuracy = Proportion(
                    count: own.count { $0.heard[last] == label }, total: own.count)
            else { return nil }
            return Label(
                label: names[label], stopped: stopped, median: Quantile(0.5, ofSorted: seconds),
                p95: Quantile(0.95, ofSorted: seconds), wholeAccuracy: wholeAccuracy, accuracy: accuracy)
        }
    }
}

/// What a network says of a clip as it unfolds.
struct UnfoldingClip: Codable, Sendable {
    /// Who speaks, if that is known.
    let speaker: String?

    /// The true label.
    let label: Int

    /// The most probable label at each decision.
    let heard: [Int]

    /// What decides at the end where nothing was safe before.
    let atEnd: Int

    /// What was safe first, for each confidence that was tried.
    let verdicts: [EarlyDecision.Verdict?]
}
