/// Where the state of a network goes while it hears each of its words, in a plane.
///
/// The paths are means over many clips of a word; the plane is the one in which they differ the most. A model carries them
/// so that a new clip's path can be shown beside those of the words, without any recording at hand.
package struct StatePaths: Codable, Hashable, Sendable {
    /// A place in the plane.
    package struct Point: Codable, Hashable, Sendable {
        /// Along the first axis.
        package let x: Float

        /// Along the second axis.
        package let y: Float

        /// Wraps both.
        package init(x: Float, y: Float) {
            self.x = x
            self.y = y
        }

        /// Reads `[x, y]`.
        package init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            x = try values.decode(Float.self)
            y = try values.decode(Float.self)
        }

        /// Writes `[x, y]`.
        package func encode(to encoder: any Encoder) throws {
            var values = encoder.unkeyedContainer()
            try values.encode(x)
            try values.encode(y)
        }
    }

    /// `[R]`, the state in the middle of the plane.
    package let center: [Float]

    /// `[2][R]`, the directions of the axes: unit vectors, at right angles.
    package let axes: [[Float]]

    /// `[C][T]`, the mean path of each label, one place after each step of the network; empty without clips.
    package let paths: [[Point]]

    /// `[C]`, the clips that each path is the mean of.
    package let clipCounts: [Int]

    /// Wraps plane and paths.
    package init(center: [Float], axes: [[Float]], paths: [[Point]], clipCounts: [Int]) {
        self.center = center
        self.axes = axes
        self.paths = paths
        self.clipCounts = clipCounts
    }

    /// Where a state, `[R]`, lies in the plane.
    package func point(of state: [Float]) -> Point {
        precondition(state.count == center.count, "\(state.count) units, expected \(center.count)")
        func place(_ axis: [Float]) -> Float {
            state.indices.reduce(0) { $0 + axis[$1] * (state[$1] - center[$1]) }
        }
        return Point(x: place(axes[0]), y: place(axes[1]))
    }

    /// What does not fit to a model whose states have `stateSize` units, in one line; nil if all is well.
    func fault(stateSize: Int, labelCount: Int) -> String? {
        guard center.count == stateSize, axes.count == 2, axes.allSatisfy({ $0.count == stateSize }) else {
            return "a plane for states of \(center.count) units, expected 2 axes for \(stateSize)"
        }
        guard paths.count == labelCount, clipCounts.count == labelCount else {
            return "\(paths.count) paths of \(clipCounts.count) labels, expected \(labelCount)"
        }
        guard clipCounts.allSatisfy({ $0 >= 0 }) else { return "a number of clips is negative" }
        // What is drawn must have a place, and the drawing an end.
        let values = center + axes.joined() + paths.joined().flatMap { [$0.x, $0.y] }
        guard values.allSatisfy({ abs($0) <= 1e6 }) else { return "a value is beyond ±1e6" }
        return nil
    }
}
