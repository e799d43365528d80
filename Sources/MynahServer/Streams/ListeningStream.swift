import MynahAudio
import MynahBase
import MynahLanguage
package import MynahModel
import MynahRecognition
import NIOCore

/// What a client wants of a stream.
struct ListeningRequest: Sendable {
    /// How its samples are coded.
    var format: SampleFormat

    /// The channel that is heard.
    var channel = ChannelSelection.average

    /// The threshold of all words, and those of single words; those of the model where they are nil.
    var threshold: Float?
    var thresholds: [String: Float]?

    /// Whether each decision is told, too.
    var wantsPosteriors = false

    /// Whether words become intents.
    var wantsIntents = false
}

/// What is told of a stream.
enum ListeningEvent: Sendable {
    case word(EventLine)
    case intent(IntentLine)
    case posteriors(PosteriorLine)

    /// The line that clients get.
    var text: String {
        switch self {
        case .word(let line): lineText(line)
        case .intent(let line): lineText(line)
        case .posteriors(let line): lineText(line)
        }
    }
}

/// A decision of the network: the posteriors of all labels, and when in the sound it was made.
struct PosteriorLine: Encodable, Sendable {
    /// `[C]`, `0 ... 1`.
    let posteriors: [Float]

    /// Seconds of sound.
    let time: Double
}

/// A stream of samples and the recognizer that follows it: the same events at the same times as `mynah listen` tells of a file.
///
/// It is touched by the pieces of one ``WorkLane`` alone, of which one is at work at a time.
final class ListeningStream: @unchecked Sendable {
    let entry: ModelShelf.Entry

    /// The thresholds in force.
    private(set) var detection: DetectionSettings

    private var samples: SampleStream
    private let recognizer: StreamingRecognizer
    private var intents: SpokenIntents?
    private let wantsPosteriors: Bool
    private let metrics: ServerMetrics
    private var block: [Float] = []

    /// So many bytes are turned into samples at a time: each stream keeps the memory for as many.
    private static let pieceByteCount = 2_048

    private var heardSampleCount = 0
    private var toldBrokenCount = 0

    /// Seconds of sound that have come.
    var seconds: Double { Double(samples.frameCount) / Double(samples.format.sampleRate) }

    /// Whether the channels so far cancel each other in their mean.
    var channelsCancel: Bool { samples.channelsCancel }

    init(
        _ request: ListeningRequest, entry: ModelShelf.Entry, intents: IntentListening?,
        metrics: ServerMetrics
    ) throws(ServerFault) {
        guard entry.model.canStream else { throw .cannotStream(model: entry.name) }
        self.entry = entry
        self.metrics = metrics
        detection = try Self.settings(
            of: entry, threshold: request.threshold, thresholds: request.thresholds)
        wantsPosteriors = request.wantsPosteriors
        if request.wantsIntents {
            guard let intents else { throw .noIntents }
            self.intents = intents.begin()
        }
        do throws(AudioError) {
            samples = try SampleStream(
                request.format, channel: request.channel, sampleRate: entry.model.sampleRate, name: "stream")
        } catch {
            throw .audio(error)
        }
        do throws(RecognitionError) {
            recognizer = try StreamingRecognizer(
                model: entry.model, detection: detection, verifier: entry.verifier)
        } catch {
            throw .cannotStream(model: entry.name)
        }
    }

    /// The model's settings with the thresholds that were asked for; a word's own one is kept unless it is named, too.
    static func settings(
        of entry: ModelShelf.Entry, threshold: Float?, thresholds: [String: Float]?
    ) throws(ServerFault) -> DetectionSettings {
        var settings = entry.detection
        if let threshold {
            settings.threshold = threshold
            settings.thresholds = [:]
        }
        settings.thresholds.merge(thresholds ?? [:]) { $1 }
        if let fault = settings.fault(labels: entry.model.labels) { throw .badMessage(reason: fault) }
        return settings
    }

