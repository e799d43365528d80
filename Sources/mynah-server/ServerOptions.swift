public import ArgumentParser
import Glibc
import Logging
import MynahBase
public import MynahModel
import MynahRecognition
import MynahServer

/// Where a server listens.
struct AddressOptions: ParsableArguments {
    @Option(help: "The address for HTTP and WebSocket.")
    var host = "127.0.0.1"

    @Option(help: "Its port; 0 takes a free one, and prints it.")
    var port: UInt16 = 8_380

    @Option(help: "The address for Wyoming.")
    var wyomingHost = "127.0.0.1"

    @Option(
        help: ArgumentHelp(
            "Its port; 0 takes a free one, and none does without Wyoming.", valueName: "port|none"))
    var wyomingPort = "10400"

    func validate() throws {
        if wyomingPort != "none", UInt16(wyomingPort) == nil {
            throw ValidationError(
                "--wyoming-port is '\(wyomingPort.printable)', expected 0 to 65535, or none")
        }
    }

    /// Sockets of a service manager go by their names, `http` and `wyoming`, or by their order.
    func set(_ configuration: inout ServerConfiguration, sockets: [(descriptor: Int32, name: String)]) {
        configuration.host = host
        configuration.port = Int(port)
        configuration.wyomingHost = wyomingHost
        configuration.wyomingPort = Int(wyomingPort)
        guard !sockets.isEmpty else { return }
        func socket(_ name: String, at index: Int) -> Int32? {
            let named = sockets.first { $0.name == name || $0.name.hasSuffix("-\(name).socket") }
            if let named { return named.descriptor }
            let isNamed = sockets.contains { ["http", "wyoming"].contains($0.name) }
            return !isNamed && index < sockets.count ? sockets[index].descriptor : nil
        }
        configuration.httpSocket = socket("http", at: 0)
        configuration.wyomingSocket = socket("wyoming", at: 1)
        if configuration.wyomingSocket == nil { configuration.wyomingPort = nil }
    }
}

/// Who is served.
struct AccessOptions: ParsableArguments {
    @Option(
        help: "What clients have to know; others see it in the list of processes, unlike --token-file.")
    var token: String?

    @Option(help: "A file with the token.")
    var tokenFile: String?

    @Flag(help: "Serve others than this machine although nothing keeps anybody out.")
    var insecure = false

    @Option(help: "A name of this server, beside its addresses and the name of the machine.")
    var allowedHost: [String] = []

    @Option(help: "A site whose pages may use the server, such as https://example.org.")
    var allowedOrigin: [String] = []

    func validate() throws {
        if token != nil, tokenFile != nil {
            throw ValidationError("--token and --token-file are two tokens, expected one")
        }
        if let token, let fault = AccessRules.fault(ofToken: token) {
            throw ValidationError("--token: \(fault)")
        }
    }

    func set(_ configuration: inout ServerConfiguration) throws {
        configuration.access = AccessRules(
            token: try readToken(), allowedHosts: allowedHost, allowedOrigins: allowedOrigin)
        configuration.isInsecure = insecure
    }

    private func readToken() throws -> String? {
        guard let tokenFile else { return token }
        let file = try RegularFile(opening: tokenFile)
        let limit = 1_024
        guard file.byteCount <= limit else { throw FileError.tooLarge(path: tokenFile, limitBytes: limit) }
        let bytes = try file.bytes(at: 0, count: limit)
        let text = String(decoding: bytes, as: UTF8.self)
        let token = String(text.prefix { !$0.isNewline })
        if let fault = AccessRules.fault(ofToken: token) {
            throw FileError.unreadable(path: tokenFile, reason: fault)
        }
        return token
    }
}

