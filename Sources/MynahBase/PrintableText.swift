import CGlibc
import Glibc

// Text from outside (a file name, a label, a line of a model file), made safe to print.

extension String {
    /// This text on one line, with whatever a terminal could take for a command, a line break or a change of writing
    /// direction written as `\n`, `\t` or `\u{1B}`, and bytes that are not UTF-8 as `\xE4`.
    package var printable: String {
        if isPrintable { return self }
        var safe = ""
        for scalar in unicodeScalars {
            if let byte = scalar.undecodedByte {
                safe += UndecodedByte.escape(byte)
            } else if scalar.isUnprintable {
                safe += scalar.escaped(asASCII: true)
            } else {
                safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    /// Whether ``printable`` changes nothing.
    package var isPrintable: Bool { !unicodeScalars.contains(where: \.isUnprintable) }

    /// This text for use within a message: printable, cut to 64 characters, in quotation marks.
    package var quoted: String {
        let start = prefix(64)
        return "'\(String(start).printable)\(start.endIndex == endIndex ? "" : "…")'"
    }
}

extension String {
    /// As one word of a shell: as it is where that is safe, else within single quotation marks, of the kind that has
    /// escapes (bash, zsh, ksh) where characters cannot be printed.
    package var quotedForShell: String {
        let isSafe =
            !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "_-./+,:@%=".utf8.contains(byte)
                }
            }
        if isSafe { return self }
        if printable == self {
            return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
                + "'"
        }
        let digits = Array("0123456789ABCDEF")
        let body = pathBytes.map { byte -> String in
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\\"): "\\" + String(UnicodeScalar(byte))
            case 0x20...0x7e: String(UnicodeScalar(byte))
            default: "\\x\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return "$'" + body.joined() + "'"
    }
}

extension Unicode.Scalar {
    fileprivate var isUnprintable: Bool {
        // Nearly all text is ASCII, for which the Unicode tables need not be asked.
        if value < 0x7f { return value < 0x20 }
        if undecodedByte != nil { return true }
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        // The joiners belong to emoji and to several scripts.
        case .format: return value != 0x200c && value != 0x200d
        default: return false
        }
    }
}

extension String {
    /// This text on one line, ``printable``, and well-formed between tags and in quotation marks of HTML and XML
    /// (XML 1.0, sections 2.2 and 2.4).
    package var escapedAsMarkup: String {
        var escaped = ""
        for scalar in printable.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            // XML knows no escape for these two.
            case "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

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
