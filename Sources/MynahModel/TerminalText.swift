extension Unicode.Scalar {
    /// Whether a terminal could take this scalar for a command, a line break or a change of writing direction.
    fileprivate var isUnsafeOnTerminal: Bool {
        if (0x20..<0x7F).contains(value) { return false }
        return switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
        }
    }
}

extension String {
    /// Whether this text can be printed to a terminal as it is: no control characters, no line breaks, no bidirectional
    /// overrides.
    var isSafeOnTerminal: Bool { !unicodeScalars.contains(where: \.isUnsafeOnTerminal) }

    /// This text with everything that is unsafe on a terminal written as `\u{…}`.
    var escapedForTerminal: String {
        if isSafeOnTerminal { return self }
        var escaped = ""
        for scalar in unicodeScalars {
            if scalar.isUnsafeOnTerminal {
                escaped += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// This text for use within an error message: escaped, cut to 64 characters, in quotes.
    var quoted: String {
        let start = prefix(64)
        return "'\(String(start).escapedForTerminal)\(start.endIndex == endIndex ? "" : "…")'"
    }
}
