import MynahBase
import MynahEvaluation

extension ConditionSeries {
    /// The series as text for a terminal, ending in a line break.
    func text(color: Bool) -> String {
        let title =
            switch kind {
            case .timeShift: "Time shift"
            case .gain: "Level"
            case .signalToNoise: "Added background noise, by signal-to-noise ratio"
            case .transmission: "Transmission"
            }
        var table = TextTable([.left, .right, .right, .left, .left])
        table.append(["condition", "accuracy", "right of said", "95 %", "over speakers"], .heading)
        for point in points {
            table.append([
                point.name, NumberText.percent(point.accuracy.value), NumberText.counts(point.accuracy),
                NumberText.percentRange(point.accuracy.interval),
                point.accuracyInterval.map(NumberText.percentRange) ?? "–",
            ])
        }
        let heading = TextTable.Emphasis.heading.paint("\(title) (no _silence_)", color: color)
        return heading + "\n" + table.render(color: color)
    }
}
