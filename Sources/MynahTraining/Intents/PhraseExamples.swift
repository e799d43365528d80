import MynahBase
package import MynahData
import MynahLanguage
import MynahModel

/// Phrases as a network learns from them, with the rows of the table that their words name.
struct PhraseExamples: Sendable {
    /// A phrase in words.
    struct Example: Sendable {
        var words: [Word]

        /// `[words]`, as ``SlotLabels`` has them.
        var labels: [Int]

        /// The class.
        var intent: Int
    }

    /// A line of a file, from which an epoch takes one example or several.
    private struct Source: Sendable {
        /// Nil for a line that stands for one phrase, which is in words already.
        let template: PhraseTemplate?
        let example: Example
    }

    /// The rows that a word names, `[rowsPerWord]`: with a row of its own, and with those of its parts alone.
    private struct WordRows: Sendable {
        let known: [Float]
        let unknown: [Float]

        /// The probability that the latter are taken.
        let forgetting: Float
    }

    /// The most examples that an epoch takes from a template.
    static let examplesPerTemplate = 50

    private let sources: [Source]

    /// The source of each example of an epoch.
    private let sourceOfExample: [Int]

    /// For each slot the values that were seen, in words.
    private let values: [[[Word]]]

    private let classes: PhraseClasses
    private let table: WordTable
    private let rows: [Word: WordRows]

    /// How phrases are varied.
    let variation: PhraseVariation

    /// Examples in an epoch.
    var count: Int { sourceOfExample.count }

    /// `[count]`, words of each example before it is varied, by which batches are made.
    let lengths: [Int]

    /// Takes lines apart.
    ///
    /// - Parameter counts: how often each word occurs in them, by its normal form.
    init(
        _ lines: [PhraseCollection.Line], classes: PhraseClasses, table: WordTable, counts: [String: Int],
        variation: PhraseVariation
    ) {
        self.classes = classes
        self.table = table
        self.variation = variation
        // In the order in which they were met, so that a draw by number is the same in every run.
        var values = [[[Word]]](repeating: [], count: classes.slots.count)
        var seen: Set<[Word]> = []
        func add(_ value: [Word], to slot: Int) {
            guard !value.isEmpty, seen.insert([Word(text: "\(slot)", shape: .sign)] + value).inserted else {
                return
            }
            values[slot].append(value)
        }
        var (sources, sourceOfExample, lengths): ([Source], [Int], [Int]) = ([], [], [])
        let repetitions = Self.repetitions(of: lines)
        for line in lines {
            let example = classes.example(line.template.phrase(0), intent: line.intent)
            for span in SlotLabels.spans(of: example.labels) {
                add(Array(example.words[span.words]), to: span.slot)
            }
            let isTemplate = line.template.count > 1
            let repeats = Self.exampleCount(of: line) * (repetitions[line.intent] ?? 1)
            sourceOfExample += repeatElement(sources.count, count: repeats)
            lengths += repeatElement(example.words.count, count: repeats)
            sources.append(Source(template: isTemplate ? line.template : nil, example: example))
        }
        for (number, slot) in classes.slots.enumerated() {
            for form in slot.values.flatMap(\.forms) { add(TokenizedText(form).words, to: number) }
        }
        let words = Set(sources.flatMap(\.example.words) + values.joined().joined())
        rows = Dictionary(
            uniqueKeysWithValues: words.union(words.map(\.lowercased)).map {
                ($0, Self.rows(of: $0, table, counts, variation))
            })
        self.values = values
        (self.sources, self.sourceOfExample, self.lengths) = (sources, sourceOfExample, lengths)
    }

    private static func exampleCount(of line: PhraseCollection.Line) -> Int {
        min(line.template.count, examplesPerTemplate)
    }

    /// How often an epoch takes each phrase of an intent: more than once where people have written few of them, until there are
    /// a quarter as many as of the intent with the most, but ten times at most.
    private static func repetitions(of lines: [PhraseCollection.Line]) -> [String: Int] {
        let counts = Dictionary(grouping: lines, by: \.intent).mapValues { own in
            own.reduce(0) { $0 + exampleCount(of: $1) }
        }
        let largest = counts.values.max() ?? 0
        return counts.mapValues { max(1, min(10, largest / (4 * $0))) }
    }

    private static func rows(
        of word: Word, _ table: WordTable, _ counts: [String: Int], _ variation: PhraseVariation
    ) -> WordRows {
        WordRows(
            known: table.rows(of: word), unknown: table.rows(of: word, isKnown: false),
            forgetting: variation.forgetting * 0.25 / (0.25 + Float(counts[word.text] ?? 0)))
    }

