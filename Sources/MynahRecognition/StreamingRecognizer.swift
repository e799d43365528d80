import MynahFeatures
public import MynahModel
package import MynahNetwork

/// Follows a stream of sound: posteriors frame by frame, and a detection for each command.
///
/// Samples arrive in chunks of any size; what comes out does not depend on where they were cut. Front end, layers and
/// decoder are those of files and evaluation. Memory does not grow with the stream, a frame takes no lock and allocates
/// nothing, and the state is never reset unless ``reset()`` is called. A recognizer serves one thread; any number of them
/// share a model.
public final class StreamingRecognizer {
    /// The model.
    public let model: CommandModel

    /// When the network speaks.
    package let timing: StreamTiming

    private var extractor: StreamingFeatureExtractor
    private let ear: Ear
    private let verification: SpellingVerifier.Stream?

    /// Prepares to follow a stream.
    ///
    /// - Parameters:
    ///   - model: one whose network and front end need the past only.
    ///   - detection: when a word counts as detected; nil takes the settings of the model or, if it has none, the
    ///     default ones. Traps if it is out of range.
    ///   - verifier: what must find a word spelled in the sound before it counts.
    /// - Throws: ``RecognitionError`` when network or front end need the future, or cannot be built, or the verifier hears another
    ///   sample rate.
    public init(
        model: CommandModel, detection: DetectionSettings? = nil, verifier: SpellingVerifier? = nil
    ) throws(RecognitionError) {
        self.model = model
        timing = StreamTiming(model)
        do {
            extractor = try StreamingFeatureExtractor(model.frontEnd)
        } catch {
            throw .frontEnd(error)
        }
        var verification: SpellingVerifier.Stream?
        if let verifier { verification = try SpellingVerifier.Stream(verifier, model: model, timing: timing) }
        self.verification = verification
        ear = try Ear(
            model, detection: detection ?? model.detection ?? DetectionSettings(), timing: timing,
            verification: verification)
    }

    /// When a word counts as detected.
    public var detection: DetectionSettings { ear.decoder.settings }

    /// Goes on with other thresholds, as `CommandDecoder.setThresholds(_:of:)` does.
    package func setThresholds(_ threshold: Float, of thresholds: [String: Float]) {
        ear.decoder.setThresholds(threshold, of: thresholds)
    }

    /// Decisions of the network so far.
    package var decisionCount: Int { ear.decoder.decisionCount }

    /// When a word began that may be detected soon, in seconds of audio; nil where there is none.
    package var pendingStart: Double? { ear.decoder.pendingStart }

    /// The average of a label over the last decisions, `0 ... 1`, as `CommandDecoder` weighs it against a threshold; within
    /// `onPosteriors` it is that before the decision.
    package func smoothedPosterior(of label: Int) -> Float { ear.decoder.smoothedPosterior(of: label) }

    /// At the last decision, what the network said of the last moments alone, as `CommandDecoder` takes it.
    package var recent: (posteriors: [Float], share: Float) { (ear.recentPosteriors, ear.recentShare) }

    /// `[C]`, whether a word may not be detected at the last decision because it is not verified; empty without a verifier.
    package var withheld: [Bool] { verification?.state.withheld ?? [] }

    /// What each recurrent layer did at the last decision.
    package var activity: [NetworkStream.Activity] { ear.network.activity }

    /// Takes the next samples.
    ///
    /// - Parameters:
    ///   - samples: any number, full scale ±1, at the rate of the model's front end; finite.
    ///   - onPosteriors: called at each decision with its time, in seconds of audio, and the posteriors, `[C]`, which are
    ///     valid during the call only.
    ///   - onDetection: called for each word, as soon as it is sure.
    public func push(
        _ samples: Span<Float>,
        onPosteriors: (_ time: Double, _ posteriors: Span<Float>) -> Void = { _, _ in },
        onDetection: (Detection) -> Void = { _ in }
    ) {
        let ear = ear
        guard let verification else {
            extractor.push(samples) { row in
                ear.hear(row, onPosteriors: onPosteriors, onDetection: onDetection)
            }
            return
        }
        // In pieces, so that no decision is further behind than what is remembered of the sound.
        for start in stride(from: 0, to: samples.count, by: SpellingVerifier.Stream.blockSize) {
            let block = samples.extracting(
                start..<min(start + SpellingVerifier.Stream.blockSize, samples.count))
            verification.hear(block)
            extractor.push(block) { row in
                ear.hear(row, onPosteriors: onPosteriors, onDetection: onDetection)
            }
        }
    }

