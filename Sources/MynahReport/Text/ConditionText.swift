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
            case .reverberation: "Rooms"
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

extension UnmetWords {
    /// The words as text for a terminal, ending in a line break.
    func text(color: Bool) -> String {
        var table = TextTable([.left, .right, .right, .left])
        table.append(["words never met", "", "clips", "95 %"], .heading)
        for (name, share) in [
            ("taken for a command", taken),
            ("with a probability of \(NumberText.percent(Double(threshold))) or more", takenSurely),
        ] {
            table.append([
                name, NumberText.percent(share.value), NumberText.counts(share),
                NumberText.percentRange(share.interval),
            ])
        }
        for word in worstWords {
            table.append([
                "  \(word.word.printable)", NumberText.percent(word.taken.value),
                NumberText.counts(word.taken),
                NumberText.percentRange(word.taken.interval),
            ])
        }
        let heading = TextTable.Emphasis.heading.paint(
            "Words of \(source.printable), of which no clip was learnt from", color: color)
        return heading + "\n" + table.render(color: color) + "  heard as: \(commands)\n"
    }

    /// The words that are taken for a command most often, ten at most.
    var worstWords: ArraySlice<Word> { words.filter { $0.taken.count > 0 }.prefix(10) }

    /// What was heard, most frequent first.
    var commands: String {
        heard.isEmpty ? "–" : heard.map { "\($0.label.printable) \($0.count)" }.joined(separator: ", ")
    }
}

extension StrangerAccuracy {
    /// The figure and its parts as text for a terminal, ending in a line break.
    func text(color: Bool) -> String {
        var table = TextTable([.left, .right])
        for part in parts { table.append([part.name, part.value]) }
        let heading = TextTable.Emphasis.heading.paint("Accuracy to expect among strangers", color: color)
        return heading + "\n" + table.render(color: color)
    }

    /// Mean recalls by name.
    var parts: [(name: String, value: String)] {
        [
            ("words", words), ("unknown words, three fifths of them never met", unknown),
            ("silence, noise from soft to loud", silence), ("all labels alike", accuracy),
        ].compactMap { name, value in value.map { (name, NumberText.percent($0)) } }
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