    /// An example of an epoch, varied, and the rows of its words, `[words, rowsPerWord]`.
    ///
    /// Everything follows from the generator.
    func draw(_ index: Int, using generator: inout SeededGenerator) -> (example: Example, features: [Float]) {
        let source = sources[sourceOfExample[index]]
        var example = source.example
        if let template = source.template {
            let drawn = classes.example(
                template.phrase(using: &generator), intent: classes.intents[example.intent])
            if !drawn.words.isEmpty { example = drawn }
        }
        exchangeValues(&example, using: &generator)
        if example.words.count > 1, generator.uniform() < variation.cutShare {
            let count = 1 + generator.index(below: example.words.count - 1)
            example.words.removeLast(example.words.count - count)
            example.labels.removeLast(example.labels.count - count)
        }
        if generator.uniform() < variation.lowercaseShare { example.words = example.words.map(\.lowercased) }
        var features: [Float] = []
        features.reserveCapacity(example.words.count * WordTable.rowsPerWord)
        for word in example.words {
            let rows = rows[word] ?? Self.rows(of: word, table, [:], variation)
            features += generator.uniform() < rows.forgetting ? rows.unknown : rows.known
        }
        return (example, features)
    }

    /// Puts other values into the slots.
    private func exchangeValues(_ example: inout Example, using generator: inout SeededGenerator) {
        guard variation.exchangeShare > 0 else { return }
        var (words, labels): ([Word], [Int]) = ([], [])
        var end = 0
        for span in SlotLabels.spans(of: example.labels) {
            words += example.words[end..<span.words.lowerBound]
            labels += example.labels[end..<span.words.lowerBound]
            end = span.words.upperBound
            let others = values[span.slot]
            let isExchanged = generator.uniform() < variation.exchangeShare && !others.isEmpty
            let value =
                isExchanged ? others[generator.index(below: others.count)] : Array(example.words[span.words])
            words += value
            labels.append(SlotLabels.beginning(of: span.slot))
            labels += repeatElement(SlotLabels.inside(span.slot), count: value.count - 1)
        }
        words += example.words[end...]
        labels += example.labels[end...]
        guard words.count <= IntentModel.maximumWordCount else { return }
        (example.words, example.labels) = (words, labels)
    }
}

/// How phrases are varied while they are learnt from.
package struct PhraseVariation: Codable, Hashable, Sendable {
    /// Share of the values of slots that are exchanged for others of the same slot, `0 ... 1`.
    package var exchangeShare: Float = 0.4

    /// Share of the phrases that are cut somewhere, as they are while they are being said, `0 ... 1`.
    package var cutShare: Float = 0.1

    /// Share of the phrases that are read in lower case, `0 ... 1`: what was heard has no capitals.
    package var lowercaseShare: Float = 0.3

    /// How readily a word is read by its parts alone, so that unknown words are learnt, too: with the probability
    /// `forgetting · ¼ / (¼ + n)` for one that occurs `n` times (Kiperwasser and Goldberg, arXiv 1603.04351); 0 for never.
    package var forgetting: Float = 2

    /// The usual variation.
    package init() {}

    /// Nothing is varied.
    package static let none: PhraseVariation = {
        var variation = PhraseVariation()
        (variation.exchangeShare, variation.cutShare) = (0, 0)
        (variation.lowercaseShare, variation.forgetting) = (0, 0)
        return variation
    }()

    /// Makes sure that every value is in its range.
    package func validate() throws(DataError) {
        try requireSetting("share of exchanged values", exchangeShare, within: 0...1)
        try requireSetting("share of cut phrases", cutShare, within: 0...1)
        try requireSetting("share of phrases in lower case", lowercaseShare, within: 0...1)
        try requireSetting("forgetting of words", forgetting, within: 0...100)
    }
}

extension PhraseClasses {
    /// A phrase in words and labels.
    func example(_ phrase: Phrase, intent: String) -> PhraseExamples.Example {
        let text = TokenizedText(phrase.text)
        return PhraseExamples.Example(
            words: text.words, labels: labels(of: text, phrase), intent: number(ofIntent: intent) ?? 0)
    }
}

extension Word {
    /// The same as if it had been written without capitals.
    var lowercased: Word {
        switch shape {
        case .capitalized, .capitals, .mixed: Word(text: text, shape: .lower)
        case .lower, .number, .sign: self
        }
    }
}
