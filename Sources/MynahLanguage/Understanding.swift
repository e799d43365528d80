import MynahModel

/// What a model has understood of a text.
package struct Understanding: Hashable, Sendable, Encodable {
    /// The text as it was given.
    package let text: String

    /// What it asks for; ``StandardLabel/none`` where no intent is probable enough.
    package let intent: String

    /// The probability of the most probable intent, `0 ... 1`: where it is below the model's threshold, `intent` is
    /// ``StandardLabel/none``.
    package let probability: Float

    /// The details that it names, in the order of the text; empty where nothing is asked for.
    package let slots: [FilledSlot]

    /// Brings the parts together.
    package init(text: String, intent: String, probability: Float, slots: [FilledSlot]) {
        self.text = text
        self.intent = intent
        self.probability = probability
        self.slots = slots
    }

    /// A detail that a text names.
    package struct FilledSlot: Hashable, Sendable, Encodable {
        /// The slot.
        package let slot: String

        /// How the text says it.
        package let text: String

        /// What that means: the value of the slot's list that has this as one of its forms, or the text itself.
        package let value: String

        /// Where it begins and ends in the text, in Unicode scalars counted from 0; the end is the first one behind it.
        package let start: Int
        package let end: Int

        /// Brings the parts together.
        package init(slot: String, text: String, value: String, range: Range<Int>) {
            self.slot = slot
            self.text = text
            self.value = value
            start = range.lowerBound
            end = range.upperBound
        }
    }
}
