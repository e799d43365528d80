import MynahBase
import MynahData
package import MynahTraining

extension DoctorReport {
    /// The report as text for a terminal, lines ending with `\n`; of each kind at most `limit` clips are named.
    package func text(limit: Int = 10) -> String {
        let worst = labels.filter { $0.clips.total > 0 }.map { $0.clips.training }
        var lines = [
            "\(folder.printable): \(counted(clipCount, "clip")) of \(counted(labels.count, "label")), "
                + "\(counted(speakers.count, "speaker"))"
        ]
        if let least = worst.min(), let most = worst.max() {
            lines.append(
                "training clips of a label: \(NumberText.grouped(least)) to \(NumberText.grouped(most))")
        }
        let rare = labels.filter(\.isRare)
        if !rare.isEmpty {
            lines.append(
                "rare labels: \(listed(rare.map { "\($0.label) (\(NumberText.grouped($0.clips.training)))" }, limit: limit))"
            )
        }
        if !speakers.crossing.isEmpty {
            lines.append("speakers in several splits: \(listed(speakers.crossing, limit: limit))")
        }
        lines += noise.map(\.line)
        lines += notes.map { "note: \($0)" }
        for kind in Finding.Kind.allCases {
            let found = findings.filter { $0.kind == kind }
            lines += section(kind.title, found.map { "\($0.clip.printable)  \($0.detail.printable)" }, limit)
        }
        for (title, groups) in [
            ("same sound, several labels", duplicates.filter(\.crossesLabels)),
            ("same sound, several splits", duplicates.filter(\.crossesSplits)),
            ("same sound", duplicates.filter { !$0.crossesLabels && !$0.crossesSplits }),
        ] {
            lines += section(
                title, groups.map { $0.clips.map(\.clip.printable).joined(separator: "  ") }, limit)
        }
        if let crossValidation { lines += crossValidation.lines(limit: limit) }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// A count and the first few of what it counts; one line where there is nothing.
private func section(_ title: String, _ entries: [String], _ limit: Int) -> [String] {
    var lines = ["\(title): \(entries.isEmpty ? "none" : NumberText.grouped(entries.count))"]
    lines += entries.prefix(limit).map { "  \($0)" }
    if entries.count > limit { lines.append("  … and \(NumberText.grouped(entries.count - limit)) more") }
    return lines
}

extension DoctorReport.Noise {
    fileprivate var line: String {
        guard let seconds else {
            return "noise: \(recording.printable) unreadable (\((reason ?? "").printable))"
        }
        let level = decibels.map { NumberText.fixed($0, decimals: 0) + " dB" } ?? "digital silence"
        return "noise: \(recording.printable)  \(NumberText.duration(seconds)), \(level)"
    }
}

extension CrossValidation.Result {
    fileprivate func lines(limit: Int) -> [String] {
        let share = Double(correct) / Double(max(1, clipCount))
        return [
            "cross-validation in \(foldCount) folds: \(NumberText.percent(share)) of the labels confirmed "
                + "(\(NumberText.grouped(correct)) of \(NumberText.grouped(clipCount)))"
        ]
            + section(
                "most doubted labels",
                doubts.map {
                    "\($0.clip.printable)  sounds like \($0.heard.printable) "
                        + "(\(NumberText.percent(Double($0.heardProbability))))"
                }, limit)
    }
}
