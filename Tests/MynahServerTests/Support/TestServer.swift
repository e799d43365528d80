import Logging
import MynahAudio
import MynahBase
import MynahModel
import MynahRecognition
import Synchronization
import Testing

@testable import MynahServer

/// A server of the test's own, at ports that were free, which ends with the test.
final class TestServer: Sendable {
    let server: Server
    let addresses: Server.Addresses
    let registry: MetricsRegistry
    let log = Log()

    /// Lines that the server logs.
    final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var text: String { lines.withLock { $0.joined() } }
    }

    private let hasEnded = Mutex(false)

    init(
        limits: ServerLimits = ServerLimits(), access: AccessRules = AccessRules(),
        models: [ModelShelf.Source] = [.init(name: "commands", path: nil)], canTeach: Bool = false,
        strictness: Strictness = .usual, verifier: SpellingVerifier? = nil, intents: IntentListening? = nil
    ) throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.wyomingPort = 0
        configuration.limits = limits
        configuration.access = access
        registry = MetricsRegistry()
        let log = log
        server = Server(
            configuration,
            shelf: try ModelShelf(models, canTeach: canTeach, strictness: strictness, verifier: verifier),
            intents: intents, registry: registry,
            logger: Logger(label: "test") { _ in
                LineLogHandler(.json, level: .debug, write: { log.add($0) })
            })
        addresses = try server.start()
    }

    deinit { stop() }

    /// Ends the server, once.
    func stop() {
        let isFirst = hasEnded.withLock { hasEnded in
            defer { hasEnded = true }
            return !hasEnded
        }
        if isFirst { server.stop() }
    }

    func http() throws -> Wire { try Wire(port: addresses.httpPort) }
    func wyoming() throws -> WyomingWire { WyomingWire(try Wire(port: try #require(addresses.wyomingPort))) }

    /// A WebSocket that has begun.
    func webSocket(
        path: String = "/v1/listen", fields: [String] = []
    ) throws -> WebSocketWire {
        try WebSocketWire(try http(), path: path, fields: fields)
    }

    /// The value of a series of `/metrics`.
    func metric(_ series: String) -> Double? {
        registry.text.split(separator: "\n").first { $0.hasPrefix(series + " ") }
            .flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    /// Waits until a series has a value.
    func waitUntil(_ series: String, is value: Double) -> Bool {
        for _ in 0..<1_000 {
            if metric(series) == value { return true }
            pause(milliseconds: 5)
        }
        return false
    }
}

/// Speech that is made of the audio samples, and what is heard in it.
enum Talk {
    /// The root of the sources.
    static let sources = "\(#filePath)".split(separator: "/").dropLast(4).map { "/\($0)" }.joined()

    static func sample(_ name: String) -> String { "\(sources)/audio-samples/\(name)" }

    /// Samples of a file, at a rate.
    static func samples(_ name: String, sampleRate: Int = 16_000) throws -> [Float] {
        try Waveform(
            contentsOf: .file(path: sample(name)), sampleRate: sampleRate, maximumDuration: 60
        ).samples
    }

    /// Four words, half a second of silence behind each, at any rate.
    static func samples(sampleRate: Int = 16_000) throws -> [Float] {
        try ["yes-flite-rms.wav", "stop-pico-gb.wav", "left-flite-rms.wav", "go-flite-slt.wav"].flatMap {
            try samples($0, sampleRate: sampleRate) + [Float](repeating: 0, count: sampleRate / 2)
        }
    }

    /// The lines that `mynah listen --json` prints of a sound in a file.
    static func lines(
        _ bytes: [UInt8], settings: DetectionSettings? = nil, model: CommandModel? = nil,
        verifier: SpellingVerifier? = nil
    ) throws -> [String] {
        let file = try MemoryFile(bytes)
        let model = try model ?? .builtIn()
        let recognizer = try StreamingRecognizer(model: model, detection: settings, verifier: verifier)
        var stream = try AudioStream(file.source, sampleRate: model.sampleRate)
        var block: [Float] = []
        var lines: [String] = []
        let tell = { (detection: Detection) in lines.append(lineText(EventLine(detection))) }
        while try stream.read(into: &block) { recognizer.push(block.span, onDetection: tell) }
        recognizer.finish(onDetection: tell)
        return lines
    }
}
