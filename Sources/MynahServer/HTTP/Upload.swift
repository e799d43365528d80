import Glibc
import MynahAudio
import MynahBase
import MynahLanguage
import MynahModel
import MynahRecognition
import NIOCore

/// A body that is being received, in a temporary file without a name, and what is done with it.
///
/// It is touched by the pieces of one ``WorkLane`` alone, of which one is at work at a time.
final class Upload: @unchecked Sendable {
    private var descriptor: Int32 = -1

    /// Bytes so far.
    private(set) var byteCount = 0

    deinit {
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// Adds the next bytes.
    func append(_ bytes: ByteBuffer) throws(ServerFault) {
        if descriptor < 0 {
            let folder = temporaryFolder()
            guard let descriptor = createNamelessFile(in: folder) else {
                throw .failed(reason: "no temporary file in \(folder.printable): \(systemMessage())")
            }
            self.descriptor = descriptor
        }
        let failure = bytes.withUnsafeReadableBytes { writeFully(descriptor, $0) }
        guard failure == 0 else {
            throw .failed(reason: "an upload cannot be kept: \(systemMessage(failure))")
        }
        byteCount += bytes.readableBytes
    }

    /// The file.
    fileprivate func file() throws(ServerFault) -> Int32 {
        guard byteCount > 0 else { throw .noBody }
        return descriptor
    }

    /// The sound, of up to so many seconds, at a rate in Hz.
    func waveform(sampleRate: Int, limitSeconds: Double) throws(ServerFault) -> Waveform {
        let source = AudioSource.descriptor(try file(), name: "upload")
        do throws(AudioError) {
            return try Waveform(
                contentsOf: source, sampleRate: sampleRate, maximumDuration: limitSeconds)
        } catch {
            if case .tooLong = error { throw .soundTooLong(limitSeconds: limitSeconds, hint: "") }
            throw .audio(error)
        }
    }

    /// Recognizes a clip.
    func recognize(_ parameters: RecognitionParameters, _ services: Services) throws(ServerFault) -> Response
    {
        let entry = try services.shelf.entry(parameters.sound.model)
        let source = parameters.sound.source(try file())
        let start = ContinuousClock.now
        do {
            try checkLength(of: source, entry, parameters, limit: services.limits.clipSeconds)
            let recognition: Recognition
            var isEarly: Bool?
            if let early = parameters.early {
                guard entry.model.canStream else { throw ServerFault.cannotStream(model: entry.name) }
                let result = try EarlyRecognizer(model: entry.model, confidence: early)
                    .recognize(source, channel: parameters.sound.channel)
                (recognition, isEarly) = (result.recognition, result.safeLabel != nil)
            } else {
                // A second opinion needs to know how words are spelled; those that were not taught with it are named without.
                let verifier = entry.model.spellings == nil ? nil : entry.verifier
                recognition = try Recognizer(model: entry.model, verifier: verifier)
                    .recognize(source, channel: parameters.sound.channel)
            }
            return .json(
                RecognitionLine(
                    recognition, of: "-", top: parameters.top,
                    seconds: (ContinuousClock.now - start) / .seconds(1), isEarly: isEarly))
        } catch {
            throw ServerFault(error)
        }
    }

    /// Refuses a clip that is too long before the network hears it: a compressed one of silence may last for days.
    private func checkLength(
        of source: AudioSource, _ entry: ModelShelf.Entry, _ parameters: RecognitionParameters, limit: Double
    ) throws {
        var reader = try AudioReader(source, channel: parameters.sound.channel)
        let sampleLimit = Int(limit * Double(reader.sampleRate))
        var block: [Float] = []
        while reader.position <= sampleLimit {
            block.removeAll(keepingCapacity: true)
            if try reader.read(1 << 14, appendingTo: &block) == 0 { return }
        }
        throw ServerFault.soundTooLong(limitSeconds: limit, hint: "/v1/detect takes recordings")
    }
}

/// A recording in which words are looked for, block by block.
final class Detecting: @unchecked Sendable {
    private let upload: Upload
    private var sound: AudioStream
    private let recognizer: StreamingRecognizer
    private let services: Services
    private let entry: ModelShelf.Entry
    private var intents: SpokenIntents?
    private var block: [Float] = []
    private var lines: [String] = []
    private var sampleCount = 0
    private let writesLines: Bool

    /// Opens what an upload holds.
    ///
    /// - Parameter writesLines: whether the answer has a line for each event, as `mynah listen --json` does.
    init(
        _ upload: Upload, _ parameters: DetectionParameters, _ services: Services, writesLines: Bool
    ) throws(ServerFault) {
        self.upload = upload
        self.services = services
        self.writesLines = writesLines
        entry = try services.shelf.entry(parameters.sound.model)
        guard entry.model.canStream else { throw .cannotStream(model: entry.name) }
        if parameters.wantsIntents {
            guard let listening = services.intents else { throw .noIntents }
            intents = listening.begin()
        }
        let source = parameters.sound.source(try upload.file())
        do {
            let settings = try ListeningStream.settings(
                of: entry, threshold: parameters.threshold,
                thresholds: parameters.thresholds.isEmpty ? nil : parameters.thresholds)
            recognizer = try StreamingRecognizer(
                model: entry.model, detection: settings, verifier: entry.verifier)
            sound = try AudioStream(
                source, sampleRate: entry.model.sampleRate, channel: parameters.sound.channel)
        } catch {
            throw ServerFault(error)
        }
    }

    /// Hears the next block.
    ///
    /// - Returns: the answer, at the end.
    func goOn() throws(ServerFault) -> Response? {
        let goesOn: Bool
        let start = ContinuousClock.now
        do throws(AudioError) {
            goesOn = try sound.read(into: &block)
        } catch {
            throw .audio(error)
        }
        let limit = services.limits.recordingSeconds
        guard sound.duration <= limit else { throw .soundTooLong(limitSeconds: limit, hint: "") }
        let rate = Double(entry.model.sampleRate)
        sampleCount += block.count
        if goesOn {
            let block = block
            recognizer.push(block.span, onDetection: tell)
            tell(
                intents?.wait(
                    until: Double(sampleCount) / rate, pendingStart: recognizer.pendingStart))
            services.metrics.heard(seconds: Double(block.count) / rate, in: .now - start)
            return nil
        }
        recognizer.finish(onDetection: tell)
        tell(intents?.finish(at: Double(sampleCount) / rate))
        if writesLines { return .lines(lines) }
        let events = lines.joined(separator: ",")
        let seconds = lineText((sound.duration * 1e6).rounded() / 1e6)
        return Response(
            type: "application/json",
            body: ByteBuffer(
                string: "{\"events\":[\(events)],\"model\":\"\(entry.name)\",\"seconds\":\(seconds)}\n"))
    }

    private func tell(_ detection: Detection) {
        services.metrics.detected(detection.label, model: entry.name)
        let heard = intents?.hear(detection.label, start: detection.start, end: detection.end)
        tell(heard?.before)
        lines.append(lineText(EventLine(detection)))
        tell(heard?.now)
    }

    private func tell(_ heard: SpokenIntents.Heard?) {
        if let heard { lines.append(lineText(IntentLine(heard))) }
    }
}

extension ServerFault {
    /// Takes over what went wrong with a sound.
    init(_ error: any Error) {
        switch error {
        case let fault as ServerFault: self = fault
        case let error as AudioError: self = .audio(error)
        case RecognitionError.audio(let error): self = .audio(error)
        default: self = .failed(reason: "\(error)")
        }
    }
}
