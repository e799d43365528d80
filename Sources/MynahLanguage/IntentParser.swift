import MynahBase
package import MynahModel
package import MynahNetwork

/// A model of intents at work: text in, what it asks for out.
///
/// One thread uses a parser at a time; any number of parsers share a model.
package final class IntentParser {
    /// The model.
    package let model: IntentModel

    private let decoder: SlotDecoder
    let values: SlotValues

    /// Which slots an intent may have, for each intent.
    private let allowed: [[Bool]]

    /// Memory of the network for sentences of a length, and the rows of the words met so far.
    private var passes: [Int: NetworkPass] = [:]
    private var rows: [Word: [Float]] = [:]

    /// Passes that are kept; lengths vary less than that.
    private static let passLimit = 40
    private static let wordLimit = 10_000

    /// The probability below which an intent is turned away.
    let threshold: Float

    /// Prepares a model.
    ///
    /// - Parameter threshold: the probability that an intent needs, `0 ... 1`; the model's own unless given.
    package init(_ model: IntentModel, threshold: Float? = nil) {
        self.model = model
        self.threshold = threshold ?? model.calibration.threshold
        decoder = SlotDecoder(slotCount: model.slots.count)
        values = SlotValues(model.slots)
        allowed = model.slotsOfIntents.map { slots in
            var allowed = [Bool](repeating: false, count: model.slots.count)
            for slot in slots { allowed[slot] = true }
            return allowed
        }
    }

    /// What the network says of a sentence.
    package struct Reading: Sendable {
        /// `[C]`, the probabilities of the intents at the model's temperature.
        package let posteriors: [Float]

        /// `[C]`, before the softmax.
        package let logits: [Float]

        /// `[words, L]`.
        package let labelLogits: [Float]
    }

    /// What the last recurrent layer did at each word of the last sentence that was read, in the direction that reads forward.
    package func activity(wordCount: Int) -> [NetworkStream.Activity] {
        let pass = pass(wordCount: wordCount)
        return (0..<wordCount).compactMap { pass.activity(step: $0).last }
    }

    /// Runs the network over words; nil for none.
    ///
    /// - Throws: ``LanguageError/tooManyWords(actual:limit:)``.
    package func read(_ words: some Collection<Word>) throws(LanguageError) -> Reading? {
        guard words.count <= IntentModel.maximumWordCount else {
            throw .tooManyWords(actual: words.count, limit: IntentModel.maximumWordCount)
        }
        guard !words.isEmpty else { return nil }
        let pass = pass(wordCount: words.count)
        var features: [Float] = []
        features.reserveCapacity(words.count * WordTable.rowsPerWord)
        for word in words { features += rows(of: word) }
        pass.setInput(clip: 0, features: features)
        let logits = pass.forward(model.preparedNetwork)
        return Reading(
            posteriors: SoftmaxCrossEntropy.softmax(
                logits, classCount: model.intents.count, temperature: model.calibration.temperature),
            logits: logits, labelLogits: pass.stepLogits)
    }

    /// What a text asks for.
    ///
    /// - Throws: ``LanguageError/tooManyWords(actual:limit:)``.
    package func parse(_ text: String) throws(LanguageError) -> Understanding {
        let sentence = TokenizedText(text)
        guard let reading = try read(sentence.words) else {
            return Understanding(text: text, intent: StandardLabel.none, probability: 0, slots: [])
        }
        return understanding(of: sentence, reading)
    }

    /// What a sentence asks for, of which the network has said something.
    package func understanding(of sentence: TokenizedText, _ reading: Reading) -> Understanding {
        let best = bestIntent(reading)
        let (intent, probability) = (model.intents[best], reading.posteriors[best])
        guard intent != StandardLabel.none, probability >= threshold else {
            return Understanding(
                text: sentence.text, intent: StandardLabel.none, probability: probability, slots: [])
        }
        let slots = SlotLabels.spans(of: labels(reading, intent: best)).map { span in
            let range = sentence.range(ofWords: span.words)
            let text = sentence.text(of: range)
            return Understanding.FilledSlot(
                slot: model.slots[span.slot].name, text: text, value: values.value(of: text, slot: span.slot),
                range: range)
        }
        return Understanding(text: sentence.text, intent: intent, probability: probability, slots: slots)
    }

    /// The most probable intent.
    package func bestIntent(_ reading: Reading) -> Int {
        reading.posteriors.indices.indexOfLargest(by: { reading.posteriors[$0] }) ?? 0
    }

    /// The labels of the words, of which only those are taken that phrases of an intent have had.
    package func labels(_ reading: Reading, intent: Int) -> [Int] {
        decoder.labels(reading.labelLogits[...], allowed: allowed[intent])
    }

    private func pass(wordCount: Int) -> NetworkPass {
        if let pass = passes[wordCount] { return pass }
        do {
            let pass = try NetworkPass(model.network, frameCount: wordCount, batchSize: 1)
            if passes.count >= Self.passLimit { passes = [:] }
            passes[wordCount] = pass
            return pass
        } catch {
            preconditionFailure("the network was validated with the model: \(error)")
        }
    }

    private func rows(of word: Word) -> [Float] {
        if let rows = rows[word] { return rows }
        let named = model.words.rows(of: word)
        if rows.count >= Self.wordLimit { rows = [:] }
        rows[word] = named
        return named
    }
}

/// The values of slots by all ways to say them.
package struct SlotValues: Sendable {
    private let valueOfForm: [[String: String]]

    /// For each slot how ways to say a value begin that have more words.
    private let beginnings: [Set<String>]

    /// Of some slots.
    package init(_ slots: [Slot]) {
        let forms = slots.map { slot in
            slot.values.flatMap { value in
                value.forms.map { (form: TokenizedText.normalForm(of: $0), value: value.value) }
            }
        }
        // What two values have in common means the first of them.
        valueOfForm = forms.map { Dictionary($0, uniquingKeysWith: { first, _ in first }) }
        beginnings = forms.map { forms in
            var beginnings: Set<String> = []
            for (form, _) in forms {
                let words = form.split(separator: " ")
                for count in 1..<max(1, words.count) {
                    beginnings.insert(words.prefix(count).joined(separator: " "))
                }
            }
            return beginnings
        }
    }

    /// Whether a value may have more words than were said so far: it is not one yet, or others begin with it, or there is no
    /// list that would tell.
    package func mayGoOn(_ text: String, slot: Int) -> Bool {
        let form = TokenizedText.normalForm(of: text)
        return valueOfForm[slot][form] == nil || beginnings[slot].contains(form)
    }

    /// What a text means as a value of a slot: the value that has it as one of its forms, or the text itself.
    package func value(of text: String, slot: Int) -> String {
        valueOfForm[slot][TokenizedText.normalForm(of: text)] ?? text
    }
}
