/// Counts of pairs of labels as a grid of cells, for a page: rows are true labels, columns labels heard.
///
/// A cell's depth of colour is its share of the row; the diagonal has a colour of its own.
package struct ConfusionFigure: Drawing {
    /// The names of rows and columns, `[C]`.
    package let labels: [String]

    /// `[C, C]`, one row per true label.
    package let counts: [[Int]]

    private static let wrong = "#d1623c"

    /// Labels of more letters are cut.
    private static let labelLength = 12

    /// Wraps counts; traps unless there are as many rows and columns as labels.
    package init(labels: [String], counts: [[Int]]) {
        precondition(
            counts.count == labels.count && counts.allSatisfy { $0.count == labels.count },
            "\(counts.count) rows for \(labels.count) labels")
        self.labels = labels
        self.counts = counts
    }

    /// The figure in the format SVG 1.1, in the colours of the page around it.
    package var svg: String {
        let names = labels.map {
            $0.count > Self.labelLength ? $0.prefix(Self.labelLength - 1) + "…" : $0[...]
        }
        let gutter = 7 * Double(names.map(\.count).max() ?? 0) + 8
        let cell = min(30, max(6, (FigureStyle.page.width - gutter - 4) / Double(max(1, labels.count))))
        let size = cell * Double(labels.count)
        var svg = SVGDocument(
            width: gutter + size + 4, height: gutter + size + 4, title: "Confusion matrix", background: nil)
        let font = SVGDocument.number(min(11, cell))
        for (index, name) in names.enumerated() {
            let middle = gutter + (Double(index) + 0.5) * cell
            svg.write(
                String(name),
                [
                    "x": SVGDocument.number(gutter - 5), "y": SVGDocument.number(middle + 4),
                    "font-size": font, "text-anchor": "end", "fill": FigureStyle.page.text,
                ])
            svg.write(
                String(name),
                [
                    "transform":
                        "translate(\(SVGDocument.number(middle + 4)) \(SVGDocument.number(gutter - 5))) rotate(-90)",
                    "font-size": font, "fill": FigureStyle.page.text,
                ])
        }
        for (row, values) in counts.enumerated() {
            let total = values.reduce(0, +)
            for (column, count) in values.enumerated() where count > 0 {
                draw(
                    count, of: total, row: row, column: column, x: gutter + Double(column) * cell,
                    y: gutter + Double(row) * cell, size: cell, in: &svg)
            }
        }
        svg.add(
            "rect",
            [
                "x": SVGDocument.number(gutter), "y": SVGDocument.number(gutter),
                "width": SVGDocument.number(size), "height": SVGDocument.number(size), "fill": "none",
                "stroke": FigureStyle.page.axis,
            ])
        return svg.finished
    }

    private func draw(
        _ count: Int, of total: Int, row: Int, column: Int, x: Double, y: Double, size: Double,
        in svg: inout SVGDocument
    ) {
        let isRight = row == column
        // The square root lets single clips be seen beside hundreds.
        let depth = (Double(count) / Double(total)).squareRoot()
        svg.add("g", [:]) { svg in
            svg.write(tooltip: "\(labels[row]) heard as \(labels[column]): \(count) of \(total)")
            svg.add(
                "rect",
                [
                    "x": SVGDocument.number(x), "y": SVGDocument.number(y), "width": SVGDocument.number(size),
                    "height": SVGDocument.number(size), "fill": isRight ? FigureStyle.mark : Self.wrong,
                    "fill-opacity": SVGDocument.number(isRight ? 0.15 + 0.4 * depth : 0.1 + 0.8 * depth),
                ])
            // Counts of four digits fit from this size on.
            guard size >= 20 else { return }
            svg.write(
                "\(count)",
                [
                    "x": SVGDocument.number(x + size / 2), "y": SVGDocument.number(y + size / 2 + 3.5),
                    "font-size": "9.5", "text-anchor": "middle", "fill": FigureStyle.page.text,
                ])
        }
    }
}
