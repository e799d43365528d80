import MynahAudio
import MynahBase
import MynahRecognition

/// The target of a request, taken apart: a path and parameters.
struct RequestTarget: Equatable {
    /// Without escapes.
    let path: String

    /// In the order of the target.
    let parameters: [Parameter]

    struct Parameter: Equatable {
        let name: String
        let value: String
    }

    /// Takes apart a target in origin form (RFC 9112, section 3.2.1).
    init(_ text: String) throws(ServerFault) {
        guard text.hasPrefix("/") else {
            throw .protocolError(reason: "the target is \(text.quoted), expected a path")
        }
        let mark = text.utf8.firstIndex(of: UInt8(ascii: "?")) ?? text.endIndex
        path = try Self.decode(text[..<mark].utf8)
        var parameters: [Parameter] = []
        if mark < text.endIndex {
            for pair in text[text.index(after: mark)...].utf8.split(separator: UInt8(ascii: "&")) {
                let sign = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
                parameters.append(
                    Parameter(
                        name: try Self.decode(pair[..<sign], isForm: true),
                        value: try Self.decode(pair[sign...].dropFirst(), isForm: true)))
            }
        }
        self.parameters = parameters
    }

    /// Replaces escapes (RFC 3986, section 2.1).
    private static func decode(
        _ text: Substring.UTF8View.SubSequence, isForm: Bool = false
    ) throws(ServerFault) -> String {
        var bytes: [UInt8] = []
        var index = text.startIndex
        func digit(_ index: Substring.UTF8View.Index) -> UInt8? {
            index < text.endIndex
                ? UInt8(String(UnicodeScalar(text[index])), radix: 16) : nil
        }
        while index < text.endIndex {
            let byte = text[index]
            index = text.index(after: index)
            guard byte == UInt8(ascii: "%") else {
                bytes.append(isForm && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                continue
            }
            guard let high = digit(index), let low = digit(text.index(after: index)) else {
                throw .protocolError(reason: "an escape in the target is not whole")
            }
            bytes.append(high << 4 | low)
            index = text.index(index, offsetBy: 2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw .protocolError(reason: "the target is no UTF-8")
        }
        return decoded
    }
}

/// Parameters of a request, each of which is asked for by its name.
struct Parameters {
    private var left: [RequestTarget.Parameter]

    init(_ target: RequestTarget) {
        left = target.parameters
    }

    /// All values of a name.
    mutating func values(_ name: String) -> [String] {
        defer { left.removeAll { $0.name == name } }
        return left.filter { $0.name == name }.map(\.value)
    }

    /// The value of a name that may be given once.
    mutating func value(_ name: String) throws(ServerFault) -> String? {
        let values = values(name)
        guard values.count <= 1 else {
            throw .badParameter(name: name, value: values[1], expected: "one value")
        }
        return values.first
    }

    /// A value, read from its text.
    mutating func value<Value>(
        _ name: String, expected: String, _ read: (String) -> Value?
    ) throws(ServerFault) -> Value? {
        guard let text = try value(name) else { return nil }
        guard let value = read(text) else {
            throw .badParameter(name: name, value: text, expected: expected)
        }
        return value
    }

    /// Refuses what nobody asked for.
    func checkNoneLeft() throws(ServerFault) {
        if let first = left.first { throw .unknownParameter(name: first.name) }
    }
}

/// How a sound in an upload is read.
struct SoundParameters: Equatable, Sendable {
    let model: String?

    /// Of samples without a header.
    let rate: Int?
    let channel: ChannelSelection

    init(_ parameters: inout Parameters) throws(ServerFault) {
        model = try parameters.value("model")
        let rates = AudioReader.supportedSampleRates
        rate = try parameters.value(
            "rate", expected: "\(rates.lowerBound) to \(rates.upperBound)"
        ) { Int($0).flatMap { rates.contains($0) ? $0 : nil } }
        let channels = AudioReader.supportedChannelCounts
        channel =
            try parameters.value(
                "channel", expected: "\(channels.lowerBound) to \(channels.upperBound)"
            ) { Int($0).flatMap { channels.contains($0) ? .channel($0) : nil } } ?? .average
    }

    /// The sound in an open file.
    func source(_ descriptor: Int32) -> AudioSource {
        .descriptor(descriptor, name: "upload", rawSampleRate: rate)
    }
}

/// What `POST /v1/recognize` may be told.
struct RecognitionParameters: Equatable, Sendable {
    let sound: SoundParameters

    /// Labels that are named.
    let top: Int

    /// The probability at which the rest of the clip is not heard; nil hears all.
    let early: Float?

    init(_ target: RequestTarget) throws(ServerFault) {
        var parameters = Parameters(target)
        sound = try SoundParameters(&parameters)
        top =
            try parameters.value("top", expected: "1 to 1000") {
                Int($0).flatMap { (1...1_000).contains($0) ? $0 : nil }
            } ?? 1
        early = try parameters.value("early", expected: "0.5 to 1") {
            Float($0).flatMap { EarlyDecision.confidences.contains($0) ? $0 : nil }
        }
        try parameters.checkNoneLeft()
    }
}

/// What `POST /v1/detect` may be told.
struct DetectionParameters: Equatable, Sendable {
    let sound: SoundParameters
    let threshold: Float?
    let thresholds: [String: Float]

    /// Whether words become intents.
    let wantsIntents: Bool

    init(_ target: RequestTarget) throws(ServerFault) {
        var parameters = Parameters(target)
        sound = try SoundParameters(&parameters)
        var threshold: Float?
        var thresholds: [String: Float] = [:]
        for text in parameters.values("threshold") {
            let mark = text.lastIndex(of: "=")
            let word = mark.map { String(text[..<$0]) }
            guard let value = Float(mark.map { text[text.index(after: $0)...] } ?? text[...]), value > 0,
                value <= 1
            else {
                throw .badParameter(
                    name: "threshold", value: text,
                    expected: "a number above 0 and up to 1, or WORD=NUMBER")
            }
            if let word { thresholds[word] = value } else { threshold = value }
        }
        self.threshold = threshold
        self.thresholds = thresholds
        wantsIntents = try parameters.value("intents", expected: "true or false") { Bool($0) } ?? false
        try parameters.checkNoneLeft()
    }
}

/// What `POST /v1/models/{name}/words/{word}` may be told.
struct TeachingParameters: Equatable, Sendable {
    let word: String

    /// Whether the model is learnt anew at once.
    let learns: Bool

    init(_ target: RequestTarget, word: String) throws(ServerFault) {
        self.word = word
        var parameters = Parameters(target)
        learns = try parameters.value("learn", expected: "true or false") { Bool($0) } ?? true
        try parameters.checkNoneLeft()
    }
}
