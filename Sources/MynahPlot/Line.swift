/// Points over two axes, joined or not, each with an interval where it has one.
public struct Line: Sendable, Hashable {
    /// One point.
    public struct Point: Sendable, Hashable {
        /// Where it is, in the units of the horizontal axis.
        public var x: Double

        /// Where it is, in the units of the vertical axis.
        public var y: Double

        /// How sure `y` is; nil for a point without an interval.
        public var interval: ClosedRange<Double>?

        /// What a reader sees who points at it; empty for nothing.
        public var note: String

        /// Wraps a point.
        public init(x: Double, y: Double, interval: ClosedRange<Double>? = nil, note: String = "") {
            self.x = x
            self.y = y
            self.interval = interval
            self.note = note
        }
    }

    /// The points, in the order in which they are joined.
    public var points: [Point]

    /// Whether they are joined.
    public var isJoined: Bool

    /// The colour.
    public var ink: Ink

    /// How thick the line is, in CSS pixels.
    public var width: Double

    /// What is written beside the last point; empty for nothing.
    public var label: String

    /// Wraps points.
    public init(
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
public struct Guide: Sendable {
    /// One end, in the units of the axes.
    public var from: (x: Double, y: Double)

    /// The other end.
    public var to: (x: Double, y: Double)

    /// Wraps both ends.
    public init(from: (x: Double, y: Double), to: (x: Double, y: Double)) {
        self.from = from
        self.to = to
    }
}
