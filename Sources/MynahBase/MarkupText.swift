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
