import MynahModel

/// Words that come one by one, as they are heard, and what they ask for as soon as that is safe.
///
/// It is safe where the network is sure of an intent, and no detail of it can come any more: each slot that phrases of it have
/// is filled, by a value that is complete. Until then there is something to wait for: more words, or a pause. Then all is
/// forgotten, and the next sentence begins.
package struct IntentStream {
    /// The model at work.
    package let parser: IntentParser

    /// The probability from which the network counts as sure, `0 ... 1`.
    package let confidence: Float

    /// The words heard so far.
    package private(set) var words: [String] = []

    /// The probability that is enough unless another is asked for.
    package static let usualConfidence: Float = 0.9

    /// Waits for the first word.
    package init(_ parser: IntentParser, confidence: Float = usualConfidence) {
        self.parser = parser
        self.confidence = confidence
    }

    /// Hears a word.
    ///
    /// - Returns: what all words up to this one ask for, where that is safe; else nil.
    package mutating func hear(_ word: String) -> Understanding? {
        words.append(word)
        let text = TokenizedText(words.joined(separator: " "))
        guard text.words.count < IntentModel.maximumWordCount else { return finish() }
        guard let reading = try? parser.read(text.words), isSafe(reading, text) else { return nil }
        return finish()
    }

    /// Ends the sentence: nobody has spoken for a while.
    ///
    /// - Returns: what its words ask for; nil where there are none.
    package mutating func finish() -> Understanding? {
        defer { words = [] }
        guard !words.isEmpty else { return nil }
        // A sentence that is too long was ended before.
        return try? parser.parse(words.joined(separator: " "))
    }

    /// Whether what a text asks for can be told before it ends.
    func isSafe(_ reading: IntentParser.Reading, _ text: TokenizedText) -> Bool {
        let best = parser.bestIntent(reading)
        guard parser.model.intents[best] != StandardLabel.none,
            reading.posteriors[best] >= max(confidence, parser.threshold)
        else { return false }
        let spans = SlotLabels.spans(of: parser.labels(reading, intent: best))
        let isComplete = spans.allSatisfy { span in
            span.words.upperBound < text.words.count
                || !parser.values.mayGoOn(text.text(ofWords: span.words), slot: span.slot)
        }
        return isComplete && Set(spans.map(\.slot)).isSuperset(of: parser.model.slotsOfIntents[best])
    }
}
