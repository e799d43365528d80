import MynahPlot

/// A drawing with what it shows and how to read it.
struct PageFigure {
    let title: String
    let caption: String
    let drawing: any Drawing

    /// A chart of its own.
    init(_ chart: Chart, title: String, caption: String) {
        self.init(
            Figure(title: title, charts: [chart], style: .page), title: title, caption: caption)
    }

    /// A drawing; without title and caption where the words beside it say all.
    init(_ drawing: any Drawing, title: String = "", caption: String = "") {
        self.title = title
        self.caption = caption
        self.drawing = drawing
    }

    var html: HTML {
        HTML(.figure) {
            if !title.isEmpty {
                HTML(.figcaption) {
                    HTML(.b) { title }
                    HTML(.span, .class("quiet")) { caption }
                }
            }
            HTML.drawing(drawing)
        }
    }
}

/// A colour and what it stands for.
struct PageLegend {
    let ink: Ink
    let text: String

    var html: HTML {
        HTML(.li) {
            HTML(.i, .init("style", "background:\(ink.color)"), .init("aria-hidden", "true"))
            text
        }
    }
}

/// A table; columns of names stand on the left, those of numbers on the right.
struct PageTable {
    /// One column.
    struct Column: ExpressibleByStringLiteral {
        let name: String
        let isName: Bool

        /// A column of numbers.
        static func number(_ name: String) -> Column { .init(name: name, isName: false) }

        /// A column of numbers.
        init(stringLiteral name: String) { self = .number(name) }

        /// A column of names or other text.
        static func text(_ name: String) -> Column { .init(name: name, isName: true) }

        private init(name: String, isName: Bool) {
            self.name = name
            self.isName = isName
        }
    }

    /// One cell.
    struct Cell {
        let text: String

        /// Whether it tells of a mistake.
        var isBad = false

        /// Whether it is a path, which may be broken anywhere.
        var isPath = false

        /// The address of a sound that is played beside the text.
        var sound: String?
    }

    private let title: String
    private let text: String
    private let columns: [Column]
    private var rows: [[Cell]] = []

    /// A table without rows.
    init(_ title: String, text: String = "", columns: [Column]) {
        self.title = title
        self.text = text
        self.columns = columns
    }

    /// Adds a row of plain cells.
    mutating func append(_ cells: [String]) { append(cells.map { Cell(text: $0) }) }

    /// Adds a row.
    mutating func append(_ cells: [Cell]) {
        precondition(cells.count == columns.count, "\(cells.count) cells in \(columns.count) columns")
        rows.append(cells)
    }

    var html: HTML {
        HTML(.div, .class("table")) {
            HTML(.h3) { title }
            if !text.isEmpty { HTML(.p, .class("quiet")) { text } }
            // A region that can be reached, and so scrolled, from the keyboard.
            HTML(
                .div, .class("scroll"), .init("role", "region"), .init("aria-label", title),
                .init("tabindex", "0")
            ) {
                HTML(.table) {
                    HTML(.thead) {
                        HTML(.tr) {
                            for column in columns {
                                HTML(.th, .init("scope", "col"), .class(column.isName ? "l" : "")) {
                                    column.name
                                }
                            }
                        }
                    }
                    HTML(.tbody) { for row in rows { HTML(.tr) { html(of: row) } } }
                }
            }
        }
    }

    /// The first cell is the heading of its row.
    private func html(of row: [Cell]) -> [HTML] {
        zip(row, columns).enumerated().map { index, pair in
            let (cell, column) = pair
            let classes = [column.isName ? "l" : nil, cell.isBad ? "bad" : nil, cell.isPath ? "path" : nil]
            let names = HTML.Attribute.class(classes.compactMap(\.self).joined(separator: " "))
            return index == 0
                ? HTML(.th, .init("scope", "row"), names) { content(of: cell) }
                : HTML(.td, names) { content(of: cell) }
        }
    }

    @HTML.Content private func content(of cell: Cell) -> [HTML] {
        cell.text
        if let sound = cell.sound {
            HTML(
                .audio, .init("controls"), .init("preload", "none"), .init("src", sound),
                .init("aria-label", cell.text))
        }
    }
}
