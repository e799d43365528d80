import MynahBase
import MynahLanguage
package import MynahModel

/// All phrases of a folder, or of a file, by intent.
package struct PhraseCollection: Sendable {
    /// A line of a file: a phrase, or a template for several.
    package struct Line: Hashable, Sendable {
        /// What its phrases ask for.
        package let intent: String

        /// Its phrases.
        package let template: PhraseTemplate

        /// The file, and its line, from 1; or the number of the phrase in a file that has no lines.
        package let file: String
        package let number: Int

        /// Whether it is kept for the last trial, and is never learnt from.
        package let isForTesting: Bool

        /// For messages: `lights.txt:12`.
        package var place: String { "\(file.printable):\(number)" }
    }

    /// Where it was read.
    package let path: String

    /// The lines, in the order of the files.
    package private(set) var lines: [Line] = []

    /// The lists, by name.
    package private(set) var lists: [String: ValueList] = [:]

    /// What each way to say something means, by slot, where that stands nowhere else: Rasa's synonyms belong to all slots.
    package private(set) var synonyms: [Slot.Value] = []

    /// What the user should know, one line each, safe to print.
    package private(set) var notes: [String] = []

    /// The most that is read of a file, in bytes, and of lines in all.
    static let fileLimitBytes = 64 << 20
    static let lineLimit = 2_000_000

    /// The longest line that is read, in bytes.
    private static let lineLimitBytes = 100_000

    /// The most values of a list.
    private static let valueLimit = 100_000

    init(path: String) {
        self.path = path
    }

    /// The intents, sorted; ``StandardLabel/none`` last.
    package var intents: [String] {
        Set(lines.map(\.intent)).sorted { first, second in
            let isNone = (first == StandardLabel.none, second == StandardLabel.none)
            return isNone.0 == isNone.1 ? first < second : isNone.1
        }
    }

    /// Adds a note.
    mutating func note(_ note: String) { notes.append(note) }

    /// Adds synonyms.
    mutating func add(_ value: Slot.Value) { synonyms.append(value) }

    /// Adds a phrase that needs no reading.
    mutating func add(_ phrase: Phrase, intent: String, file: String, number: Int, isForTesting: Bool)
        throws(DataError)
    {
        try add(
            Line(
                intent: intent, template: PhraseTemplate(phrase), file: file, number: number,
                isForTesting: isForTesting))
    }

    private mutating func add(_ line: Line) throws(DataError) {
        guard lines.count < Self.lineLimit else {
            throw .badPhrases(
                file: path, line: nil, reason: "more than \(NumberText.grouped(Self.lineLimit)) phrases")
        }
        lines.append(line)
    }

    /// Adds a phrase as a person writes it.
    mutating func add(
        _ text: String, intent: String, file: String, number: Int, isForTesting: Bool, isTemplate: Bool
    ) throws(DataError) {
        guard text.utf8.count <= Self.lineLimitBytes else {
            throw .badPhrases(
                file: file, line: number,
                reason:
                    "a phrase of \(NumberText.grouped(text.utf8.count)) bytes, expected at most \(NumberText.grouped(Self.lineLimitBytes))"
            )
        }
        let template: PhraseTemplate
        do throws(TemplateParser.Fault) {
            let lists = lists
            template =
                isTemplate
                ? try TemplateParser.template(text) { lists[$0] } : try TemplateParser.phrase(text)
        } catch {
            throw .badPhrases(file: file, line: number, reason: error.reason)
        }
        // All phrases of a template are about as long as its first and last one.
        for index in Set([0, template.count - 1]) {
            let count = TokenizedText(template.phrase(index).text).words.count
            guard count <= IntentModel.maximumWordCount else {
                throw .badPhrases(
                    file: file, line: number,
                    reason:
                        "a phrase of \(NumberText.grouped(count)) words, expected at most \(IntentModel.maximumWordCount)"
                )
            }
        }
        try add(
            Line(intent: intent, template: template, file: file, number: number, isForTesting: isForTesting))
    }

    /// Adds a list of values, one a line: `living room = lounge | sitting room` has two synonyms.
    mutating func addList(_ name: String, lines: [TextLines.Line], file: String) throws(DataError) {
        func bad(_ line: Int, _ reason: String) -> DataError {
            .badPhrases(file: file, line: line, reason: reason)
        }
        guard TemplateParser.isName(name) else { throw bad(1, "a list called \(name.quoted)") }
        var forms: [ValueList.Form] = []
        for line in lines {
            let text = line.text.trimmingBlanks
            guard !text.isEmpty, text.first != "#" else { continue }
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = String(parts[0].trimmingBlanks)
            let synonyms = (parts.count > 1 ? parts[1] : "").split(separator: "|").map {
                String($0.trimmingBlanks)
            }
            guard !value.isEmpty, parts.count == 1 || !synonyms.isEmpty, !synonyms.contains("") else {
                throw bad(line.number, "a value or a synonym is missing, expected: value = synonym | synonym")
            }
            guard value.isPrintable, synonyms.allSatisfy(\.isPrintable) else {
                throw bad(line.number, "a value that cannot be printed")
            }
            forms += ([value] + synonyms).map { ValueList.Form(text: $0, value: value) }
            guard forms.count <= Self.valueLimit else {
                throw bad(line.number, "more than \(NumberText.grouped(Self.valueLimit)) values")
            }
        }
        guard !forms.isEmpty else { throw bad(1, "the list has no values") }
        lists[name] = ValueList(name: name, forms: forms)
    }

    /// Adds a list that was read elsewhere.
    mutating func addList(_ name: String, values: [String]) {
        guard !values.isEmpty else { return }
        lists[name] = ValueList(name: name, forms: values.map { ValueList.Form(text: $0, value: $0) })
    }
}