    /// Ends the stream: hears what the front end has kept back for frames that are complete only now, and resets.
    public func finish(
        onPosteriors: (_ time: Double, _ posteriors: Span<Float>) -> Void = { _, _ in },
        onDetection: (Detection) -> Void = { _ in }
    ) {
        let ear = ear
        extractor.finish { row in
            ear.hear(row, onPosteriors: onPosteriors, onDetection: onDetection)
        }
        ear.reset()
    }

    /// Forgets the stream; the next sample is the first of another.
    public func reset() {
        extractor.reset()
        ear.reset()
    }

    /// The state of a stream at one moment, apart from the recognizer.
    package struct Snapshot: Sendable {
        fileprivate let extractor: StreamingFeatureExtractor.Snapshot
        fileprivate let network: NetworkStream.State
        fileprivate let decoder: CommandDecoder
        fileprivate let verification: SpellingVerifier.Stream.State?
    }

    /// Copies the state of the stream.
    package func snapshot() -> Snapshot {
        Snapshot(
            extractor: extractor.snapshot(), network: ear.network.snapshot(), decoder: ear.decoder,
            verification: verification?.state)
    }

    /// Returns to a moment of this stream, or of another one of the same model; traps for another front end.
    package func restore(_ snapshot: Snapshot) {
        extractor.restore(snapshot.extractor)
        ear.network.restore(snapshot.network)
        ear.decoder = snapshot.decoder
        if let state = snapshot.verification { verification?.state = state }
    }
}

/// From feature rows to detections: all of a recognizer but the extractor, which is at work while this is called.
private final class Ear {
    let network: NetworkStream
    var decoder: CommandDecoder
    private let normalizer: FeatureNormalizer
    private let temperature: Float
    private let timing: StreamTiming
    private let verification: SpellingVerifier.Stream?

    /// `[D]`.
    private var row: [Float]

    /// `[C]`, at the last decision: of all that the network reads, and of the last moments alone.
    private var posteriors: [Float]
    private(set) var recentPosteriors: [Float]
    private(set) var recentShare: Float = 0

    init(
        _ model: CommandModel, detection: DetectionSettings, timing: StreamTiming,
        verification: SpellingVerifier.Stream?
    ) throws(RecognitionError) {
        do {
            network = try NetworkStream(
                model.preparedNetwork,
                windowFrames: model.frontEnd.frameCount(sampleCount: model.clipSampleCount))
        } catch {
            throw .network(error)
        }
        decoder = CommandDecoder(labels: model.labels, settings: detection, timing: timing)
        normalizer = model.normalizer
        temperature = model.temperature
        self.timing = timing
        self.verification = verification
        row = [Float](repeating: 0, count: model.network.inputSize)
        posteriors = [Float](repeating: 0, count: model.labels.count)
        recentPosteriors = posteriors
    }

    func hear(
        _ features: Span<Float>, onPosteriors: (Double, Span<Float>) -> Void,
        onDetection: (Detection) -> Void
    ) {
        normalizer.normalize(features, into: &row)
        // A span cannot be taken of what may change meanwhile: a second reference, which is no copy.
        let row = row
        guard network.step(row.span) else { return }
        network.withLogits { writePosteriors($0, into: &self.posteriors) }
        network.withRecentLogits(decisions: decoder.recentDecisions) { logits, share in
            writePosteriors(logits, into: &self.recentPosteriors)
            recentShare = share
        }
        let time = timing.end(ofDecision: decoder.decisionCount)
        let (posteriors, recent) = (self.posteriors, recentPosteriors)
        verification?.verify(posteriors.span, decision: decoder.decisionCount, end: time)
        onPosteriors(time, posteriors.span)
        let detection = decoder.push(
            posteriors.span, recent: recent.span, recentShare: recentShare,
            withheld: verification?.state.withheld[...] ?? [])
        if let detection { onDetection(detection) }
    }

    /// Logits, `[C]` → posteriors, in memory that is there already, since this happens at every decision.
    private func writePosteriors(_ logits: UnsafeBufferPointer<Float>, into posteriors: inout [Float]) {
        for label in posteriors.indices { posteriors[label] = logits[label] }
        SoftmaxCrossEntropy.applySoftmax(
            to: &posteriors, classCount: posteriors.count, temperature: temperature)
    }

    func reset() {
        network.reset()
        decoder.reset()
        verification?.reset()
    }
}
