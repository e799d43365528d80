internal import CGlibc
internal import Glibc

extension String {
    /// Columns that the text takes in a terminal.
    package var displayWidth: Int {
        inUnicodeLocale { reduce(0) { $0 + $1.displayWidth } }
    }

    /// The longest beginning of the text that takes at most `width` columns.
    package func prefix(width: Int) -> String {
        var used = 0
        return inUnicodeLocale {
            String(
                prefix { character in
                    used += character.displayWidth
                    return used <= width
                })
        }
    }

    /// The text, shortened to `width` columns with an ellipsis if it takes more.
    package func shortened(to width: Int) -> String {
        displayWidth <= width ? self : prefix(width: width - 1) + "…"
    }
}

extension Character {
    /// Columns that the character takes in a terminal: those of its code points by `wcwidth`, but no more than 2, which is
    /// what a sequence of emoji takes.
    fileprivate var displayWidth: Int {
        if isASCII { return 1 }
        var width = 0
        for scalar in unicodeScalars {
            // Variation selector 16 asks for the picture of what is text otherwise.
            if scalar.value == 0xfe0f { return 2 }
            // -1 stands for what the C library does not know, for instance what Unicode has added since.
            let columns = wcwidth(numericCast(scalar.value))
            width += columns < 0 ? 1 : Int(columns)
        }
        return min(2, width)
    }
}

/// Unicode as `wcwidth` needs it, whatever the language of the user is.
private nonisolated(unsafe) let unicodeLocale = newlocale(1 << LC_CTYPE, "C.UTF-8", nil)

private func inUnicodeLocale<Result>(_ body: () -> Result) -> Result {
    guard let unicodeLocale else { return body() }
    let previous = uselocale(unicodeLocale)
    defer { uselocale(previous) }
    return body()
}
