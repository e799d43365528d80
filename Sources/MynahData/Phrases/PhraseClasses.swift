package import MynahLanguage
package import MynahModel

/// What phrases are told apart by: the classes of a network that reads them.
package struct PhraseClasses: Sendable {
    /// The intents.
    package let intents: [String]

    /// The slots, with the values of their lists.
    package let slots: [Slot]

    private let intentNumbers: [String: Int]
    private let slotNumbers: [String: Int]

    /// The classes of a model.
    package init(of model: IntentModel) {
        self.init(intents: model.intents, slots: model.slots)
    }

    /// Brings intents and slots together; no two have the same name.
    package init(intents: [String], slots: [Slot]) {
        (self.intents, self.slots) = (intents, slots)
        intentNumbers = Dictionary(uniqueKeysWithValues: intents.enumerated().map { ($0.element, $0.offset) })
        slotNumbers = Dictionary(
            uniqueKeysWithValues: slots.enumerated().map { ($0.element.name, $0.offset) })
    }

    /// The number of an intent; nil for one that is not among the classes.
    package func number(ofIntent intent: String) -> Int? { intentNumbers[intent] }

    /// The number of a slot; nil for one that is not among the classes.
    package func number(ofSlot slot: String) -> Int? { slotNumbers[slot] }

    /// The labels of a phrase's words.
    ///
    /// A word that stands half in a slot belongs to it; slots that are not among the classes are passed over.
    package func labels(of sentence: TokenizedText, _ phrase: Phrase) -> [Int] {
        var labels = [Int](repeating: SlotLabels.outside, count: sentence.words.count)
        for detail in phrase.slots {
            guard let slot = slotNumbers[detail.slot] else { continue }
            let inside = sentence.ranges.indices.filter { sentence.ranges[$0].overlaps(detail.range) }
            for word in inside {
                labels[word] =
                    word == inside.first ? SlotLabels.beginning(of: slot) : SlotLabels.inside(slot)
            }
        }
        return labels
    }
}
