import MynahModel

/// When it is safe to stop listening to a clip, because the network is sure before the clip is over.
///
/// A label is safe once it has been the most probable one, with a posterior of at least ``confidence``, at every decision
/// of the network for ``minimumSeconds`` of audio, since a posterior alone may jump for a frame. `_silence_` is never safe:
/// a word may still come. Where nothing becomes safe, the end of the clip decides. The rule is as good as the posteriors
/// are calibrated, so it should be given those at the model's temperature.
///
/// The idea of leaving a recurrent network early: Tang et al., "Temporal early exits for efficient keyword spotting",
/// ICASSP 2022. A value: a copy is a snapshot. Nothing is allocated per decision.
public struct EarlyDecision: Sendable {
    /// What ``confidence`` may be: from one half on, at most one label can be safe.
    public static let confidences: ClosedRange<Float> = 0.5...1

    /// How long a label has to stay sure unless another time is asked for, in seconds of audio.
    public static let defaultMinimumSeconds = 0.1

    /// The posterior from which on a label is sure.
    public let confidence: Float

    /// How long a label has to stay sure, in seconds of audio.
    public let minimumSeconds: Double

    /// The label that became safe, once one did.
    public private(set) var verdict: Verdict?

    /// `[C]`, which labels may be safe before the clip is over.
    private let canEnd: [Bool]
    private let minimumDecisions: Int
    private var decisionCount = 0

    /// The label that has been sure up to now, and for how many decisions.
    private var candidate: (label: Int, count: Int) = (0, 0)

    /// A label that is safe.
    public struct Verdict: Sendable, Hashable {
        /// Index of the label among those of the model.
        public let label: Int

        /// Its posterior at the decision that made it safe, ``EarlyDecision/confidence`` or more.
        public let posterior: Float

        /// The decision that made it safe, counted from 0 at the start of the clip; `StreamTiming` has its time.
        public let decision: Int

        /// Wraps a verdict.
        public init(label: Int, posterior: Float, decision: Int) {
            self.label = label
            self.posterior = posterior
            self.decision = decision
        }
    }

    /// Starts before the first decision of a clip.
    ///
    /// - Parameters:
    ///   - labels: `[C]`, what the posteriors are of.
    ///   - confidence: within ``confidences``; traps otherwise.
    ///   - minimumSeconds: 0 or more; a label is sure at one decision at least.
    ///   - decisionSeconds: seconds of audio between two decisions, positive.
    public init(
        labels: [String], confidence: Float, minimumSeconds: Double = defaultMinimumSeconds,
        decisionSeconds: Double
    ) {
        precondition(Self.confidences.contains(confidence), "a confidence of \(confidence)")
        precondition(
            minimumSeconds >= 0 && decisionSeconds > 0,
            "\(minimumSeconds) s of decisions \(decisionSeconds) s apart")
        self.confidence = confidence
        self.minimumSeconds = minimumSeconds
        canEnd = labels.map { $0 != StandardLabel.silence }
        minimumDecisions = max(1, Int((minimumSeconds / decisionSeconds).rounded()))
    }

    /// Takes the posteriors of the next decision, `[C]`.
    ///
    /// - Returns: ``verdict``: nil until a label is safe, then what became safe first, whatever comes after it.
    public mutating func push(_ posteriors: Span<Float>) -> Verdict? {
        precondition(
            posteriors.count == canEnd.count, "\(posteriors.count) posteriors for \(canEnd.count) labels")
        defer { decisionCount += 1 }
        guard verdict == nil else { return verdict }
        var top = 0
        for label in posteriors.indices where posteriors[label] > posteriors[top] { top = label }
        guard canEnd[top], posteriors[top] >= confidence else {
            candidate.count = 0
            return nil
        }
        candidate = candidate.label == top ? (top, candidate.count + 1) : (top, 1)
        if candidate.count >= minimumDecisions {
            verdict = Verdict(label: top, posterior: posteriors[top], decision: decisionCount)
        }
        return verdict
    }

    /// Forgets the clip; the next decision is the first of another.
    public mutating func reset() {
        candidate.count = 0
        verdict = nil
        decisionCount = 0
    }
}
