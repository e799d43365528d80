/// Points over two axes, joined or not, each with an interval where it has one.
package struct Line: Sendable, Hashable {
    /// One point.
    package struct Point: Sendable, Hashable {
        /// Where it is, in the units of the horizontal axis.
        package var x: Double

        /// Where it is, in the units of the vertical axis.
        package var y: Double

        /// How sure `y` is; nil for a point without an interval.
        package var interval: ClosedRange<Double>?

        /// What a reader sees who points at it; empty for nothing.
        package var note: String

        /// Wraps a point.
        package init(x: Double, y: Double, interval: ClosedRange<Double>? = nil, note: String = "") {
            self.x = x
            self.y = y
            self.interval = interval
            self.note = note
        }
    }

    /// The points, in the order in which they are joined.
    package var points: [Point]

    /// Whether they are joined.
    package var isJoined: Bool

    /// The colour.
    package var ink: Ink

    /// How thick the line is, in CSS pixels.
    package var width: Double

    /// What is written beside the last point; empty for nothing.
    package var label: String

    /// Wraps points.
    package init(
        points: [Point], isJoined: Bool = true, ink: Ink = .blue, width: Double = 1.8, label: String = ""
    ) {
        self.points = points
        self.isJoined = isJoined
        self.ink = ink
        self.width = width
        self.label = label
    }
}

/// A straight line from one place of a chart to another.
package struct Guide: Sendable {
    /// One end, in the units of the axes.
    package var from: (x: Double, y: Double)

    /// The other end.
    package var to: (x: Double, y: Double)

    /// Wraps both ends.
    package init(from: (x: Double, y: Double), to: (x: Double, y: Double)) {
        self.from = from
        self.to = to
    }
}
