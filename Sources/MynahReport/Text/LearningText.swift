import MynahBase
import MynahEvaluation
package import MynahTeaching

extension LearningReport {
    /// Before and after, for the terminal, with 95 % intervals.
    package func text(color: Bool) -> String {
        var table = TextTable([.left, .left, .left])
        table.append(["", "before", "after"], .heading)
        func cell(_ share: Proportion?) -> String {
            guard let share else { return "–" }
            return "\(NumberText.counts(share))  (\(NumberText.percentRange(share.interval)) %)"
        }
        func row(_ name: String, _ change: Change<Proportion?>) {
            table.append([name, cell(change.before), cell(change.after)])
        }
        if let heldOut {
            if let heldOutHours {
                func rate(_ trial: KeptTrial) -> String {
                    let rate = EventRate(count: trial.falseAlarms?.count ?? 0, hours: heldOutHours)
                    return "\(NumberText.perHour(rate.perHour))  (\(NumberText.range(rate)))"
                }
                table.append([
                    "false alarms an hour, \(heldOutName.printable) held out", rate(heldOut.before),
                    rate(heldOut.after),
                ])
            }
            row("false alarms, \(heldOutName.printable) held out", heldOut.map(\.falseAlarms))
            row("misses, \(heldOutName.printable) held out", heldOut.map(\.misses))
        }
        row("false alarms, all that was reviewed", all.map(\.falseAlarms))
        row("misses, all that was reviewed", all.map(\.misses))
        if let recordings { row("named rightly, of the recordings", recordings.map { $0 }) }
        return table.render(color: color)
    }
}
