import MynahBase
import MynahModel

extension PhraseCollection {
    /// Reads a file of Rasa's training data: intents with examples, synonyms, and lookup tables, which become lists.
    ///
    /// Regular expressions, rules and stories are not read, and a note says so.
    mutating func readRasa(_ path: String, isForTesting: Bool) throws(DataError) {
        func bad(_ line: Int?, _ reason: String) -> DataError {
            .badPhrases(file: path, line: line, reason: reason)
        }
        let bytes = try Self.textLines(path).bytes
        let document: YAMLValue
        do throws(YAMLFault) {
            document = try YAMLReader.read(bytes)
        } catch {
            throw bad(error.line, error.reason.printable)
        }
        guard let nlu = document["nlu"] else {
            note("\(path.printable): has no nlu, and is passed over")
            return
        }
        guard case .list(let entries, _) = nlu else { throw bad(nlu.line, "nlu is no list") }
        for entry in entries {
            if let name = entry["intent"]?.text {
                // `faq/ask_name` is an intent with a part of its own, which is another class.
                guard IntentModel.canName(intent: name) else {
                    throw bad(entry.line, "\(name.quoted) cannot be the name of an intent")
                }
                let examples = try examples(of: entry, in: path)
                guard !examples.isEmpty else {
                    throw bad(entry.line, "the intent \(name.quoted) has no phrase")
                }
                for example in examples {
                    try add(
                        example.text, intent: name, file: path, number: example.line,
                        isForTesting: isForTesting, isTemplate: false)
                }
            } else if let value = entry["synonym"]?.text {
                add(Slot.Value(value, synonyms: try examples(of: entry, in: path).map(\.text)))
            } else if let name = entry["lookup"]?.text {
                addList(name, values: try examples(of: entry, in: path).map(\.text))
            } else {
                note(
                    "\(path.printable):\(entry.line): is neither intent, synonym nor lookup, and is not read")
            }
        }
    }

    /// The lines of `examples`, which is one text of lines that begin with `- `, or a list.
    private func examples(of entry: YAMLValue, in path: String) throws(DataError) -> [(
        text: String, line: Int
    )] {
        switch entry["examples"] {
        case .text(let block, let line)?:
            var examples: [(String, Int)] = []
            for (index, text) in block.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                let trimmed = text.trimmingBlanks
                guard !trimmed.isEmpty else { continue }
                guard trimmed.hasPrefix("-") else {
                    throw .badPhrases(
                        file: path, line: line + 1 + index, reason: "an example that does not begin with '- '"
                    )
                }
                examples.append((String(trimmed.dropFirst().trimmingBlanks), line + 1 + index))
            }
            return examples
        case .list(let values, _)?:
            return values.compactMap { value in
                (value.text ?? value["text"]?.text).map { (String($0.trimmingBlanks), value.line) }
            }
        case .map?, nil:
            throw .badPhrases(file: path, line: entry.line, reason: "an entry without examples")
        }
    }
}
