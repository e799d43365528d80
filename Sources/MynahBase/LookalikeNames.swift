/// Names, to find those that a person would take for another one: `Yes` and `yes`, `go` and `go `.
///
/// Names look alike when they differ only in case, in blanks at their ends or next to each other, or in characters that
/// have no shape, such as a zero-width space. Two spellings of one name in Unicode, composed and decomposed, do not
/// differ: they are equal as strings.
package struct LookalikeNames: Sendable {
    private let names: [String: [String]]

    /// Takes names, the first ones first.
    package init(_ names: some Sequence<String>) {
        self.names = Dictionary(grouping: names, by: Self.look)
    }

    /// The first of the names that differs from this one, but looks like it.
    package func lookalike(of name: String) -> String? {
        names[Self.look(name)]?.first { $0 != name }
    }

    /// What is left of a name when case, superfluous blanks and shapeless characters are taken away.
    private static func look(_ name: String) -> String {
        var visible = String.UnicodeScalarView()
        visible.append(
            contentsOf: name.unicodeScalars.filter {
                $0.properties.isWhitespace
                    || ![.format, .control].contains($0.properties.generalCategory)
            })
        // In upper case first, which makes one of `ß` and `ss`.
        return String(visible).split(whereSeparator: \.isWhitespace).joined(separator: " ").uppercased()
            .lowercased()
    }
}

extension String {
    /// This text without the blanks at its ends.
    package var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
