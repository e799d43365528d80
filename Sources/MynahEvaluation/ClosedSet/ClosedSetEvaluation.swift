import Glibc

/// How well a model names clips that each hold one of its labels.
///
/// A clip counts as the label with the highest probability; of equally probable labels the lowest index wins.
public struct ClosedSetEvaluation: Codable, Hashable, Sendable {
    /// The share of clips whose true label was heard.
    public let accuracy: Proportion

    /// The mean of the classes' F1, over those where it is defined, in `0 ... 1`.
    public let macroF1: Double

    /// The mean of −ln p of the true label, in nats.
    ///
    /// p is floored at 2⁻²³ (`Float.ulpOfOne`, as scikit-learn does), so that one clip with p = 0 does not make the
    /// mean infinite.
    public let meanLogLoss: Double

    /// Scores per label, `[C]`, in the order of the labels.
    public let classes: [ClassScores]

    /// Which label was heard for which.
    public let confusion: ConfusionMatrix

    /// The pairs of labels confused most often, most frequent first, at most 10.
    public let mostConfused: [ConfusedPair]

    /// Accuracy by speaker, and the interval of the accuracy that takes speakers into account.
    package let speakers: SpeakerEvaluation

    /// Whether the probabilities can be believed.
    package let calibration: Calibration

    /// Wrong clips with the highest probability of the label heard, highest first, at most 10.
    public let confidentlyWrong: [ClipOutcome]

    /// Clips with the lowest probability of the true label, lowest first, at most 10.
    public let leastProbable: [ClipOutcome]

    /// How long the model took.
    package let time: ProcessingTime

    /// Evaluates the clips of one data set.
    ///
    /// - Parameters:
    ///   - labels: The labels of the model, `[C]`, all different.
    ///   - clips: At least one clip; their order only settles ties in the lists of clips.
    ///   - bootstrap: The draws behind the interval over speakers.
    ///   - listLength: The greatest length of each list of clips and pairs.
    /// - Throws: `EvaluationError` when there is no clip, or when posteriors are not probabilities.
    package init(
        labels: [String], clips: [ScoredClip], bootstrap: ClusterBootstrap, listLength: Int = 10
    ) throws(EvaluationError) {
        precondition(Set(labels).count == labels.count, "labels \(labels) are not all different")
        for clip in clips { try clip.validate(labels: labels) }

        confusion = ConfusionMatrix(
            labels: labels, outcomes: clips.lazy.map { (label: $0.label, heard: $0.heard) })
        guard let accuracy = Proportion(count: confusion.correctCount, total: clips.count) else {
            throw .noClips
        }
        self.accuracy = accuracy
        let confusion = confusion
        classes = labels.indices.map { ClassScores(label: $0, in: confusion) }
        let definedF1 = classes.compactMap(\.f1)
        macroF1 = definedF1.reduce(0, +) / Double(definedF1.count)
        mostConfused = confusion.mostConfused(limit: listLength)

        let logLoss = clips.reduce(0.0) { sum, clip in
            sum - log(Double(max(clip.posteriors[clip.label], Float.ulpOfOne)))
        }
        meanLogLoss = logLoss / Double(clips.count)
        calibration = Calibration(
            outcomes: clips.map { (confidence: $0.posteriors[$0.heard], isCorrect: $0.isCorrect) })
        speakers = SpeakerEvaluation(
            clips: clips, labelCount: labels.count, bootstrap: bootstrap)

        let outcomes = clips.map { ClipOutcome($0, labels: labels) }
        confidentlyWrong = Array(
            outcomes.filter { $0.label != $0.heard }.sorted { $0.confidence > $1.confidence }
                .prefix(listLength))
        leastProbable = Array(
            outcomes.sorted { $0.labelProbability < $1.labelProbability }.prefix(listLength))
        time = ProcessingTime(clips: clips, listLength: listLength)
    }
}

/// What the model heard in one clip, for lists of clips worth listening to.
public struct ClipOutcome: Codable, Hashable, Sendable {
    /// Where the clip lies.
    public let path: String

    /// Who speaks, or nil where it is not known.
    public let speaker: String?

    /// The true label.
    public let label: String

    /// The most probable label.
    public let heard: String

    /// The probability of `heard`, in `0 ... 1`.
    public let confidence: Float

    /// The probability of `label`, in `0 ... 1`.
    public let labelProbability: Float

    init(_ clip: ScoredClip, labels: [String]) {
        path = clip.path
        speaker = clip.speaker
        label = labels[clip.label]
        heard = labels[clip.heard]
        confidence = clip.posteriors[clip.heard]
        labelProbability = clip.posteriors[clip.label]
    }
}

/// How long the model took: the only part of an evaluation that differs from run to run.
package struct ProcessingTime: Codable, Hashable, Sendable {
    /// Length of all clips together, in seconds.
    package let audioSeconds: Double

    /// Processor time that all clips took together, in seconds.
    package let processingSeconds: Double

    /// The median processor time of a clip, in seconds.
    package let medianSeconds: Double

    /// Processing time over audio time; nil when there is no audio (RTF).
    package let realTimeFactor: Double?

    /// The clips that took longest, slowest first.
    package let slowest: [ClipTime]

    /// Sums up the times of clips, of which there must be at least one, and lists the `listLength` slowest.
    package init(clips: [ScoredClip], listLength: Int) {
        audioSeconds = clips.reduce(0) { $0 + $1.audioSeconds }
        processingSeconds = clips.reduce(0) { $0 + $1.processingSeconds }
        medianSeconds = Quantile(0.5, ofSorted: clips.map(\.processingSeconds).sorted()).value
        realTimeFactor = audioSeconds > 0 ? processingSeconds / audioSeconds : nil
        slowest = clips.sorted { $0.processingSeconds > $1.processingSeconds }.prefix(listLength).map {
            ClipTime(
                path: $0.path, processingSeconds: $0.processingSeconds, audioSeconds: $0.audioSeconds)
        }
    }
}

/// How long one clip took.
package struct ClipTime: Codable, Hashable, Sendable {
    /// Where the clip lies.
    package let path: String

    /// Processor time that the model took, in seconds.
    package let processingSeconds: Double

    /// Length of the audio, in seconds.
    package let audioSeconds: Double
}
