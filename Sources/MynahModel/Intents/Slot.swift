internal import MynahBase

/// A kind of detail that phrases name, such as a room, and the values that it can have.
package struct Slot: Codable, Hashable, Sendable {
    /// The name, as in `[kitchen](room)`.
    package let name: String

    /// The values of its list; none where any text is a value.
    package let values: [Value]

    /// Brings name and values together.
    package init(name: String, values: [Value] = []) {
        self.name = name
        self.values = values
    }

    /// A value, and other ways to say it.
    package struct Value: Codable, Hashable, Sendable {
        /// What is reported, whichever way it was said.
        package let value: String

        /// Other ways to say it.
        package let synonyms: [String]

        /// Brings a value and its synonyms together.
        package init(_ value: String, synonyms: [String] = []) {
            self.value = value
            self.synonyms = synonyms
        }

        /// All ways to say it; the value itself is one.
        package var forms: [String] { [value] + synonyms }
    }

    /// Why a slot of a file cannot be used; nil if it can.
    var fault: String? {
        guard ModelDescription.canKeep(label: name) else { return "a slot called \(name.quoted)" }
        guard values.allSatisfy({ $0.forms.allSatisfy { !$0.isEmpty && $0.isPrintable } }) else {
            return "a value of the slot \(name.quoted) that is empty or unprintable"
        }
        return nil
    }
}

/// The labels of the words of a sentence: outside of all slots, at the beginning of one, or inside (BIO; Ramshaw and Marcus,
/// "Text chunking using transformation-based learning", 1995).
package struct SlotLabels: Hashable, Sendable {
    /// Slots, `S`.
    package let slotCount: Int

    /// For a number of slots.
    package init(slotCount: Int) {
        self.slotCount = slotCount
    }

    /// Labels in all, `1 + 2 S`.
    package var count: Int { 1 + 2 * slotCount }

    /// The label of words that belong to no slot.
    package static let outside = 0

    /// The label of the first word of a slot.
    package static func beginning(of slot: Int) -> Int { 1 + 2 * slot }

    /// The label of its other words.
    package static func inside(_ slot: Int) -> Int { 2 + 2 * slot }

    /// The slot that a label belongs to; nil for ``outside``.
    package static func slot(of label: Int) -> Int? { label == outside ? nil : (label - 1) / 2 }

    /// Whether a label begins a slot.
    package static func isBeginning(_ label: Int) -> Bool { label % 2 == 1 }

    /// The slots that labels mark, with the words that each has.
    ///
    /// A label inside of a slot that has not begun begins it, as the CoNLL measure counts it.
    package static func spans(of labels: [Int]) -> [Span] {
        var spans: [Span] = []
        var open: Span?
        for (word, label) in labels.enumerated() {
            if let slot = slot(of: label), let begun = open, begun.slot == slot, !isBeginning(label) {
                open = Span(slot: slot, words: begun.words.lowerBound..<word + 1)
                continue
            }
            if let begun = open { spans.append(begun) }
            open = slot(of: label).map { Span(slot: $0, words: word..<word + 1) }
        }
        if let open { spans.append(open) }
        return spans
    }

    /// A slot in a sentence.
    package struct Span: Hashable, Sendable {
        /// Its index among the slots.
        package let slot: Int

        /// The words that name its value; never empty.
        package let words: Range<Int>

        /// Marks words.
        package init(slot: Int, words: Range<Int>) {
            self.slot = slot
            self.words = words
        }
    }
}
