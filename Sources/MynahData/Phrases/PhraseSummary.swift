import MynahBase
import MynahLanguage
package import MynahModel

/// What is known of phrases before anything is learnt from them.
package struct PhraseSummary: Codable, Hashable, Sendable {
    /// Lines of one intent.
    package struct IntentCount: Codable, Hashable, Sendable {
        package let intent: String
        package let training: Int
        package let validation: Int
        package let testing: Int

        /// Phrases that the lines for training stand for, at most `Int.max`.
        package let phrases: Int
    }

    /// Where the phrases were read.
    package let path: String

    /// The intents, sorted, what asks for nothing last.
    package let intents: [IntentCount]

    /// Names of the slots.
    package let slots: [String]

    /// Phrases that lines of two intents say.
    package let contradictionCount: Int

    /// How lines are divided, in words.
    package let splitRule: String

    /// SHA-256 over all lines and lists, in hexadecimal digits.
    package let dataHash: String

    /// Counts the lines of a collection.
    package init(of collection: PhraseCollection, _ division: PhraseDivision) {
        path = collection.path
        let (training, validation, testing) = (
            Dictionary(grouping: division.training, by: \.intent),
            Dictionary(grouping: division.validation, by: \.intent),
            Dictionary(grouping: division.testing, by: \.intent)
        )
        intents = collection.intents.map { intent in
            let own = training[intent] ?? []
            return IntentCount(
                intent: intent, training: own.count, validation: validation[intent]?.count ?? 0,
                testing: testing[intent]?.count ?? 0,
                phrases: own.reduce(0) {
                    let (sum, overflows) = $0.addingReportingOverflow($1.template.count)
                    return overflows ? Int.max : sum
                })
        }
        slots = collection.slots.map(\.name)
        contradictionCount = PhraseExamination.contradictions(in: collection).count
        splitRule = division.rule
        dataHash = collection.dataHash
    }

    /// The same as a model keeps it.
    package var provenance: TrainingProvenance.TrainingData {
        TrainingProvenance.TrainingData(
            clips: intents.map {
                .init(label: $0.intent, training: $0.training, validation: $0.validation, testing: $0.testing)
            })
    }
}

extension PhraseCollection {
    /// The slots that phrases name, sorted, with the values of their lists and of what phrases say they mean.
    package var slots: [Slot] {
        var values: [String: [(value: String, form: String)]] = [:]
        for line in lines {
            for (slot, value, form) in line.template.values {
                values[slot, default: []].append((value, form))
            }
            for name in line.template.slotNames { values[name] = values[name] ?? [] }
        }
        for (name, list) in lists where values[name] != nil {
            values[name, default: []] += list.forms.map { ($0.value, $0.text) }
        }
        for name in values.keys {
            for synonym in synonyms
            where values[name]?.contains(where: { $0.value == synonym.value }) ?? false {
                values[name, default: []] += synonym.synonyms.map { (synonym.value, $0) }
            }
        }
        return values.sorted { $0.key < $1.key }.map { name, forms in
            var order: [String] = []
            var synonyms: [String: [String]] = [:]
            for (value, form) in forms {
                if synonyms[value] == nil {
                    order.append(value)
                    synonyms[value] = []
                }
                if form != value, synonyms[value]?.contains(form) == false { synonyms[value]?.append(form) }
            }
            return Slot(name: name, values: order.map { Slot.Value($0, synonyms: synonyms[$0] ?? []) })
        }
    }

    /// SHA-256 over all lines and lists, in hexadecimal digits.
    package var dataHash: String {
        var text = ""
        for line in lines {
            let phrase = line.template.phrase(0)
            text += "\(line.intent)\t\(phrase.text)\t\(line.template.count)"
            for detail in phrase.slots { text += "\t\(detail.slot) \(detail.range) \(detail.value ?? "")" }
            text += "\n"
        }
        for slot in slots { text += "\(slot.name)\t\(slot.values.flatMap(\.forms).joined(separator: "|"))\n" }
        return SHA256.hexDigest(of: Array(text.utf8))
    }
}

extension PhraseTemplate {
    /// The slots that its phrases may name.
    package var slotNames: Set<String> {
        var names: Set<String> = []
        root.visit { piece in
            switch piece {
            case .detail(_, let slot, _), .list(_, let slot): names.insert(slot)
            case .text, .oneOf, .row: break
            }
        }
        return names
    }

    /// What is said to mean something else, and the forms of lists under the slots that they fill.
    var values: [(slot: String, value: String, form: String)] {
        var values: [(String, String, String)] = []
        root.visit { piece in
            switch piece {
            case .detail(let text, let slot, let value?): values.append((slot, value, text))
            case .list(let list, let slot): values += list.forms.map { (slot, $0.value, $0.text) }
            case .text, .detail, .oneOf, .row: break
            }
        }
        return values
    }
}

extension PhraseTemplate.Piece {
    /// Calls `body` for this piece and all within it.
    func visit(_ body: (PhraseTemplate.Piece) -> Void) {
        body(self)
        switch self {
        case .oneOf(let pieces), .row(let pieces): for piece in pieces { piece.visit(body) }
        case .text, .detail, .list: break
        }
    }
}

extension Sequence<String> {
    /// Names of intents in the order of classes: sorted, what asks for nothing last.
    package var sortedWithNoneLast: [String] {
        sorted { first, second in
            let isNone = (first == StandardLabel.none, second == StandardLabel.none)
            return isNone.0 == isNone.1 ? first < second : isNone.1
        }
    }
}
