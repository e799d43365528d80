package import MynahModel
import MynahRecognition
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

        init(_ source: Source) throws(ModelError) {
            name = source.name
            model =
                if let path = source.path { try CommandModel(contentsOf: path) } else {
                    try CommandModel.builtIn()
                }
            hash = model.hash
            words = model.labels.filter(StandardLabel.isWord)
            // Laid out now, and not while the first client waits.
            _ = model.preparedNetwork
        }
    }

    private let sources: [Source]
    private let entries: Mutex<[Entry]>

    /// Reads models; the first one is what is meant where no name is given.
    ///
    /// - Parameter sources: at least one, each name once; traps otherwise.
    package init(_ sources: [Source]) throws(ModelError) {
        precondition(!sources.isEmpty, "a server without models")
        precondition(Set(sources.map(\.name)).count == sources.count, "two models of one name")
        self.sources = sources
        var entries: [Entry] = []
        for source in sources { entries.append(try Entry(source)) }
        self.entries = Mutex(entries)
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
    package func reload() -> [(name: String, outcome: Result<Bool, ModelError>)] {
        sources.enumerated().map { index, source in
            do throws(ModelError) {
                let entry = try Entry(source)
                let isNew = entries.withLock { entries in
                    defer { entries[index] = entry }
                    return entries[index].hash != entry.hash
                }
                return (source.name, .success(isNew))
            } catch {
                return (source.name, .failure(error))
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
        detection = model.detection ?? DetectionSettings()
        attribution = model.provenance.attribution
    }

    enum CodingKeys: String, CodingKey {
        case name, isDefault = "default", sha256, labels, words, sampleRate, clipSeconds, parameters,
            canStream
        case decisionSeconds, detection, attribution
    }
}
