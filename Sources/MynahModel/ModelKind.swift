internal import MynahBase

/// What a model has learnt to say of a sound, or of words.
package enum ModelKind: String, CaseIterable, Sendable {
    /// Which of some words it is: ``CommandModel``.
    case commands

    /// What is said, letter by letter: ``SpeechModel``.
    case speech

    /// What a sentence asks for, word by word: ``IntentModel``.
    case intents

    /// For people: what such a model does.
    package var sentence: String {
        switch self {
        case .commands: "a model of commands, which names single words"
        case .speech: "a speech model, which spells sentences"
        case .intents: "a model of intents, which reads words"
        }
    }

    /// The same of a kind that need not be known.
    static func sentence(of name: String) -> String {
        ModelKind(rawValue: name)?.sentence ?? "a model of the kind \(name.quoted)"
    }

    /// The kind of the model file at `path`, by its header alone; nil where that is no model of a known kind, or cannot be
    /// read.
    package init?(ofFileAt path: String) {
        guard let reader = try? SafetensorsReader(opening: path) else { return nil }
        self.init(metadata: reader.header.metadata)
    }

    /// Whether the file at `path` is a model that Mynah has written, of whatever kind and version; its header alone is read.
    package static func isModel(at path: String) -> Bool {
        guard let reader = try? SafetensorsReader(opening: path) else { return false }
        return MetadataKey.nameModel(reader.header.metadata)
    }

    /// The kind that the texts of a file name; nil where they are not those of a model, or of an unknown kind.
    init?(metadata: [String: String]) {
        guard MetadataKey.nameModel(metadata) else { return nil }
        // Models of commands do not say so: there were no others.
        self.init(rawValue: metadata[MetadataKey.kind] ?? ModelKind.commands.rawValue)
    }
}

/// The metadata texts of a model file.
enum MetadataKey {
    static let format = "format"
    static let version = "version"
    static let kind = "kind"
    static let description = "description"

    static let formatName = "mynah"
    static let versionName = "1"

    /// Whether the texts of a file say that it is a model of Mynah, of whatever kind and version.
    static func nameModel(_ metadata: [String: String]) -> Bool { metadata[format] == formatName }
}