    /// Goes on with other thresholds.
    func setThresholds(_ threshold: Float?, of words: [String: Float]?) throws(ServerFault) {
        detection = try Self.settings(of: entry, threshold: threshold, thresholds: words)
        recognizer.setThresholds(detection.threshold, of: detection.thresholds)
    }

    /// Takes the next bytes of samples, cut anywhere.
    func push(_ bytes: ByteBuffer, onEvent: (ListeningEvent) -> Void) throws(ServerFault) {
        let before = seconds
        let start = ContinuousClock.now
        var rest = bytes
        while let piece = rest.readSlice(length: min(rest.readableBytes, Self.pieceByteCount)),
            piece.readableBytes > 0
        {
            block.removeAll(keepingCapacity: true)
            do {
                try piece.withUnsafeReadableBytes { try samples.push($0, appendingTo: &block) }
            } catch let error as AudioError {
                throw .audio(error)
            } catch {
                throw .failed(reason: "\(error)")
            }
            hear(onEvent)
        }
        metrics.broken(samples.brokenSampleCount - toldBrokenCount)
        toldBrokenCount = samples.brokenSampleCount
        metrics.heard(seconds: seconds - before, in: .now - start)
    }

    /// Ends the stream.
    ///
    /// - Throws: ``ServerFault/incompleteFrame(bytes:frameBytes:)`` after all was told.
    func finish(onEvent: (ListeningEvent) -> Void) throws(ServerFault) {
        block.removeAll(keepingCapacity: true)
        samples.finish(appendingTo: &block)
        hear(onEvent)
        recognizer.finish(
            onPosteriors: { time, posteriors in tell(time, posteriors, onEvent) },
            onDetection: { tell($0, onEvent) })
        let end = Double(heardSampleCount) / Double(entry.model.sampleRate)
        tell(intents?.finish(at: end), onEvent)
        guard samples.leftOverByteCount == 0 else {
            throw .incompleteFrame(
                bytes: samples.leftOverByteCount, frameBytes: samples.format.frameByteCount)
        }
    }

    private func hear(_ onEvent: (ListeningEvent) -> Void) {
        let block = block
        recognizer.push(
            block.span,
            onPosteriors: { time, posteriors in tell(time, posteriors, onEvent) },
            onDetection: { tell($0, onEvent) })
        heardSampleCount += block.count
        let time = Double(heardSampleCount) / Double(entry.model.sampleRate)
        tell(intents?.wait(until: time, pendingStart: recognizer.pendingStart), onEvent)
    }

    private func tell(_ time: Double, _ posteriors: Span<Float>, _ onEvent: (ListeningEvent) -> Void) {
        guard wantsPosteriors else { return }
        var values: [Float] = []
        values.reserveCapacity(posteriors.count)
        for index in posteriors.indices { values.append(posteriors[index]) }
        onEvent(.posteriors(PosteriorLine(posteriors: values, time: (time * 1e6).rounded() / 1e6)))
    }

    private func tell(_ heard: SpokenIntents.Heard?, _ onEvent: (ListeningEvent) -> Void) {
        if let heard { onEvent(.intent(IntentLine(heard))) }
    }

    private func tell(_ detection: Detection, _ onEvent: (ListeningEvent) -> Void) {
        metrics.detected(detection.label, model: entry.name)
        let heard = intents?.hear(detection.label, start: detection.start, end: detection.end)
        tell(heard?.before, onEvent)
        onEvent(.word(EventLine(detection)))
        tell(heard?.now, onEvent)
    }
}

/// A model of intents that streams can ask for.
package struct IntentListening: Sendable {
    private let model: IntentModel
    private let pauseSeconds: Double

    /// Serves a model of intents.
    ///
    /// - Parameter pauseSeconds: how long nobody has to speak for a sentence to be over.
    package init(_ model: IntentModel, pauseSeconds: Double) {
        self.model = model
        self.pauseSeconds = pauseSeconds
    }

    /// The words of a new stream.
    func begin() -> SpokenIntents { SpokenIntents(IntentParser(model), pauseSeconds: pauseSeconds) }
}
