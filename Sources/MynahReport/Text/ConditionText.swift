import MynahBase
import MynahEvaluation
import MynahModel

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

extension NoiseAlone {
    /// The kind as text for a terminal, ending in a line break.
    func text(color: Bool) -> String {
        var table = TextTable([.right] + groups.map { _ in .right } + [.left])
        table.append(["level"] + groups.map(\.name) + ["words heard most"], .heading)
        for point in points {
            table.append(
                ["\(Int(point.level)) dB"] + groups.map { "\($0.count(in: point))" } + [words(in: point)])
        }
        let windows = points.first?.counts.reduce(0, +) ?? 0
        let heading = TextTable.Emphasis.heading.paint(
            "\(name.printable) alone, by level in dB of full scale (\(windows) clips each)", color: color)
        return heading + "\n" + table.render(color: color)
    }

    /// Labels that are counted together.
    struct Group {
        /// What they are called.
        let name: String

        fileprivate let labels: [Int]

        /// How many clips were heard as one of them.
        func count(in point: Point) -> Int { labels.reduce(0) { $0 + point.counts[$1] } }
    }

    /// `_silence_` and `_unknown_`, if the model has them, and all words together.
    var groups: [Group] {
        let standard = labels.indices.filter { !StandardLabel.isWord(labels[$0]) }
        return standard.map { Group(name: labels[$0], labels: [$0]) }
            + [Group(name: "words", labels: labels.indices.filter { StandardLabel.isWord(labels[$0]) })]
    }

    /// The words that were heard at a level, most frequent first, three at most.
    func words(in point: Point) -> String {
        labels.indices
            .filter { StandardLabel.isWord(labels[$0]) && point.counts[$0] > 0 }
            .sorted { (point.counts[$1], $0) < (point.counts[$0], $1) }
            .prefix(3)
            .map { "\(labels[$0].printable) \(point.counts[$0])" }
            .joined(separator: ", ")
    }
}
