/// A word of a sentence, or a sign in it, as a network reads it.
package struct Word: Hashable, Sendable {
    /// In lower case, and one code point for each letter where there is one (Unicode normalization form C); never empty.
    package let text: String

    /// How it is written, which lower case hides.
    package let shape: WordShape

    /// A word in its normal form; `MynahLanguage.TokenizedText` makes it of what a person wrote.
    package init(text: String, shape: WordShape) {
        self.text = text
        self.shape = shape
    }
}

/// How a word is written: names and titles are told by it where people care for capitals.
package enum WordShape: Int, Hashable, Sendable, CaseIterable {
    /// Without capitals.
    case lower

    /// With a capital in front: `Kitchen`.
    case capitalized

    /// In capitals, two or more: `NBA`.
    case capitals

    /// With capitals elsewhere: `iPhone`.
    case mixed

    /// With a digit in it: `7`, `4th`.
    case number

    /// No letter and no digit in it.
    case sign

    /// The shape of a word as it was written.
    package init(of written: ArraySlice<Unicode.Scalar>) {
        var (upper, letters, isCapitalFirst) = (0, 0, false)
        for scalar in written {
            if scalar.isNumeral {
                self = .number
                return
            }
            guard scalar.isPartOfWord else { continue }
            if scalar.isCapital {
                if letters == 0 { isCapitalFirst = true }
                upper += 1
            }
            letters += 1
        }
        switch (letters, upper) {
        case (0, _): self = .sign
        case (_, 0): self = .lower
        case (2..., letters): self = .capitals
        case (_, 1) where isCapitalFirst: self = .capitalized
        default: self = .mixed
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isNumeral: Bool {
        isASCII ? ("0"..."9").contains(self) : properties.numericType != nil
    }

    fileprivate var isCapital: Bool {
        isASCII
            ? ("A"..."Z").contains(self)
            : properties.isUppercase || properties.generalCategory == .titlecaseLetter
    }
}
