import MynahBase
package import MynahModel
package import MynahRecognition
import MynahTeaching
import Synchronization

/// The models that are served, each under its name.
package final class ModelShelf: Sendable {
    /// Where a model comes from, and what it is called.
    package struct Source: Sendable, Hashable {
        /// In addresses and messages: up to 64 letters, digits and `-._`.
        package let name: String

        /// The file; nil for the model that is built in.
        package let path: String?

        /// Names a model; traps for a name that cannot be used.
        package init(name: String, path: String?) {
            precondition(Self.isUsable(name), "a model called \(name)")
            self.name = name
            self.path = path
        }

        /// Whether a model can be called so.
        package static func isUsable(_ name: String) -> Bool {
            !name.isEmpty && name.utf8.count <= 64
                && name.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                        UInt8(ascii: "_"):
                        true
                    default: false
                    }
                }
        }
    }

    /// A model at work.
    struct Entry: Sendable {
        let name: String
        let model: CommandModel

        /// SHA-256 of the file, as 64 hexadecimal digits.
        let hash: String

        /// The labels that can be detected.
        let words: [String]

        /// When a word counts as said, unless a stream asks for other thresholds.
        let detection: DetectionSettings

        /// The file whose words clients may teach and forget, or why they may not.
        let taughtPath: Result<String, ServerFault>

        /// What must find a word spelled in the sound before it counts.
        let verifier: SpellingVerifier?

        /// How well taught words will be heard, as the last change through this server has found; nil before one.
        var advice: EnrolmentAdvice?

        /// Whether clients may teach it words.
        var canTeach: Bool {
            if case .success = taughtPath { true } else { false }
        }

        /// The words that the verifier cannot look for, if there is one: they count without it.
        var unverifiedWords: [String] { verifier?.unspellable(model) ?? [] }

        /// Reads a model; a file that is not there yet is one without words where clients may teach some.
        ///
        /// - Throws: `ModelError`, or `RecognitionError` where the verifier and the model do not go together.
        init(
            _ source: Source, canTeach: Bool, strictness: Strictness, verifier: SpellingVerifier?
        ) throws {
            name = source.name
            self.verifier = verifier
            if let path = source.path {
                model =
                    canTeach && !fileExists(path)
                    ? try Enrolment.modelWithoutWords() : try CommandModel(contentsOf: path)
            } else {
                model = try CommandModel.builtIn()
            }
            taughtPath =
                canTeach ? TaughtWords.path(of: source, model) : .failure(.teachingOff)
            hash = model.hash
            words = model.labels.filter(StandardLabel.isWord)
            detection = try model.requiredDetection(strictness, name: source.path ?? source.name)
            // Laid out now, and not while the first client waits.
            _ = model.preparedNetwork
            guard verifier != nil else { return }
            if model.canStream { _ = try StreamingRecognizer(model: model, verifier: verifier) }
            if model.spellings != nil { _ = try Recognizer(model: model, verifier: verifier) }
        }
    }

    private let sources: [Source]
    private let canTeach: Bool
    private let strictness: Strictness
    private let verifier: SpellingVerifier?
    private let entries: Mutex<[Entry]>

    /// Held while a file is read and put in its place, so that no older one follows a newer one.
    private let reading = Mutex(())

    /// Reads models; the first one is what is meant where no name is given.
    ///
    /// - Parameters:
    ///   - sources: at least one, each name once; traps otherwise.
    ///   - canTeach: whether clients may teach words to those that are files, which changes the files.
    ///   - strictness: which thresholds of the models are used.
    ///   - verifier: what must find a word spelled in the sound before it counts.
    /// - Throws: `ModelError`, also where a model has no thresholds of that strictness, and `RecognitionError` where the verifier
    ///   and a model do not go together.
    package init(
        _ sources: [Source], canTeach: Bool = false, strictness: Strictness = .usual,
        verifier: SpellingVerifier? = nil
    ) throws {
        precondition(!sources.isEmpty, "a server without models")
        precondition(Set(sources.map(\.name)).count == sources.count, "two models of one name")
        self.sources = sources
        self.canTeach = canTeach
        self.strictness = strictness
        self.verifier = verifier
        entries = Mutex(
            try sources.map {
                try Entry($0, canTeach: canTeach, strictness: strictness, verifier: verifier)
            })
    }

    /// All models, the usual one first.
    var all: [Entry] { entries.withLock { $0 } }

    /// The model of a name; the usual one for nil.
    func entry(_ name: String?) throws(ServerFault) -> Entry {
        let all = all
        guard let name else { return all[0] }
        guard let entry = all.first(where: { $0.name == name }) else {
            throw .unknownModel(name: name, available: all.map(\.name))
        }
        return entry
    }

    /// Reads all models anew.
    ///
    /// Streams that have begun go on with the model that they have; where a file cannot be read, so does
    /// everybody.
    ///
    /// - Returns: for each model its name, and what was wrong with the file or whether it is another model now.
    package func reload() -> [(name: String, outcome: Result<Bool, any Error>)] {
        sources.enumerated().map { index, source in (source.name, Result { try read(index) }) }
    }

    /// Reads a model anew whose words were changed, as ``reload()`` does.
    func reload(_ name: String, advice: EnrolmentAdvice?) throws {
        guard let index = sources.firstIndex(where: { $0.name == name }) else { return }
        _ = try read(index, advice: advice)
    }

    /// Puts what a file holds now in the place of what it held, with what is known of its words.
    ///
    /// - Returns: whether it is another model now.
    private func read(_ index: Int, advice: EnrolmentAdvice? = nil) throws -> Bool {
        try reading.withLock { _ in
            var entry = try Entry(
                sources[index], canTeach: canTeach, strictness: strictness, verifier: verifier)
            entry.advice = advice
            return entries.withLock { entries in
                let isNew = entries[index].hash != entry.hash
                if !isNew, advice == nil { entry.advice = entries[index].advice }
                entries[index] = entry
                return isNew
            }
        }
    }
}

/// A model, as `GET /v1/models` tells of it.
struct ModelLine: Encodable {
    let name: String
    let isDefault: Bool
    let sha256: String
    let labels: [String]
    let words: [String]
    let sampleRate: Int
    let clipSeconds: Double
    let parameters: Int

    /// Whether streams can be followed with it.
    let canStream: Bool

    /// Seconds from one decision to the next; nil where it cannot follow a stream.
    let decisionSeconds: Double?

    /// When a word counts as said.
    let detection: DetectionSettings

    /// Whether clients may teach it words.
    let canTeach: Bool

    /// Licence and origin of what it was trained on; nil if unknown.
    let attribution: String?

    init(_ entry: ModelShelf.Entry, isDefault: Bool) {
        let model = entry.model
        name = entry.name
        self.isDefault = isDefault
        sha256 = entry.hash
        labels = model.labels
        words = entry.words
        sampleRate = model.sampleRate
        clipSeconds = model.clipSeconds
        parameters = model.parameters.count
        canStream = model.canStream
        decisionSeconds = model.canStream ? StreamTiming(model).decisionSeconds : nil
        detection = entry.detection
        canTeach = entry.canTeach
        attribution = model.provenance.attribution
    }

    enum CodingKeys: String, CodingKey {
        case name, isDefault = "default", sha256, labels, words, sampleRate, clipSeconds, parameters,
            canStream
        case decisionSeconds, detection, canTeach, attribution
    }
}
