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
