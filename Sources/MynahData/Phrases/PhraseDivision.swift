import MynahBase
import MynahLanguage

/// Which lines of a collection are learnt from, which are for choices, and which for the last trial.
///
/// A tenth of the lines of each intent, at most 100, is kept for choices: those whose text has the smallest SHA-256, so that a line
/// stays where it is when others are added. All phrases of a template stay together, and so do lines that say the same. Of an
/// intent with less than ten lines all are learnt from.
package struct PhraseDivision: Sendable {
    /// The lines of each split.
    package let training: [PhraseCollection.Line]
    package let validation: [PhraseCollection.Line]
    package let testing: [PhraseCollection.Line]

    /// The phrases of an intent that are kept for choices, by their hashes, of which lines have the given counts.
    private static func kept(_ counts: [String: Int]) -> Set<String> {
        var rest = min(counts.values.reduce(0, +) / 10, validationLimit)
        var kept: Set<String> = []
        for (key, count) in counts.sorted(by: { $0.key < $1.key }) where count <= rest {
            kept.insert(key)
            rest -= count
        }
        return kept
    }

    /// The lines of a split.
    package func lines(_ split: DataSplit) -> [PhraseCollection.Line] {
        switch split {
        case .training: training
        case .validation: validation
        case .testing: testing
        }
    }

    /// How lines are divided, in words.
    package let rule: String

    /// The most lines of an intent that are kept for choices.
    package static let validationLimit = 100

    /// Divides a collection.
    ///
    /// - Parameters:
    ///   - validates: whether lines are kept for choices at all.
    ///   - phrasesPerIntent: lines of each intent that are learnt from at most, drawn by `seed`; nil for all.
    package init(
        of collection: PhraseCollection, validates: Bool = true, phrasesPerIntent: Int? = nil,
        seed: UInt64 = 1
    ) {
        testing = collection.lines.filter(\.isForTesting)
        let rest = Dictionary(grouping: collection.lines.filter { !$0.isForTesting }, by: \.intent)
        var (training, validation): ([PhraseCollection.Line], [PhraseCollection.Line]) = ([], [])
        for intent in collection.intents {
            let lines = rest[intent] ?? []
            let keyed = lines.map { line in
                let text = TokenizedText.normalForm(of: line.template.phrase(0).text)
                return (key: SHA256.hexDigest(of: Array(text.utf8)), line: line)
            }
            let kept =
                validates ? Self.kept(Dictionary(grouping: keyed.map(\.key)) { $0 }.mapValues(\.count)) : []
            validation += keyed.filter { kept.contains($0.key) }.map(\.line)
            var own = keyed.filter { !kept.contains($0.key) }.map(\.line)
            if let limit = phrasesPerIntent, own.count > limit {
                var generator = SeededGenerator(seed: seed, 5)
                generator.shuffle(&own)
                own = Array(own.prefix(limit))
            }
            training += own
        }
        (self.training, self.validation) = (training, validation)
        let limit = phrasesPerIntent.map { ", \($0) of each intent learnt from" } ?? ""
        rule =
            validates
            ? "hash of the phrase, a tenth of each intent, at most \(Self.validationLimit)\(limit)"
            : "no split: all phrases are learnt from\(limit)"
    }
}
