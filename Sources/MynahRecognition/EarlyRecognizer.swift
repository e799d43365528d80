public import MynahAudio
import MynahFeatures
public import MynahModel

/// Names the command in a clip as soon as that is safe, and hears no more of it than that takes.
///
/// The clip is followed as a stream from a clean state. Where no label becomes safe, the end decides. As in
/// ``Recognizer``, a clip that is shorter than the model's window is followed by silence, and in a longer one the moment
/// at which the network is surest of a command counts.
///
/// A recognizer serves one thread; any number of them share a model.
public final class EarlyRecognizer {
    /// What was heard, and how much of the clip that took.
    public struct Result: Sendable, Equatable {
        /// The probabilities at the moment of decision; its duration is what was heard.
        public let recognition: Recognition

        /// The label that became safe; nil where the end of the clip decided.
        public let safeLabel: String?
    }

    /// The rule that says what is safe.
    package private(set) var decision: EarlyDecision

    private let recognizer: StreamingRecognizer
    private var model: CommandModel { recognizer.model }

    /// Prepares to recognize with a model.
    ///
    /// - Parameters:
    ///   - model: one whose network and front end need the past only.
    ///   - confidence: the posterior from which on a label is sure, `0.5 ... 1`; traps otherwise.
    /// - Throws: ``RecognitionError`` when network or front end need the future, or cannot be built.
    public init(model: CommandModel, confidence: Float = 0.95) throws(RecognitionError) {
        recognizer = try StreamingRecognizer(model: model)
        decision = EarlyDecision(
            labels: model.labels, confidence: confidence,
            decisionSeconds: recognizer.timing.decisionSeconds, calibration: model.earlyCalibration)
    }

    /// Recognizes a file or standard input; any sample rate is converted to the model's.
    ///
    /// - Throws: ``RecognitionError/audio(_:)`` when the sound cannot be read as far as it is heard.
    public func recognize(
        _ source: AudioSource, channel: ChannelSelection = .average
    ) throws(RecognitionError) -> Result {
        decision.reset()
        recognizer.reset()
        do {
            var stream = try AudioStream(source, sampleRate: model.frontEnd.sampleRate, channel: channel)
            var heard = Progress(model)
            var block: [Float] = []
            while try stream.read(into: &block) {
                if hear(block, &heard) { return result(heard) }
            }
            let missing = model.clipSampleCount - heard.sampleCount
            if missing > 0, hear([Float](repeating: 0, count: missing), &heard) { return result(heard) }
            // What the front end has kept back for frames that are complete only now.
            recognizer.finish(onPosteriors: { _, posteriors in decide(posteriors) })
            heard.considerLast(decision)
            return result(heard)
        } catch {
            throw .audio(error)
        }
    }

    /// Hears samples until a label is safe.
    ///
    /// - Returns: whether one is.
    private func hear(_ samples: [Float], _ heard: inout Progress) -> Bool {
        // In steps of a frame, so that nothing is heard after the decision.
        let step = model.frontEnd.framing.frameShiftSamples
        for start in stride(from: 0, to: samples.count, by: step) {
            let chunk = start..<min(samples.count, start + step)
            recognizer.push(
                samples.span.extracting(chunk), onPosteriors: { _, posteriors in decide(posteriors) })
            heard.add(chunk.count, decision)
            if decision.verdict != nil { return true }
        }
        return false
    }

    /// Takes the posteriors of the next decision, `[C]`.
    private func decide(_ posteriors: Span<Float>) { _ = decision.push(posteriors) }

    private func result(_ heard: Progress) -> Result {
        let duration = Double(heard.sampleCount) / Double(model.frontEnd.sampleRate)
        let safe = decision.verdict
        return Result(
            recognition: Recognition(
                labels: model.labels,
                posteriors: (safe == nil ? heard.best.posteriors : nil) ?? decision.probabilities,
                windowStart: 0, duration: duration),
            safeLabel: safe.map { model.labels[$0.label] })
    }

    /// How much has been heard, and what counts of what the network has said so far.
    private struct Progress {
        private let model: CommandModel
        private(set) var sampleCount = 0
        private(set) var best: SurestAnswer
        private var nextLook: Int

        init(_ model: CommandModel) {
            self.model = model
            nextLook = model.clipSampleCount
            best = SurestAnswer(labels: model.labels)
        }

        /// Takes what the next samples have brought.
        mutating func add(_ count: Int, _ decision: EarlyDecision) {
            sampleCount += count
            guard sampleCount > nextLook else { return }
            considerLast(decision)
            nextLook += max(1, model.clipSampleCount / 4)
        }

        /// Keeps the probabilities of the last decision if the network is surer of a command than before.
        mutating func considerLast(_ decision: EarlyDecision) {
            if decision.decisionCount > 0 { best.consider(decision.probabilities) }
        }
    }
}
