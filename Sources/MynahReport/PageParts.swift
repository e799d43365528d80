import MynahBase
import MynahPlot

/// A part of the page with a heading: text, then figures, then tables.
struct PageSection {
    let id: String
    let title: String
    var text: [String] = []
    var figures: [PageFigure] = []
    var tables: [PageTable] = []

    /// As the template takes it.
    var content: [String: Any] {
        var content: [String: Any] = [
            "id": id, "title": title, "text": text.map(\.printable), "tables": tables.map(\.content),
        ]
        if !figures.isEmpty { content["figures"] = ["items": figures.map(\.content)] }
        return content
    }
}

/// A drawing with what it shows and how to read it.
struct PageFigure {
    let title: String
    let caption: String
    let svg: String

    /// A chart of its own.
    init(_ chart: Chart, title: String, caption: String) {
        self.title = title
        self.caption = caption
        svg = Figure(title: title, charts: [chart], style: .page).svg
    }

    /// A drawing that is made already.
    init(svg: String, title: String, caption: String) {
        self.title = title
        self.caption = caption
        self.svg = svg
    }

    var content: [String: Any] { ["title": title, "caption": caption, "svg": svg] }
}

/// A table; of the columns, those on the left hold names and the others numbers.
struct PageTable {
    /// One cell.
    struct Cell {
        let text: String
        var kind = ""
        var sound: String?

        var content: [String: Any] {
            var content: [String: Any] = ["text": text.printable, "class": kind]
            if let sound { content["sound"] = sound }
            return content
        }
    }

    private let title: String
    private let text: String
    private let columns: [(name: String, isName: Bool)]
    private var rows: [[Cell]] = []

    /// A table without rows; a column whose name begins with `<` holds names, which stand on the left.
    init(_ title: String = "", text: String = "", columns: [String]) {
        self.title = title
        self.text = text
        self.columns = columns.map {
            $0.hasPrefix("<") ? (String($0.dropFirst()), true) : ($0, false)
        }
    }

    var isEmpty: Bool { rows.isEmpty }

    /// Adds a row of plain cells.
    mutating func append(_ cells: [String]) { append(cells.map { Cell(text: $0) }) }

    /// Adds a row.
    mutating func append(_ cells: [Cell]) {
        precondition(cells.count == columns.count, "\(cells.count) cells in \(columns.count) columns")
        rows.append(
            zip(cells, columns).map { cell, column in
                var cell = cell
                if cell.kind.isEmpty, column.isName { cell.kind = "l" }
                return cell
            })
    }

    var content: [String: Any] {
        // What is absent here would be looked for in the section around it.
        let absent = false
        return [
            "title": title.isEmpty ? absent : title,
            "text": text.isEmpty ? absent : text.printable,
            "head": columns.map { ["text": $0.name, "class": $0.isName ? "l" : ""] },
            "rows": rows.map { ["cells": $0.map(\.content)] },
        ]
    }
}