/// What is served.
struct ServedModelOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "A model file, and how it is called; the first one is what is meant where no name is given. Without it, the model built into mynah.",
            valueName: "name=file|file"))
    var model: [String] = []

    @Flag(
        help:
            "Let clients teach words to the models, and forget them. This changes the files, and recordings are kept beside them, as mynah teach does; a file that is not there begins without words."
    )
    var teach = false

    @Option(
        help: ArgumentHelp(
            "Which thresholds of the models: lax, usual or strict.",
            discussion: "Lax ones hear more words and more for nothing, strict ones less of both."))
    var strictness = Strictness.usual

    @Option(
        help: ArgumentHelp(
            "Detect only words that this speech model finds spelled in the sound, too.",
            discussion:
                "For English words, and for any that were taught with it; one that the letters of the model cannot spell is detected as without it."
        ))
    var verifier: String?

    @Option(help: "A model of intents, as mynah intent train makes it, for streams that ask for intents.")
    var intents: String?

    @Option(
        parsing: .unconditional, help: "Seconds without a word after which a sentence is over, 0.1 to 60.")
    var pause = 1.0

    func validate() throws {
        guard !teach || !model.isEmpty else {
            throw ValidationError("--teach needs --model FILE: the built-in model stays as it is")
        }
        guard (0.1...60).contains(pause) else {
            throw ValidationError("--pause is \(pause), expected 0.1 to 60")
        }
        let names = try sources().map(\.name)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw ValidationError("two models are called \(twice); name them: --model NAME=FILE")
        }
    }

    private func sources() throws -> [ModelShelf.Source] {
        guard !model.isEmpty else { return [.init(name: "commands", path: nil)] }
        return try model.map { text in
            if let sign = text.firstIndex(of: "="), ModelShelf.Source.isUsable(String(text[..<sign])) {
                return .init(name: String(text[..<sign]), path: String(text[text.index(after: sign)...]))
            }
            let file = text.split(separator: "/").last.map(String.init) ?? ""
            let name = file.hasSuffix(".safetensors") ? String(file.dropLast(12)) : file
            guard ModelShelf.Source.isUsable(name) else {
                throw ValidationError(
                    "'\(text.printable)' gives no name for addresses; name it: --model NAME=FILE")
            }
            return .init(name: name, path: text)
        }
    }

    func loadShelf() throws -> ModelShelf {
        try ModelShelf(
            try sources(), canTeach: teach, strictness: strictness,
            verifier: try verifier.map { path throws(ModelError) in try SpellingVerifier(contentsOf: path) })
    }

    func loadIntents() throws -> IntentListening? {
        try intents.map { IntentListening(try IntentModel(contentsOf: $0), pauseSeconds: pause) }
    }
}

extension Strictness: ExpressibleByArgument {}

/// What clients may ask for.
struct LimitOptions: ParsableArguments {
    @Option(help: "Connections at the same time.")
    var maxConnections = ServerLimits().connections

    @Option(help: "Streams at the same time.")
    var maxStreams = ServerLimits().streams

    @Option(help: "Streams of one address.")
    var maxStreamsPerClient = ServerLimits().streamsPerClient

    @Option(help: "Megabytes of an upload.")
    var maxUpload = ServerLimits().uploadBytes >> 20

    @Option(help: "Seconds of a clip that is recognized.")
    var maxClipSeconds = ServerLimits().clipSeconds

    @Option(help: "Seconds of a recording in which words are looked for.")
    var maxSeconds = ServerLimits().recordingSeconds

    func validate() throws {
        for (name, value, range) in [
            ("--max-connections", maxConnections, 1...1_000_000),
            ("--max-streams", maxStreams, 1...1_000_000),
            ("--max-streams-per-client", maxStreamsPerClient, 1...1_000_000),
            ("--max-upload", maxUpload, 1...4_096),
        ] where !range.contains(value) {
            throw ValidationError("\(name) is \(value), expected \(range.lowerBound) to \(range.upperBound)")
        }
        for (name, value) in [("--max-clip-seconds", maxClipSeconds), ("--max-seconds", maxSeconds)]
        where !(1...1e7).contains(value) {
            throw ValidationError("\(name) is \(value), expected 1 to 10000000")
        }
    }

    func set(_ configuration: inout ServerConfiguration) {
        configuration.limits.connections = min(maxConnections, OpenFiles.raiseLimit())
        configuration.limits.streams = maxStreams
        configuration.limits.streamsPerClient = maxStreamsPerClient
        configuration.limits.uploadBytes = maxUpload << 20
        configuration.limits.clipSeconds = maxClipSeconds
        configuration.limits.recordingSeconds = maxSeconds
    }
}

/// What is told of the server itself, on standard error.
struct LogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("How log lines look.", valueName: "text|json"),
        transform: { try Self.choice($0, of: LineLogHandler.Form.allCases) })
    var log = LineLogHandler.Form.text

    @Option(
        help: ArgumentHelp("The least that is logged.", valueName: "debug|info|notice|warning|error"),
        transform: { try Self.choice($0, of: Logger.Level.allCases) })
    var logLevel = Logger.Level.info

    private static func choice<Value: RawRepresentable<String>>(
        _ text: String, of values: [Value]
    ) throws -> Value {
        guard let value = Value(rawValue: text) else {
            let known = values.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no '\(text.printable)', expected one of \(known)")
        }
        return value
    }

    func makeLogger() -> Logger {
        Logger(label: "mynah") { [log, logLevel] _ in LineLogHandler(log, level: logLevel) }
    }
}
