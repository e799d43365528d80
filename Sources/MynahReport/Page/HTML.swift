import MynahBase
import MynahPlot

/// A piece of a page: an element, text, a drawing, or the style sheet.
///
/// Text and the values of attributes are escaped as they are written. Everything else comes from Mynah itself: tags and names
/// of attributes are fixed, drawings are those of `MynahPlot`, and the style sheet is part of the program. So nothing in
/// a label or a file name can become markup.
struct HTML {
    /// The elements that pages are made of (https://html.spec.whatwg.org).
    enum Tag: String {
        case a, audio, b, body, dd, div, dl, dt, figcaption, figure, footer, h1, h2, h3, head, header, html,
            i, li
        case main, meta, nav, p, section, span, style, table, tbody, td, th, thead, title, tr, ul

        /// Whether the element has neither content nor an end tag.
        var isVoid: Bool { self == .meta }

        /// Whether the element stands in a line of text.
        var isInline: Bool {
            switch self {
            case .a, .audio, .b, .i, .span, .td, .th: true
            default: false
            }
        }
    }

    /// An attribute; one without a value is written as its name alone.
    struct Attribute {
        fileprivate let name: StaticString
        fileprivate let value: String?

        init(_ name: StaticString, _ value: String? = nil) {
            self.name = name
            self.value = value
        }

        fileprivate var isEmptyClass: Bool { value == "" && "\(name)" == "class" }

        /// The classes of the style sheet that an element has, with blanks between them; none for an empty text.
        static func `class`(_ names: String) -> Attribute { .init("class", names) }
    }

    private enum Kind {
        case text(String)
        case element(Tag, [Attribute], [HTML])
        case drawing(any Drawing)
        case styleSheet(String)
    }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// An element around its content.
    init(_ tag: Tag, _ attributes: Attribute..., @Content content: () -> [HTML] = { [] }) {
        kind = .element(tag, attributes, content())
    }

    /// Text from anywhere, on one line.
    static func text(_ text: String) -> HTML { .init(.text(text)) }

    /// A drawing.
    static func drawing(_ drawing: any Drawing) -> HTML { .init(.drawing(drawing)) }

    /// The style sheet of all pages.
    static var style: HTML { .init(.element(.style, [], [.init(.styleSheet(PageStyle.sheet))])) }

    /// The document, with this as its outermost element.
    var document: String {
        var document = "<!DOCTYPE html>\n"
        write(to: &document)
        return document
    }

    private func write(to document: inout String) {
        switch kind {
        case .text(let text): document += text.escapedAsMarkup
        case .drawing(let drawing): document += drawing.svg
        case .styleSheet(let sheet): document += sheet
        case .element(let tag, let attributes, let content):
            document += "<\(tag.rawValue)"
            for attribute in attributes where !attribute.isEmptyClass {
                document += " \(attribute.name)"
                if let value = attribute.value { document += "=\"\(value.escapedAsMarkup)\"" }
            }
            document += ">"
            for part in content { part.write(to: &document) }
            if !tag.isVoid { document += "</\(tag.rawValue)>" }
            if !tag.isInline { document += "\n" }
        }
    }

    /// Lists what stands inside an element, as statements: elements, texts, and `if` and `for` over them.
    @resultBuilder enum Content {
        static func buildExpression(_ part: HTML) -> [HTML] { [part] }
        static func buildExpression(_ parts: [HTML]) -> [HTML] { parts }
        static func buildExpression(_ text: String) -> [HTML] { [.text(text)] }
        static func buildBlock(_ parts: [HTML]...) -> [HTML] { parts.flatMap(\.self) }
        static func buildOptional(_ parts: [HTML]?) -> [HTML] { parts ?? [] }
        static func buildEither(first parts: [HTML]) -> [HTML] { parts }
        static func buildEither(second parts: [HTML]) -> [HTML] { parts }
        static func buildArray(_ parts: [[HTML]]) -> [HTML] { parts.flatMap(\.self) }
    }
}
