import MynahBase
import MynahLanguage
import MynahModel

/// What is odd about a collection of phrases, before anything is learnt from them.
package struct PhraseExamination: Codable, Hashable, Sendable {
    /// A finding.
    package struct Finding: Codable, Hashable, Sendable {
        /// What kind of oddity it is.
        package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
            /// A phrase with two intents: one of them is wrong.
            case contradiction

            /// A phrase with the same intent, but other slots.
            case otherSlots

            /// A phrase that stands there several times.
            case double

            /// A phrase for the last trial that is learnt from, too.
            case testedAndLearnt

            /// An intent with far fewer phrases than others.
            case imbalance

            /// A slot whose edge lies within a word.
            case brokenWord

            /// A slot that phrases name in one way only.
            case oneValue

            /// A value that is marked in some phrases, and stands unmarked in others of the same intent.
            case unmarked
        }

        package let kind: Kind

        /// For people, on one line, with the places.
        package let message: String
    }

    /// Where the phrases were read.
    package let path: String

    /// The findings, the gravest kinds first.
    package let findings: [Finding]

    /// How many there are of each kind, more than are listed where there are very many.
    package let counts: [String: Int]

    /// Findings of a kind that are listed.
    private static let listedPerKind = 50

    /// Phrases of a template that are looked at.
    private static let phrasesPerTemplate = 200

    /// An intent is out of balance with fewer phrases than this, or less than a tenth of the median.
    private static let fewestPhrases = 10

    /// Whether something is certainly wrong, not merely odd.
    package var hasErrors: Bool {
        [Finding.Kind.contradiction, .testedAndLearnt].contains { (counts[$0.rawValue] ?? 0) > 0 }
    }

    /// Looks at a collection.
    package init(of collection: PhraseCollection) {
        path = collection.path
        var found: [Finding.Kind: [String]] = [:]
        let said = Self.said(in: collection)
        found[.contradiction] = Self.contradictions(in: said)
        for (key, places) in said.sorted(by: { $0.key.text < $1.key.text }) {
            let learnt = places.filter { !$0.line.isForTesting }
            if learnt.count > 1 {
                let forms = Set(learnt.map(\.slots))
                if forms.count > 1 {
                    found[.otherSlots, default: []].append(
                        "\(Self.list(learnt)): \(key.text.quoted) with different slots")
                } else {
                    found[.double, default: []].append(
                        "\(Self.list(learnt)): \(key.text.quoted) \(learnt.count) times")
                }
            }
            if let tested = places.first(where: \.line.isForTesting), let first = learnt.first {
                found[.testedAndLearnt, default: []].append(
                    "\(tested.line.place): \(key.text.quoted) is learnt from, too, in \(first.line.place)")
            }
        }
        found[.imbalance] = Self.imbalances(of: collection)
        found.merge(Self.slotFindings(of: collection)) { $0 + $1 }
        counts = Dictionary(
            uniqueKeysWithValues: found.filter { !$0.value.isEmpty }.map { ($0.key.rawValue, $0.value.count) }
        )
        findings = Finding.Kind.allCases.flatMap { kind in
            (found[kind] ?? []).prefix(Self.listedPerKind).map { Finding(kind: kind, message: $0) }
        }
    }

    private struct Key: Hashable {
        let intent: String
        let text: String
    }

    private struct Place {
        let line: PhraseCollection.Line
        let slots: [Phrase.Detail]
    }

    /// What is said, by intent and normal form, and where; a template says each of its phrases in one place.
    private static func said(in collection: PhraseCollection) -> [Key: [Place]] {
        var said: [Key: [Place]] = [:]
        for line in collection.lines {
            let count = min(line.template.count, phrasesPerTemplate)
            var own: Set<Key> = []
            for index in 0..<count {
                let phrase = line.template.phrase(index * (line.template.count / count))
                let key = Key(intent: line.intent, text: TokenizedText.normalForm(of: phrase.text))
                guard !key.text.isEmpty, own.insert(key).inserted else { continue }
                said[key, default: []].append(Place(line: line, slots: phrase.slots))
            }
        }
        return said
    }

    private static func list(_ places: [Place]) -> String {
        let shown = places.prefix(3).map(\.line.place).joined(separator: ", ")
        return places.count > 3 ? "\(shown), …" : shown
    }

    /// Phrases that two intents have.
    static func contradictions(in collection: PhraseCollection) -> [String] {
        contradictions(in: said(in: collection))
    }

    private static func contradictions(in said: [Key: [Place]]) -> [String] {
        Dictionary(grouping: said.keys, by: \.text).filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
            .map { text, keys in
                let intents = keys.sorted { $0.intent < $1.intent }
                let places = intents.compactMap {
                    said[$0]?.first.map { "\($0.line.intent.printable) in \($0.line.place)" }
                }
                return "\(text.quoted) is \(places.joined(separator: " and "))"
            }
    }

    private static func imbalances(of collection: PhraseCollection) -> [String] {
        let lines = Dictionary(grouping: collection.lines.filter { !$0.isForTesting }, by: \.intent)
        let counts = lines.mapValues { own in
            own.reduce(0) { $0 + min($1.template.count, phrasesPerTemplate) }
        }
        let sorted = counts.values.sorted()
        guard !sorted.isEmpty else { return [] }
        let median = sorted[sorted.count / 2]
        return counts.sorted { $0.key < $1.key }.compactMap { intent, count in
            guard count < fewestPhrases || 10 * count < median else { return nil }
            let place = lines[intent]?.first?.file.printable ?? ""
            return
                "\(place): the intent \(intent.quoted) has \(count) phrases, half of the intents have \(median) or more"
        }
    }

    private static func slotFindings(of collection: PhraseCollection) -> [Finding.Kind: [String]] {
        var found: [Finding.Kind: [String]] = [:]
        var values: [String: Set<String>] = [:]
        var places: [String: String] = [:]
        var marked: [Key: [String: String]] = [:]
        for line in collection.lines where !line.isForTesting {
            let count = min(line.template.count, phrasesPerTemplate)
            for index in 0..<count {
                let phrase = line.template.phrase(index * (line.template.count / count))
                let sentence = TokenizedText(phrase.text)
                for detail in phrase.slots {
                    let text = TokenizedText.normalForm(of: sentence.text(of: detail.range))
                    values[detail.slot, default: []].insert(text)
                    places[detail.slot] = places[detail.slot] ?? line.place
                    marked[Key(intent: line.intent, text: text), default: [:]][detail.slot] = line.place
                    let breaks = sentence.ranges.contains {
                        $0.overlaps(detail.range)
                            && ($0.lowerBound < detail.range.lowerBound
                                || $0.upperBound > detail.range.upperBound)
                    }
                    if breaks, index == 0 {
                        found[.brokenWord, default: []].append(
                            "\(line.place): \(sentence.text(of: detail.range).quoted) ends within a word, all of which is taken for the slot \(detail.slot.quoted)"
                        )
                    }
                }
            }
        }
        for (slot, own) in values.sorted(by: { $0.key < $1.key }) where own.count == 1 {
            found[.oneValue, default: []].append(
                "\(places[slot] ?? ""): the slot \(slot.quoted) has one value, \((own.first ?? "").quoted), in all phrases"
            )
        }
        found[.unmarked] = unmarked(marked, in: collection)
        return found
    }

    /// Whole phrases' words that are marked elsewhere: only values of several letters, since short ones are words of any phrase.
    private static func unmarked(
        _ marked: [Key: [String: String]], in collection: PhraseCollection
    ) -> [String] {
        var found: [String] = []
        for line in collection.lines where !line.isForTesting && line.template.count == 1 {
            let phrase = line.template.phrase(0)
            let sentence = TokenizedText(phrase.text)
            for (index, word) in sentence.words.enumerated() where word.text.count >= 4 {
                let range = sentence.ranges[index]
                guard !phrase.slots.contains(where: { $0.range.overlaps(range) }),
                    let slot = marked[Key(intent: line.intent, text: word.text)]?.min(by: { $0.key < $1.key })
                else { continue }
                found.append(
                    "\(line.place): \(word.text.quoted) is not marked, but is a \(slot.key.printable) in \(slot.value)"
                )
            }
        }
        return found
    }
}
