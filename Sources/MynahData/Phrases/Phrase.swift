/// A phrase: what a person says to ask for something, with the details that it names.
package struct Phrase: Hashable, Sendable {
    /// What is said; blanks are single, and none stands at an end.
    package let text: String

    /// The details, in the order of the text; no two overlap.
    package let slots: [Detail]

    /// A detail in a phrase.
    package struct Detail: Hashable, Sendable {
        /// The slot that it fills.
        package let slot: String

        /// Where it stands, in Unicode scalars; never empty.
        package let range: Range<Int>

        /// What it means, where that was written beside it or stands in a list; nil where it is what is said.
        package let value: String?
    }
}

/// A phrase that is put together piece by piece.
struct PhraseBuilder {
    private var scalars: [Unicode.Scalar] = []
    private var slots: [Phrase.Detail] = []

    /// Adds text.
    ///
    /// White space of any length is one blank.
    mutating func append(_ text: String) {
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                if let last = scalars.last, last != " " { scalars.append(" ") }
            } else {
                scalars.append(scalar)
            }
        }
    }

    /// Adds a detail; one that names nothing is only its text.
    mutating func append(_ text: String, slot: String, value: String?) {
        let trimmed = text.trimmingBlanks
        // A blank that the text begins with belongs to what is before it.
        if trimmed.startIndex != text.startIndex { append(" ") }
        let start = scalars.count
        append(String(trimmed))
        if scalars.count > start {
            slots.append(Phrase.Detail(slot: slot, range: start..<scalars.count, value: value))
        }
        if trimmed.endIndex != text.endIndex { append(" ") }
    }

    /// What was put together.
    var phrase: Phrase {
        var text = scalars
        if text.last == " " { text.removeLast() }
        return Phrase(text: String(String.UnicodeScalarView(text)), slots: slots)
    }
}

extension StringProtocol {
    /// Without white space at either end.
    var trimmingBlanks: SubSequence {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return self[endIndex..<endIndex] }
        return self[first...last]
    }
}
