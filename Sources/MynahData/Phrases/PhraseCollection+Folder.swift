import MynahBase
import MynahModel

extension PhraseCollection {
    /// Reads the phrases at a path, in one of three layouts.
    ///
    /// - a folder with a text file for each intent, one phrase a line (``TemplateParser``); lists of values lie in `lists`, and
    ///   what is kept for the last trial in `testing`. A line that begins with `#` is a comment;
    /// - Rasa's training data: a file `.yml` or `.yaml`, or a folder of some;
    /// - the JSON of the SNIPS benchmark: a folder with `train_<intent>…json` and `validate_<intent>.json`, which are for the
    ///   last trial, or one such file.
    ///
    /// - Throws: ``DataError/badPhrases(file:line:reason:)``, and what goes wrong with folders.
    package init(reading path: String) throws(DataError) {
        self.init(path: path)
        if FileStatus(of: path)?.kind == .folder {
            try readFolder(path)
        } else {
            try read(file: path, isForTesting: false)
        }
        guard !lines.isEmpty else {
            throw .badPhrases(
                file: path, line: nil,
                reason:
                    "there are no phrases, expected a text file for each intent, Rasa's YAML, or the JSON of SNIPS"
            )
        }
    }

    private mutating func readFolder(_ folder: String) throws(DataError) {
        let listing = try FolderListing(of: folder)
        if listing.folders.contains(where: { $0.name == "lists" }) {
            let lists = folder.pathOf("lists")
            for file in try FolderListing(of: lists).files where file.name.hasSuffix(".txt") {
                try addList(
                    String(file.name.dropLast(4)), lines: Self.textLines(lists.pathOf(file.name)).lines,
                    file: lists.pathOf(file.name))
            }
        }
        for file in listing.files { try read(file: folder.pathOf(file.name), isForTesting: false) }
        if listing.folders.contains(where: { $0.name == "testing" }) {
            let testing = folder.pathOf("testing")
            for file in try FolderListing(of: testing).files {
                try read(file: testing.pathOf(file.name), isForTesting: true)
            }
        }
    }

    /// Reads a file by the end of its name; others are passed over.
    private mutating func read(file path: String, isForTesting: Bool) throws(DataError) {
        let name = String(path.pathName)
        if name.hasSuffix(".txt") {
            try read(text: path, intent: String(name.dropLast(4)), isForTesting: isForTesting)
        } else if name.hasSuffix(".yml") || name.hasSuffix(".yaml") {
            try readRasa(path, isForTesting: isForTesting)
        } else if name.hasSuffix(".json") {
            try readSnips(path, isForTesting: isForTesting || name.hasPrefix("validate"))
        } else if FileStatus(of: path)?.kind != .regular {
            throw .badPhrases(file: path, line: nil, reason: "no such file or folder")
        }
    }

    private mutating func read(text path: String, intent: String, isForTesting: Bool) throws(DataError) {
        guard IntentModel.canName(intent: intent) else {
            throw .badPhrases(
                file: path, line: nil, reason: "\(intent.quoted) cannot be the name of an intent")
        }
        var isEmpty = true
        for line in try Self.textLines(path).lines {
            let text = line.text.trimmingBlanks
            guard !text.isEmpty, text.first != "#" else { continue }
            isEmpty = false
            try add(
                String(text), intent: intent, file: path, number: line.number, isForTesting: isForTesting,
                isTemplate: true)
        }
        guard !isEmpty else {
            throw .badPhrases(
                file: path, line: nil,
                reason: "the intent \(intent.quoted) has no phrase, expected one a line")
        }
    }

    /// The lines of a text file.
    static func textLines(_ path: String) throws(DataError) -> TextLines {
        do throws(TextFault) {
            return try TextLines(contentsOf: path, limitBytes: fileLimitBytes)
        } catch {
            throw .badPhrases(file: path, line: nil, reason: error.description)
        }
    }
}
