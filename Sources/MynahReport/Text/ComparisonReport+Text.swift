import MynahBase
package import MynahEvaluation

extension ComparisonReport {
    /// Clips of each list in the text.
    private static let listLength = 20

    /// The report as text for a terminal, each line ending in a line break.
    package func text(color: Bool) -> String {
        var sections = [summary(color: color)]
        for (title, clips) in [
            ("Right only with the second model", comparison.gained),
            ("Right only with the first model", comparison.lost),
        ] where !clips.isEmpty {
            let count = clips.count > Self.listLength ? " (the first \(Self.listLength))" : ""
            sections.append(heading("\(title)\(count)", color) + table(of: clips, color: color))
        }
        sections.append(first.text(withSecond: second, color: color))
        return sections.joined(separator: "\n")
    }

    private func summary(color: Bool) -> String {
        var table = TextTable([.left, .right, .left])
        for (name, accuracy) in [
            ("First", comparison.firstAccuracy), ("Second", comparison.secondAccuracy),
        ] {
            table.append([
                name, NumberText.percent(accuracy.value),
                "(\(NumberText.counts(accuracy)); 95 % interval \(NumberText.percentRange(accuracy.interval)))",
            ])
        }
        let interval =
            comparison.differenceInterval.map {
                "over speakers: 95 % interval \(Self.points($0.lower)) to \(Self.points($0.upper))"
            } ?? "over speakers: no interval, the clips show no spread"
        table.append(["Difference", Self.points(comparison.difference), "points; " + interval], .heading)
        let test = comparison.test
        table.append([
            "McNemar", "p = " + Self.probability(test.pValue),
            "\(test.onlyFirstCorrect) clips right only with the first, \(test.onlySecondCorrect) only with the second, "
                + "\(comparison.bothCorrect) with both, \(comparison.neitherCorrect) with neither",
        ])
        return table.render(color: color)
    }

    private func table(of clips: [ChangedClip], color: Bool) -> String {
        func cell(_ label: String) -> String { label.printable.shortened(to: 16) }
        var table = TextTable([.left, .left, .right, .left, .right, .left])
        table.append(["said", "first heard", "", "second heard", "", "clip"], .heading)
        for clip in clips.prefix(Self.listLength) {
            table.append([
                cell(clip.first.label), cell(clip.first.heard),
                NumberText.percent(Double(clip.first.confidence)), cell(clip.second.heard),
                NumberText.percent(Double(clip.second.confidence)), clip.first.path.printable,
            ])
        }
        return table.render(color: color)
    }

    private func heading(_ text: String, _ color: Bool) -> String {
        TextTable.Emphasis.heading.paint(text, color: color) + "\n"
    }

    /// A difference of shares in percentage points: `+1.2`.
    private static func points(_ share: Double) -> String {
        let text = NumberText.fixed(share * 100, decimals: 2)
        return share > 0 ? "+" + text : text
    }

    /// A probability with as many decimals as it takes to see it.
    private static func probability(_ value: Double) -> String {
        value < 0.0001 ? "below 0.0001" : NumberText.fixed(value, decimals: 4)
    }
}
