import MynahModel
import MynahNetwork

/// A sentence, and what a network knew after each of its words.
package struct SentenceTrace {
    /// The sentence.
    package let text: TokenizedText

    /// After each word `[C]`, the probabilities of the intents, had the sentence ended there.
    package let posteriors: [[Float]]

    /// After each word `[H]`, the state of the last recurrent layer, in the direction that reads forward.
    package let states: [[Float]]

    /// For each word `[H]`, which share of its state each unit kept; nil for cells without such a gate.
    package let kept: [[Float]]?

    /// `[words]`, the labels of the whole sentence.
    package let labels: [Int]

    /// The first word after which it was safe to act; nil where the end of the sentence decides.
    package let decision: Int?

    /// What the whole sentence asks for.
    package let understanding: Understanding

    /// Reads a sentence word by word; nil where it has none.
    ///
    /// - Throws: ``LanguageError/tooManyWords(actual:limit:)``.
    package init?(_ text: TokenizedText, parser: IntentParser, confidence: Float) throws(LanguageError) {
        guard let whole = try parser.read(text.words) else { return nil }
        self.text = text
        let activity = parser.activity(wordCount: text.words.count)
        states = activity.map(\.state)
        kept = activity.first?.cell.keepingGate.map { gate in
            activity.map { step in
                step.gates[gate.index].map { gate.isInverted ? 1 - $0 : $0 }
            }
        }
        let best = parser.bestIntent(whole)
        labels = parser.labels(whole, intent: best)
        understanding = parser.understanding(of: text, whole)
        let stream = IntentStream(parser, confidence: confidence)
        var (posteriors, decision): ([[Float]], Int?) = ([], nil)
        for count in 1...text.words.count {
            let beginning = TokenizedText(text.text(ofWords: 0..<count))
            guard let reading = try parser.read(text.words.prefix(count)) else { continue }
            posteriors.append(reading.posteriors)
            if decision == nil, beginning.words.count == count, stream.isSafe(reading, beginning) {
                decision = count - 1
            }
        }
        (self.posteriors, self.decision) = (posteriors, decision)
    }
}
