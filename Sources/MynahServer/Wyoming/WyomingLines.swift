import MynahBase
import MynahModel
import MynahRecognition

/// What the server says of itself to Home Assistant: a wake model for each word.
struct WyomingInfo: Encodable {
    struct Attribution: Encodable {
        let name: String
        let url: String
    }

    struct Model: Encodable {
        let name: String
        let description: String
        let phrase: String
        let attribution: Attribution
        let languages: [String]
        let installed = true
        let version: String
    }

    struct Program: Encodable {
        let name = "mynah"
        let description = "Mynah, spoken commands"
        let attribution = WyomingInfo.mynah
        let installed = true
        let version = mynahVersion
        let models: [Model]
    }

    static let mynah = Attribution(name: "Mynah", url: "https://github.com/mynah-speech/mynah")

    let wake: [Program]
    let asr: [String] = []
    let tts: [String] = []
    let handle: [String] = []
    let intent: [String] = []
    let mic: [String] = []
    let snd: [String] = []

    init(_ words: [WakeWord]) {
        wake = [
            Program(
                models: words.map { word in
                    Model(
                        name: word.name, description: "\(word.label), by the model \(word.entry.name)",
                        phrase: word.label,
                        attribution: Attribution(
                            name: word.entry.model.provenance.attribution ?? Self.mynah.name,
                            url: Self.mynah.url),
                        // What a model was trained on says nothing of languages.
                        languages: [], version: word.entry.model.provenance.mynahVersion)
                })
        ]
    }
}

/// A word that can be asked for.
struct WakeWord: Sendable {
    /// The label, behind the name of its model and a slash where that is not the usual one.
    let name: String
    let label: String
    let entry: ModelShelf.Entry

    /// The words of all models that can follow a stream.
    static func all(_ shelf: ModelShelf) -> [WakeWord] {
        shelf.all.enumerated().flatMap { index, entry in
            guard entry.model.canStream else { return [WakeWord]() }
            return entry.words.map { label in
                WakeWord(name: index == 0 ? label : "\(entry.name)/\(label)", label: label, entry: entry)
            }
        }
    }
}

/// The data of a detection: what the protocol asks for, and the line of `mynah listen --json`.
struct WyomingDetection: Encodable {
    let name: String

    /// Milliseconds, counted as those of the client's chunks are.
    let timestamp: Int
    let word: String
    let start: Double
    let end: Double
    let confidence: Float

    init(_ line: EventLine, name: String, startMilliseconds: Int) {
        self.name = name
        timestamp = startMilliseconds + Int((line.end * 1_000).rounded())
        word = line.word
        start = line.start
        end = line.end
        confidence = line.confidence
    }
}

/// The data of an error.
struct WyomingFault: Encodable {
    let text: String
    let code: String

    init(_ fault: ServerFault) {
        text = fault.description
        code = fault.code
    }
}

/// The data of an event that needs none.
struct WyomingNothing: Encodable {}

/// The data of the answer to a ping.
struct WyomingPong: Encodable {
    let text: String?
}
