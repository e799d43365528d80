import MynahBase
package import MynahModel

/// When it is safe to stop listening to a clip, because the network is sure before the clip is over.
///
/// A label is safe once it has been the most probable one, with a posterior of at least ``confidence``, at every decision
/// of the network for ``minimumSeconds`` of audio, since a posterior alone may jump for a frame. `_silence_` is never safe:
/// a word may still come. Where nothing becomes safe, the end of the clip decides. The rule is as good as the posteriors
/// are calibrated, so it is given those at the model's temperature, and makes probabilities of them that hold before the
/// end of a clip where the model has an `EarlyCalibration`; a label is then safe as soon as it is sure.
///
/// The idea of leaving a recurrent network early: Tang et al., "Temporal early exits for efficient keyword spotting",
/// ICASSP 2022. A value: a copy is a snapshot. Nothing is allocated per decision.
package struct EarlyDecision: Sendable {
    /// What ``confidence`` may be: from one half on, at most one label can be safe.
    package static let confidences: ClosedRange<Float> = 0.5...1

    /// How long a label has to stay sure unless another time is asked for, in seconds of audio: for one decision where
    /// the posteriors are calibrated for that, else for 0.1 s.
    package static func defaultMinimumSeconds(_ calibration: EarlyCalibration?) -> Double {
        calibration == nil ? 0.1 : 0
    }

    /// The posterior from which on a label is sure.
    package let confidence: Float

    /// How long a label has to stay sure, in seconds of audio.
    package let minimumSeconds: Double

    /// The label that became safe, once one did.
    package private(set) var verdict: Verdict?

    /// `[C]`, the probabilities of the labels after the last decision that was taken, calibrated for it; zeros before the
    /// first one.
    package private(set) var probabilities: [Float]

    /// Decisions taken so far.
    package private(set) var decisionCount = 0

    private let calibration: EarlyCalibration?
    private let unknown: Int?

    /// `[C]`, which labels may be safe before the clip is over.
    private let canEnd: [Bool]
    private let minimumDecisions: Int

    /// The label that has been sure up to now, and for how many decisions.
    private var candidate: (label: Int, count: Int) = (0, 0)

    /// A label that is safe.
    package struct Verdict: Codable, Sendable, Hashable {
        /// Index of the label among those of the model.
        package let label: Int

        /// Its probability at the decision that made it safe, ``EarlyDecision/confidence`` or more.
        package let probability: Float

        /// The decision that made it safe, counted from 0 at the start of the clip; `StreamTiming` has its time.
        package let decision: Int

        /// Wraps a verdict.
        package init(label: Int, probability: Float, decision: Int) {
            self.label = label
            self.probability = probability
            self.decision = decision
        }
    }

    /// Starts before the first decision of a clip.
    ///
    /// - Parameters:
    ///   - labels: `[C]`, what the posteriors are of.
    ///   - confidence: within ``confidences``; traps otherwise.
    ///   - minimumSeconds: 0 or more, a label being sure at one decision at least; nil for that of
    ///     ``defaultMinimumSeconds(_:)``.
    ///   - decisionSeconds: seconds of audio between two decisions, positive.
    ///   - calibration: that of the model.
    package init(
        labels: [String], confidence: Float, minimumSeconds: Double? = nil, decisionSeconds: Double,
        calibration: EarlyCalibration? = nil
    ) {
        let minimumSeconds = minimumSeconds ?? Self.defaultMinimumSeconds(calibration)
        precondition(Self.confidences.contains(confidence), "a confidence of \(confidence)")
        precondition(
            minimumSeconds >= 0 && decisionSeconds > 0,
            "\(minimumSeconds) s of decisions \(decisionSeconds) s apart")
        self.confidence = confidence
        self.minimumSeconds = minimumSeconds
        self.calibration = calibration
        unknown = labels.firstIndex(of: StandardLabel.unknown)
        probabilities = [Float](repeating: 0, count: labels.count)
        canEnd = labels.map { $0 != StandardLabel.silence }
        minimumDecisions = max(1, Int((minimumSeconds / decisionSeconds).rounded()))
    }

    /// Takes the posteriors of the next decision, `[C]`.
    ///
    /// - Returns: ``verdict``: nil until a label is safe, then what became safe first, whatever comes after it.
    package mutating func push(_ posteriors: Span<Float>) -> Verdict? {
        precondition(
            posteriors.count == canEnd.count, "\(posteriors.count) posteriors for \(canEnd.count) labels")
        defer { decisionCount += 1 }
        guard verdict == nil else { return verdict }
        for label in posteriors.indices { probabilities[label] = posteriors[label] }
        calibration?.apply(to: &probabilities, decision: decisionCount, unknown: unknown)
        guard let top = probabilities.indexOfLargest, canEnd[top], probabilities[top] >= confidence else {
            candidate.count = 0
            return nil
        }
        candidate = candidate.label == top ? (top, candidate.count + 1) : (top, 1)
        if candidate.count >= minimumDecisions {
            verdict = Verdict(label: top, probability: probabilities[top], decision: decisionCount)
        }
        return verdict
    }

    /// Forgets the clip; the next decision is the first of another.
    package mutating func reset() {
        candidate.count = 0
        verdict = nil
        decisionCount = 0
        for label in probabilities.indices { probabilities[label] = 0 }
    }
}
