/// Marks over two axes.
public struct Chart: Sendable {
    /// Something that is drawn over the axes of a chart.
    public enum Mark: Sendable {
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
    public var title: String

    /// Height of the area between the axes, in CSS pixels.
    public var height: Double

    /// The horizontal axis.
    public var xAxis: Axis

    /// The vertical axis.
    public var yAxis: Axis

    /// What is drawn, the last one on top.
    public var marks: [Mark]

    /// Puts a chart together.
    public init(title: String, height: Double, xAxis: Axis, yAxis: Axis, marks: [Mark]) {
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
public protocol Drawing: Sendable {
    /// The drawing in the format SVG 1.1, with a title for screen readers; always the same for the same value.
    var svg: String { get }
}

/// Charts one above another, as a drawing for page and screen.
public struct Figure: Drawing {
    /// The line above all charts.
    public var title: String

    /// The charts from top to bottom; of neighbours with equal horizontal axes only the lowest is labelled.
    public var charts: [Chart]

    /// Size and colours.
    public var style: FigureStyle

    /// Puts a figure together.
    public init(title: String, charts: [Chart], style: FigureStyle = .sheet) {
        self.title = title
        self.charts = charts
        self.style = style
    }

    /// The figure in the format SVG 1.1.
    public var svg: String {
        var drawing = FigureDrawing(self)
        return drawing.draw()
    }
}
