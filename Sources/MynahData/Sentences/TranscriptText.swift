import MynahBase
import MynahModel
@_spi(_Unicode) import Swift

/// The text of a sentence as a speech model spells it.
///
/// It is made of what a person wrote by these rules, in this order:
/// 1. Lower case, and one code point for each letter where there is one (Unicode normalization form C).
/// 2. An apostrophe, straight or curved, stays between two letters (`don't`) and is a blank elsewhere.
/// 3. Letters of all scripts stay, and the marks on them. Invisible characters that join or break lines go.
/// 4. Digits and signs that are read aloud (`%`, `€`, `+`, `&`, `@`, `°` …) are refused: there are several ways to say them, and
///    only who has heard the recording knows which.
/// 5. All other punctuation, hyphens too, and all white space are blanks; several are one, and none stands at an end.
package struct TranscriptText: Hashable, Sendable {
    /// Words of letters, with one blank between them; never empty.
    package let text: String

    /// Why a text cannot be used.
    package struct Fault: Error, Hashable, Sendable {
        /// In words, without the place.
        package let reason: String
    }

    private static let apostrophes: Set<Unicode.Scalar> = [
        "'", "\u{2019}", "\u{2018}", "\u{02BC}", "\u{FF07}",
    ]
    private static let spokenPunctuation: Set<Unicode.Scalar> = [
        "%", "&", "@", "#", "*", "§", "‰", "\u{FF05}",
    ]

    /// Normalises what a person wrote.
    package init(normalising written: String) throws(Fault) {
        var scalars: [Unicode.Scalar] = []
        for scalar in Self.composed(written.lowercased()) {
            if Self.apostrophes.contains(scalar) {
                scalars.append("'")
            } else if scalar.isPartOfWord {
                scalars.append(scalar)
            } else if try Self.isBlank(scalar) {
                scalars.append(SymbolTable.wordBoundary)
            }
        }
        var text = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            func isLetter(_ index: Int) -> Bool {
                scalars.indices.contains(index) && scalars[index].isPartOfWord
            }
            let isWord = scalar.isPartOfWord || scalar == "'" && isLetter(index - 1) && isLetter(index + 1)
            if isWord {
                text.append(scalar)
            } else if let last = text.last, last != SymbolTable.wordBoundary {
                text.append(SymbolTable.wordBoundary)
            }
        }
        if text.last == SymbolTable.wordBoundary { text.removeLast() }
        guard !text.isEmpty else { throw Fault(reason: "the text has no words") }
        self.text = String(text)
    }

    /// Normalises a single word.
    package init(word written: String) throws(Fault) {
        try self.init(normalising: written)
        guard !text.unicodeScalars.contains(SymbolTable.wordBoundary) else {
            throw Fault(reason: "\(written.quoted) is several words, expected one")
        }
    }

    /// Whether a character that is no letter separates words; false where it is as if it were not there.
    private static func isBlank(_ scalar: Unicode.Scalar) throws(Fault) -> Bool {
        let shown = String(scalar).quoted
        switch scalar.properties.generalCategory {
        case .format: return false
        case .decimalNumber, .letterNumber, .otherNumber:
            throw Fault(
                reason: "the text holds the digit \(shown), expected numbers written as they are spoken")
        case .currencySymbol, .mathSymbol, .otherSymbol:
            throw Fault(reason: "the text holds the sign \(shown), expected it written as it is spoken")
        case .privateUse, .unassigned:
            throw Fault(reason: "the text holds the character \(shown), expected letters")
        default:
            guard !spokenPunctuation.contains(scalar) else {
                throw Fault(reason: "the text holds the sign \(shown), expected it written as it is spoken")
            }
            return true
        }
    }

    /// The text in normalization form C, which the standard library has, for Foundation's sake, under this name.
    private static func composed(_ text: String) -> String.UnicodeScalarView {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: text._nfc)
        return scalars
    }
}
