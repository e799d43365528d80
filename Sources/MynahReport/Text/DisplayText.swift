extension String {
    /// Columns that the text takes in a terminal.
    var displayWidth: Int {
        reduce(0) { $0 + $1.displayWidth }
    }

    /// The longest beginning of the text that takes at most `width` columns.
    func prefix(width: Int) -> String {
        var used = 0
        return String(
            prefix { character in
                used += character.displayWidth
                return used <= width
            })
    }

    /// The text, shortened to `width` columns with an ellipsis if it takes more.
    func shortened(to width: Int) -> String {
        displayWidth <= width ? self : prefix(width: width - 1) + "…"
    }
}

extension Character {
    /// Columns that the character takes in a terminal: 2 for East Asian wide ones and emoji, else 1.
    fileprivate var displayWidth: Int {
        guard let first = unicodeScalars.first else { return 0 }
        if first.properties.isEmojiPresentation { return 2 }
        let isWide = Self.wideRanges.contains { $0.contains(first.value) }
        return isWide || unicodeScalars.contains { $0.value == 0xfe0f } ? 2 : 1
    }

    /// The blocks whose characters are wide or full-width.
    ///
    /// Source: Unicode Standard Annex 11. `wcwidth` would ask the locale of the process, which is C unless a program
    /// sets another one, and knows ASCII only.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x4dbf, 0x4e00...0xa4cf, 0xa960...0xa97c, 0xac00...0xd7a3,
        0xf900...0xfaff, 0xfe30...0xfe6f, 0xff01...0xff60, 0xffe0...0xffe6, 0x1b000...0x1b2ff,
        0x20000...0x3fffd,
    ]
}
