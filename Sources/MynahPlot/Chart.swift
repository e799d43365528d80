/// Marks over two axes.
package struct Chart: Sendable {
    /// Something that is drawn over the axes of a chart.
    package enum Mark: Sendable {
        /// A signal.
        case envelope(Envelope)

        /// Values over a grid, with a bar beside the chart that says which colour stands for which value.
        case heatMap(HeatMap)

        /// Points, with their intervals.
        case line(Line)

        /// A straight line to compare with, dashed.
        case guide(Guide)
    }

    /// What the chart shows; empty for no line above it.
    package var title: String

    /// Height of the area between the axes, in CSS pixels.
    package var height: Double

    /// The horizontal axis.
    package var xAxis: Axis

    /// The vertical axis.
    package var yAxis: Axis

    /// What is drawn, the last one on top.
    package var marks: [Mark]

    /// Puts a chart together.
    package init(title: String, height: Double, xAxis: Axis, yAxis: Axis, marks: [Mark]) {
        precondition(height > 0 && height <= 10_000, "a chart of \(height) pixels")
        self.title = title
        self.height = height
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.marks = marks
    }

    var lines: [Line] {
        marks.compactMap { mark in
            guard case .line(let line) = mark else { return nil }
            return line
        }
    }

    var heatMap: HeatMap? {
        for case .heatMap(let map) in marks { return map }
        return nil
    }
}

/// Something that can be drawn, as a file or as part of a page.
package protocol Drawing: Sendable {
    /// The drawing in the format SVG 1.1, with a title for screen readers; always the same for the same value.
    var svg: String { get }
}

/// Charts one above another, as a drawing for page and screen.
package struct Figure: Drawing {
    /// The line above all charts.
    package var title: String

    /// The charts from top to bottom; of neighbours with equal horizontal axes only the lowest is labelled.
    package var charts: [Chart]

    /// Size and colours.
    package var style: FigureStyle

    /// Puts a figure together.
    package init(title: String, charts: [Chart], style: FigureStyle = .sheet) {
        self.title = title
        self.charts = charts
        self.style = style
    }

    /// The figure in the format SVG 1.1.
    package var svg: String {
        var drawing = FigureDrawing(self)
        return drawing.draw()
    }
}

/// A rectangle in CSS pixels.
struct Area {
    var left: Double
    var top: Double
    var width: Double
    var height: Double

    var right: Double { left + width }
    var bottom: Double { top + height }

    /// The place of a value of each axis of a chart that fills this rectangle, held within it.
    func place(x: Double, y: Double, in chart: Chart) -> (x: Double, y: Double) {
        func share(_ value: Double, on axis: Axis) -> Double { min(max(axis.share(value), 0), 1) }
        return (left + width * share(x, on: chart.xAxis), bottom - height * share(y, on: chart.yAxis))
    }
}
