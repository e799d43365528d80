package import MynahModel
@_spi(_Unicode) import Swift

/// A text, cut into the words that a network reads.
///
/// The rules, which belong to every model of intents:
/// 1. A word is a run of letters, the marks on them, and digits. An apostrophe, straight or curved, belongs to it between two
///    letters (`don't`). Each ideograph is a word of its own, since Chinese and Japanese have no blanks.
/// 2. White space and invisible characters separate words, and are none.
/// 3. Every other character (punctuation, `%`, an emoji) is a word of its own; but punctuation at the end of a text is passed
///    over, since what was heard has none.
/// 4. Words are compared in lower case and Unicode normalization form C; how they were written is kept as their ``WordShape``.
package struct TokenizedText: Hashable, Sendable {
    /// The words.
    package let words: [Word]

    /// Where each of them stands in the text, in Unicode scalars.
    package let ranges: [Range<Int>]

    /// The text as it was given.
    package let text: String

    /// Cuts a text.
    package init(_ text: String) {
        self.text = text
        let scalars = Array(text.unicodeScalars)
        var ranges: [Range<Int>] = []
        var start: Int?
        func isLetter(_ index: Int) -> Bool { scalars.indices.contains(index) && scalars[index].isPartOfWord }
        for (index, scalar) in scalars.enumerated() {
            let role = Self.role(
                of: scalar, isBetweenLetters: { isLetter(index - 1) && isLetter(index + 1) })
            // A mark without a letter before it stands alone.
            if role == .letter, start == nil { start = index }
            guard role != .letter else { continue }
            if let begun = start { ranges.append(begun..<index) }
            start = nil
            if role == .sign { ranges.append(index..<index + 1) }
        }
        if let start { ranges.append(start..<scalars.count) }
        while let last = ranges.last, last.count == 1, scalars[last.lowerBound].endsSentences {
            ranges.removeLast()
        }
        self.ranges = ranges
        words = ranges.map { Word(written: scalars[$0]) }
    }

    private enum Role {
        case letter, sign, blank
    }

    private static func role(of scalar: Unicode.Scalar, isBetweenLetters: () -> Bool) -> Role {
        if scalar.isASCII {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9": return .letter
            case " ": return .blank
            default: break
            }
        }
        if scalar.properties.isIdeographic { return .sign }
        if scalar.isPartOfWord { return .letter }
        switch scalar.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: return .letter
        case .control, .format, .surrogate, .spaceSeparator, .lineSeparator, .paragraphSeparator:
            return .blank
        default: return apostrophes.contains(scalar) && isBetweenLetters() ? .letter : .sign
        }
    }

    fileprivate static let apostrophes: Set<Unicode.Scalar> = ["'", "\u{2019}", "\u{2018}", "\u{FF07}"]

    /// The text of a range of scalars.
    package func text(of range: Range<Int>) -> String {
        let scalars = text.unicodeScalars
        let start = scalars.index(scalars.startIndex, offsetBy: range.lowerBound)
        return String(scalars[start..<scalars.index(start, offsetBy: range.count)])
    }

    /// The text of some of its words, from the first to the last one.
    package func text(ofWords words: Range<Int>) -> String { text(of: range(ofWords: words)) }

    /// Where some of its words stand, in Unicode scalars; `words` must not be empty.
    package func range(ofWords words: Range<Int>) -> Range<Int> {
        ranges[words.lowerBound].lowerBound..<ranges[words.upperBound - 1].upperBound
    }

    /// The words in their normal form, with a blank between two of them: equal for texts that say the same.
    package static func normalForm(of text: String) -> String {
        TokenizedText(text).words.map(\.text).joined(separator: " ")
    }
}

extension Word {
    /// A word as it was written.
    package init(written: ArraySlice<Unicode.Scalar>) {
        let shape = WordShape(of: written)
        // ASCII is in normalization form C.
        guard !written.allSatisfy(\.isASCII) else {
            let text = String(decoding: written.lazy.map { UInt8($0.value) }, as: UTF8.self)
            self.init(text: shape == .lower ? text : text.lowercased(), shape: shape)
            return
        }
        var text = String.UnicodeScalarView()
        for scalar in written { text.append(TokenizedText.apostrophes.contains(scalar) ? "'" : scalar) }
        self.init(text: String(String.UnicodeScalarView(String(text).lowercased()._nfc)), shape: shape)
    }
}

extension Unicode.Scalar {
    /// Whether it is punctuation that may end a sentence.
    fileprivate var endsSentences: Bool {
        switch self {
        case ".", "?", "!", ",", ";", ":", "…", "。", "？", "！": true
        default: false
        }
    }
}
