import MynahBase
import MynahModel

extension DataSummary {
    /// The summary as text for a terminal: a table of the labels, then one line for each further fact.
    ///
    /// Lines end with `\n`. At most `unreadableLimit` unreadable files are named.
    public func table(unreadableLimit: Int = 20) -> String {
        var rows: [[String]] = [["label", "training", "validation", "testing"]]
        for row in labels {
            let isNoise = row.label == StandardLabel.silence && row.clips.total == 0
            let numbers = DataSplit.allCases.map { isNoise ? "noise" : "\(row.clips[$0])" }
            rows.append([row.label.printable] + numbers)
        }
        rows.append(
            ["clips"] + DataSplit.allCases.map { split in "\(labels.reduce(0) { $0 + $1.clips[split] })" })
        if speakers.total > 0 { rows.append(["speakers"] + DataSplit.allCases.map { "\(speakers[$0])" }) }

        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var text = ""
        for row in rows {
            let label = row[0] + String(repeating: " ", count: widths[0] - row[0].count)
            let numbers = row.indices.dropFirst().map { column in
                String(repeating: " ", count: widths[column] - row[column].count) + row[column]
            }
            text += ([label] + numbers).joined(separator: "  ") + "\n"
        }
        for line in facts(unreadableLimit: unreadableLimit) { text += line + "\n" }
        return text
    }

    private func facts(unreadableLimit: Int) -> [String] {
        var lines: [String] = []
        if durations.clipCount > 0 {
            lines.append(
                "decoded \(counted(durations.clipCount, "clip")), \(Self.length(durations.total)): shortest "
                    + "\(Self.hundredths(durations.minimum)) s, median \(Self.hundredths(durations.median)) s, "
                    + "longest \(Self.hundredths(durations.maximum)) s")
        }
        if noiseRecordingCount > 0 {
            lines.append(
                "background noise: \(counted(noiseRecordingCount, "recording")), \(Self.length(noiseSeconds))"
            )
        }
        if negativeRecordingCount > 0 {
            lines.append(
                "without commands: \(counted(negativeRecordingCount, "recording")), "
                    + Self.length(negativeSeconds))
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

    /// A length in the unit that suits it.
    private static func length(_ seconds: Double) -> String {
        if seconds < 120 { return "\(hundredths(seconds)) s" }
        return seconds < 7200 ? "\(hundredths(seconds / 60)) min" : "\(hundredths(seconds / 3600)) h"
    }

    /// A number with two decimals.
    private static func hundredths(_ value: Double) -> String {
        let count = Int((value * 100).rounded())
        let rest = count % 100
        return "\(count / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
