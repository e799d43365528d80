package import MynahData
import MynahLanguage
package import MynahModel

/// How well a model reads phrases: their intents, their slots, and what is to be turned away.
package struct IntentEvaluation: Codable, Hashable, Sendable {
    /// Phrases whose intent the model knows, and that ask for something.
    package let phraseCount: Int

    /// Of them, those whose most probable intent is the right one; nil where there are none.
    ///
    /// Thresholds do not count here.
    package let intents: Proportion?

    /// Of them, those in which the label of each word is right, too.
    package let wholePhrases: Proportion?

    /// The slots of all of them together.
    package let slots: SlotScores

    /// Each slot by itself.
    package let slotsByName: [SlotScores]

    /// Which intents were taken for which.
    package let confusion: ConfusionMatrix

    /// Each intent by itself.
    package let classes: [ClassScores]

    /// Whether probabilities are right as often as they say; nil where there are no phrases.
    package let calibration: Calibration?

    /// The model's threshold.
    package let threshold: Float

    /// Of the phrases that ask for something, those that are turned away although their intent is found.
    package let rejected: Proportion?

    /// Of the phrases that ask for nothing that the model knows, those that are turned away; nil where there are none.
    package let outOfScope: Proportion?

    /// Phrases that are read wrongly, the surest first.
    package let worst: [Mistake]

    /// Phrases that are too long to be read.
    package let unread: [String]

    /// A phrase that is read wrongly.
    package struct Mistake: Codable, Hashable, Sendable {
        package let place: String
        package let text: String
        package let intent: String
        package let heard: String
        package let probability: Float

        /// Slots that it has, and those that were found, as `slot: words`.
        package let slots: [String]
        package let heardSlots: [String]
    }

    /// Mistakes that are kept.
    private static let mistakeLimit = 50

    /// Phrases of a template that are tried.
    private static let phrasesPerTemplate = 10

    /// Tries a model on lines of a collection.
    package init(of model: IntentModel, on lines: [PhraseCollection.Line], bootstrap: ClusterBootstrap) {
        let parser = IntentParser(model)
        let classes = PhraseClasses(of: model)
        var trials: [Trial] = []
        var unread: [String] = []
        for line in lines {
            let count = min(line.template.count, Self.phrasesPerTemplate)
            for index in 0..<count {
                let phrase = line.template.phrase(index * (line.template.count / count))
                do throws(LanguageError) {
                    trials.append(try Trial(phrase, line: line, parser, classes))
                } catch {
                    unread.append("\(line.place): \(error)")
                }
            }
        }
        self.unread = unread
        let asking = trials.filter { $0.intent != nil }
        phraseCount = asking.count
        intents = Proportion(count: asking.count(where: \.isIntentRight), total: asking.count)
        wholePhrases = Proportion(
            count: asking.count { $0.isIntentRight && $0.areSlotsRight }, total: asking.count)
        slots = SlotScores("all", asking.map(\.counts), bootstrap: bootstrap)
        slotsByName = model.slots.indices.map { slot in
            SlotScores(
                model.slots[slot].name, asking.map { $0.counts(ofSlot: slot) }, bootstrap: nil)
        }
        confusion = ConfusionMatrix(
            labels: model.intents, outcomes: asking.lazy.map { (label: $0.intent ?? 0, heard: $0.heard) })
        let confusion = confusion
        self.classes = model.intents.indices.map { ClassScores(label: $0, in: confusion) }
        calibration =
            asking.isEmpty
            ? nil
            : Calibration(outcomes: asking.map { (confidence: $0.probability, isCorrect: $0.isIntentRight) })
        threshold = model.calibration.threshold
        rejected = Proportion(
            count: asking.count { $0.isIntentRight && $0.isTurnedAway }, total: asking.count)
        let others = trials.filter { $0.intent == nil }
        outOfScope = Proportion(count: others.count(where: \.isTurnedAway), total: others.count)
        worst = trials.filter(\.isWrong).sorted { $0.probability > $1.probability }
            .prefix(Self.mistakeLimit).map { $0.mistake(model) }
    }
}

