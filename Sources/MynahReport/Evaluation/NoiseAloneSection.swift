import MynahBase
import MynahEvaluation
import MynahPlot

/// What the page says of noise that is heard alone.
struct NoiseAloneSection {
    private let noises: [NoiseAlone]

    init(_ noises: [NoiseAlone]) { self.noises = noises }

    var section: PageSection {
        var section = PageSection(id: "noise-alone", title: "Noise alone")
        section.text = [
            """
            Nothing is said in these clips; whatever is heard as a word would be a false alarm. Bars are 95 % Wilson \
            intervals.
            """
        ]
        section.figures = noises.map(figure)
        section.tables = noises.map(table)
        return section
    }

    private func figure(_ noise: NoiseAlone) -> PageFigure {
        let words = noise.groups.last
        let points = noise.points.compactMap { point -> Line.Point? in
            let total = point.counts.reduce(0, +)
            guard let count = words?.count(in: point), let share = Proportion(count: count, total: total)
            else { return nil }
            return Line.Point(
                x: point.level, y: 100 * share.value,
                interval: 100 * min(share.value, share.interval.lower)...100
                    * max(share.value, share.interval.upper),
                note:
                    "\(tick(point.level)) dB: \(NumberText.percent(share.value)), \(NumberText.counts(share))"
            )
        }
        let levels = noise.points.map(\.level)
        return PageFigure(
            Chart(
                title: "", height: 200,
                xAxis: Axis(
                    label: "level (dB of full scale)",
                    range: (levels.min() ?? 0) - 2...(levels.max() ?? 0) + 2,
                    ticks: levels.map { .init(position: $0, label: tick($0)) }),
                yAxis: Axis(label: "heard as a word (%)", range: 0...100, tickCount: 5),
                marks: [.line(Line(points: points))]),
            title: noise.name, caption: "Clips of noise that are heard as a word of the model.")
    }

    private func table(_ noise: NoiseAlone) -> PageTable {
        var table = PageTable(
            noise.name,
            columns: ["level (dB)"] + noise.groups.map { PageTable.Column.number($0.name) } + [
                .text("words heard most")
            ])
        for point in noise.points {
            table.append(
                [tick(point.level)] + noise.groups.map { "\($0.count(in: point))" }
                    + [noise.words(in: point)])
        }
        return table
    }

    private func tick(_ level: Double) -> String {
        NumberText.fixed(level, decimals: 0).replacing("-", with: "−")
    }
}
