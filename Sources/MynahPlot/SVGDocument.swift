internal import MynahBase

/// A drawing in the format SVG 1.1 (https://www.w3.org/TR/SVG11/), put together element by element.
///
/// Nothing in it depends on identifiers, style sheets or fonts of its own, so that several drawings can stand in one
/// page, and the same drawing is always the same text.
struct SVGDocument {
    private var text: String

    /// Starts a drawing of so many CSS pixels, with a title for screen readers; `background` is a colour, nil for none.
    init(width: Double, height: Double, title: String, background: String?) {
        let size = (Self.number(width), Self.number(height))
        text = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(size.0)" height="\(size.1)" \
            viewBox="0 0 \(size.0) \(size.1)" role="img" font-family="Helvetica, Arial, sans-serif">
            <title>\(title.escapedAsMarkup)</title>

            """
        if let background {
            add("rect", ["width": size.0, "height": size.1, "fill": background])
        }
    }

    /// Adds an element without content.
    mutating func add(_ name: String, _ attributes: KeyValuePairs<String, String>) {
        text += "<\(name)\(Self.text(of: attributes))/>\n"
    }

    /// Adds an element around those that `content` adds.
    mutating func add(
        _ name: String, _ attributes: KeyValuePairs<String, String>, content: (inout SVGDocument) -> Void
    ) {
        text += "<\(name)\(Self.text(of: attributes))>\n"
        content(&self)
        text += "</\(name)>\n"
    }

    /// Adds one line of writing.
    mutating func write(_ line: String, _ attributes: KeyValuePairs<String, String>) {
        text += "<text\(Self.text(of: attributes))>\(line.escapedAsMarkup)</text>\n"
    }

    /// Adds what a reader sees who points at the element around it.
    mutating func write(tooltip: String) {
        text += "<title>\(tooltip.escapedAsMarkup)</title>\n"
    }

    /// The whole document.
    var finished: String { text + "</svg>\n" }

    /// A coordinate with at most two decimals, which is finer than anything prints.
    static func number(_ value: Double) -> String {
        precondition(value.isFinite, "a coordinate is \(value)")
        // What lies this far outside is not seen anyway.
        let hundredths = Int((min(max(value, -1e6), 1e6) * 100).rounded())
        let (whole, fraction) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
        let sign = hundredths < 0 ? "-" : ""
        if fraction == 0 { return "\(sign)\(whole)" }
        if fraction.isMultiple(of: 10) { return "\(sign)\(whole).\(fraction / 10)" }
        return "\(sign)\(whole).\(fraction < 10 ? "0" : "")\(fraction)"
    }

    private static func text(of attributes: KeyValuePairs<String, String>) -> String {
        attributes.map { " \($0.key)=\"\($0.value.escapedAsMarkup)\"" }.joined()
    }
}