/// How well slots are found: the measure of CoNLL-2000, for which a slot is right where it has the right name and all of its
/// words, and no others (Tjong Kim Sang and Buchholz, "Introduction to the CoNLL-2000 shared task: chunking").
package struct SlotScores: Codable, Hashable, Sendable {
    /// The slot, or `all`.
    package let name: String

    /// Slots that phrases have, that were found, and that are both.
    package let expected: Int
    package let found: Int
    package let correct: Int

    /// The harmonic mean of precision and recall, `0 ... 1`; nil where there is no slot and none was found.
    package let f1: Double?

    /// The 95 % interval of `f1`, phrases being drawn; nil where it was not asked for.
    package let f1Interval: Interval?

    /// Slots of a phrase.
    struct Counts {
        var expected = 0
        var found = 0
        var correct = 0
    }

    init(_ name: String, _ phrases: [Counts], bootstrap: ClusterBootstrap?) {
        self.name = name
        func f1(_ weight: (Int) -> Int) -> Double? {
            var (correct, total) = (0, 0)
            for (index, phrase) in phrases.enumerated() {
                correct += weight(index) * phrase.correct
                total += weight(index) * (phrase.expected + phrase.found)
            }
            return total > 0 ? 2 * Double(correct) / Double(total) : nil
        }
        expected = phrases.reduce(0) { $0 + $1.expected }
        found = phrases.reduce(0) { $0 + $1.found }
        correct = phrases.reduce(0) { $0 + $1.correct }
        self.f1 = f1 { _ in 1 }
        f1Interval =
            expected + found > 0
            ? bootstrap.map { $0.interval(clusterCount: phrases.count) { draws in f1 { draws[$0] } ?? 0 } }
            : nil
    }
}

/// A phrase, and what a model makes of it.
private struct Trial {
    let line: PhraseCollection.Line
    let text: TokenizedText

    /// The right class; nil where the phrase asks for nothing that the model knows.
    let intent: Int?
    let heard: Int
    let probability: Float
    let isTurnedAway: Bool
    let spans: [SlotLabels.Span]
    let heardSpans: [SlotLabels.Span]

    /// Slots that the model does not have.
    let unknownSlotCount: Int

    init(
        _ phrase: Phrase, line: PhraseCollection.Line, _ parser: IntentParser, _ classes: PhraseClasses
    ) throws(LanguageError) {
        self.line = line
        text = TokenizedText(phrase.text)
        intent = line.intent == StandardLabel.none ? nil : classes.number(ofIntent: line.intent)
        spans = SlotLabels.spans(of: classes.labels(of: text, phrase))
        unknownSlotCount = phrase.slots.count { classes.number(ofSlot: $0.slot) == nil }
        guard let reading = try parser.read(text.words) else {
            (heard, probability, isTurnedAway, heardSpans) = (0, 0, true, [])
            return
        }
        heard = parser.bestIntent(reading)
        probability = reading.posteriors[heard]
        isTurnedAway =
            probability < parser.model.calibration.threshold
            || parser.model.intents[heard] == StandardLabel.none
        heardSpans = SlotLabels.spans(of: parser.labels(reading, intent: heard))
    }

    var isIntentRight: Bool { heard == intent }
    var areSlotsRight: Bool { spans == heardSpans && unknownSlotCount == 0 }

    /// A phrase that asks for nothing is read wrongly where it is not turned away.
    var isWrong: Bool { intent == nil ? !isTurnedAway : !isIntentRight || !areSlotsRight }

    var counts: SlotScores.Counts {
        SlotScores.Counts(
            expected: spans.count + unknownSlotCount, found: heardSpans.count,
            correct: Set(spans).intersection(heardSpans).count)
    }

    func counts(ofSlot slot: Int) -> SlotScores.Counts {
        let (own, heard) = (spans.filter { $0.slot == slot }, heardSpans.filter { $0.slot == slot })
        return SlotScores.Counts(
            expected: own.count, found: heard.count, correct: Set(own).intersection(heard).count)
    }

    func mistake(_ model: IntentModel) -> IntentEvaluation.Mistake {
        func names(_ spans: [SlotLabels.Span]) -> [String] {
            spans.map { "\(model.slots[$0.slot].name): \(text.text(ofWords: $0.words))" }
        }
        return IntentEvaluation.Mistake(
            place: line.place, text: text.text, intent: line.intent,
            heard: isTurnedAway ? StandardLabel.none : model.intents[heard], probability: probability,
            slots: names(spans), heardSlots: names(heardSpans))
    }
}
