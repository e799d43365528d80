import MynahEvaluation
import MynahModel
import MynahPlot
import MynahRecognition

/// The path of a clip's state through the plane of the words, beside the mean path of each word.
struct PathFigure {
    private static let width = 338.0
    static let height = 300.0

    let clip: ClipExplanation

    /// The paths that the model carries, or the plane of the clip alone.
    private var paths: StatePaths {
        if let paths = clip.model.statePaths { return paths }
        return PrincipalPlane(clip.states.map { $0.map { Double($0) } }).paths(of: [], clipCounts: [])
    }

    /// The drawing.
    var drawing: Figure {
        let paths = paths
        var lines: [Line] = []
        for (label, path) in paths.paths.enumerated() where !path.isEmpty {
            lines.append(
                Line(
                    points: path.map { .init(x: Double($0.x), y: Double($0.y)) },
                    ink: clip.ink(of: label), width: clip.ink(of: label) == .grey ? 0.7 : 1.2,
                    label: clip.ink(of: label) == .grey ? "" : clip.model.labels[label]))
        }
        let start = paths.point(of: [Float](repeating: 0, count: paths.center.count))
        let own = [start] + clip.states.map(paths.point(of:))
        let places = own.map { Line.Point(x: Double($0.x), y: Double($0.y)) }
        lines.append(Line(points: places, ink: clip.ink(of: clip.best), width: 3))
        let all = lines.flatMap(\.points)
        if let verdict = clip.verdict {
            var moment = places[verdict.decision + 1]
            moment.note = "decided"
            lines.append(
                Line(points: [moment], isJoined: false, ink: clip.ink(of: verdict.label), label: "decided"))
        }
        lines.append(Line(points: [places[0]], isJoined: false, ink: .grey, label: "start"))
        let (x, y) = Self.ranges(of: all)
        return Figure(
            title: "Path of the state",
            charts: [
                Chart(
                    title: "", height: Self.height,
                    xAxis: Axis(label: "first direction", range: x, tickCount: 5),
                    yAxis: Axis(label: "second direction", range: y, tickCount: 5),
                    marks: lines.map { .line($0) })
            ], style: .page)
    }

    /// Ranges that hold all points, with a margin for labels and the same scale for both.
    static func ranges(of points: [Line.Point]) -> (x: ClosedRange<Double>, y: ClosedRange<Double>) {
        let (xs, ys) = (points.map(\.x), points.map(\.y))
        let (left, right) = (xs.min() ?? 0, xs.max() ?? 1)
        let (bottom, top) = (ys.min() ?? 0, ys.max() ?? 1)
        let scale = 1.16 * max((right - left) / width, (top - bottom) / height, 1e-6)
        func range(_ low: Double, _ high: Double, _ pixels: Double) -> ClosedRange<Double> {
            let middle = (low + high) / 2
            return middle - scale * pixels / 2...middle + scale * pixels / 2
        }
        return (range(left, right, width), range(bottom, top, height))
    }
}
