/// Makes text from outside (a file name, a word) safe to print: one line, no terminal commands.
///
/// Control characters, line and paragraph separators and the marks that turn the writing direction become `\n`, `\t`
/// or `\u{1B}`; everything else stays as it is.
func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: mustBeEscaped) else { return text }
    var safe = ""
    for scalar in text.unicodeScalars {
        if mustBeEscaped(scalar) {
            safe += scalar.escaped(asASCII: true)
        } else {
            safe.unicodeScalars.append(scalar)
        }
    }
    return safe
}

/// Printable text in typographic quotation marks.
func quoted(_ text: String) -> String {
    "“\(printable(text))”"
}

/// A number with its noun, for instance `1 clip` and `2 clips`.
func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
}

/// Printable names one after another, cut off after `limit` of them with the number of the rest.
func listed(_ names: [String], limit: Int) -> String {
    guard !names.isEmpty else { return "none" }
    let shown = names.prefix(limit).map(printable).joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
}

private func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1f, 0x7f...0x9f: true
    case 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069: true
    default: false
    }
}
