import MynahBase
package import MynahData
import MynahModel

extension DataSummary {
    /// The summary as text for a terminal: a table of the labels, then one line for each further fact.
    ///
    /// Lines end with `\n`. At most `unreadableLimit` unreadable files are named.
    package func text(unreadableLimit: Int = 20) -> String {
        var table = TextTable([.left] + DataSplit.allCases.map { _ in .right }, indent: 0)
        table.append(["label"] + DataSplit.allCases.map(\.rawValue))
        for row in labels {
            let isNoise = row.label == StandardLabel.silence && row.clips.total == 0
            table.append(
                [row.label.printable] + DataSplit.allCases.map { isNoise ? "noise" : "\(row.clips[$0])" })
        }
        table.append(
            ["clips"] + DataSplit.allCases.map { split in "\(labels.reduce(0) { $0 + $1.clips[split] })" })
        if speakers.total > 0 {
            table.append(["speakers"] + DataSplit.allCases.map { "\(speakers[$0])" })
        }
        return table.render(color: false)
            + facts(unreadableLimit: unreadableLimit).map { $0 + "\n" }.joined()
    }

    private func facts(unreadableLimit: Int) -> [String] {
        var lines: [String] = []
        if durations.clipCount > 0 {
            lines.append(
                "decoded \(counted(durations.clipCount, "clip")), \(NumberText.duration(durations.total)): shortest "
                    + "\(NumberText.fixed(durations.minimum, decimals: 2)) s, median \(NumberText.fixed(durations.median, decimals: 2)) s, "
                    + "longest \(NumberText.fixed(durations.maximum, decimals: 2)) s")
        }
        if noiseRecordingCount > 0 {
            lines.append(
                "background noise: \(counted(noiseRecordingCount, "recording")), \(NumberText.duration(noiseSeconds))"
            )
        }
        if negativeRecordingCount > 0 {
            lines.append(
                "without commands: \(counted(negativeRecordingCount, "recording")), "
                    + NumberText.duration(negativeSeconds))
        }
        if ignored.hidden + ignored.other + ignored.folders > 0 {
            lines.append(
                "passed over: \(ignored.hidden) hidden, \(counted(ignored.other, "other file")), "
                    + "\(counted(ignored.folders, "inner folder"))")
        }
        lines += notes.map { "note: \($0)" }
        for file in unreadable.prefix(unreadableLimit) {
            lines.append("unreadable: \(file.name.printable) (\(file.reason.printable))")
        }
        if unreadable.count > unreadableLimit {
            lines.append("unreadable: \(unreadable.count - unreadableLimit) more")
        }
        lines.append("data hash \(dataHash)")
        return lines
    }
}
