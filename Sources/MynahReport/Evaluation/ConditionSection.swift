import MynahBase
import MynahEvaluation
import MynahPlot

/// What the page says of recordings under other conditions.
struct ConditionSection {
    private let conditions: [ConditionSeries]

    init(_ conditions: [ConditionSeries]) { self.conditions = conditions }

    var section: PageSection {
        var section = PageSection(id: "conditions", title: "Under other conditions")
        section.text = [
            "Every clip with speech is changed in one respect and recognized again. Bars are 95 % intervals over speakers."
        ]
        let least = conditions.flatMap(\.points).map { $0.accuracyInterval?.lower ?? $0.accuracy.value }.min()
        section.figures = conditions.compactMap { figure($0, from: lowerEdge(least ?? 0)) }
        for series in conditions where series.kind == .transmission || series.kind == .reverberation {
            var table = PageTable(
                series.kind == .transmission ? "Transmission" : "Rooms",
                columns: [.text("condition"), "accuracy", "right of said", "over speakers"])
            for point in series.points {
                table.append([
                    point.name, NumberText.percent(point.accuracy.value), NumberText.counts(point.accuracy),
                    point.accuracyInterval.map(NumberText.percentRange) ?? "–",
                ])
            }
            section.tables.append(table)
        }
        return section
    }

    private func figure(_ series: ConditionSeries, from least: Double) -> PageFigure? {
        let (title, caption, label): (String, String, String)
        switch series.kind {
        case .timeShift:
            (title, caption, label) = ("Time shift", "The word comes earlier or later in the clip.", "ms")
        case .gain: (title, caption, label) = ("Level", "The clip is softer or louder.", "gain (dB)")
        case .signalToNoise:
            (title, caption, label) = (
                "Added noise", "Background noise so far below the clip; without added noise on the right.",
                "signal-to-noise ratio (dB)"
            )
        case .reverberation, .transmission: return nil
        }
        let values = series.points.compactMap(\.value)
        guard let first = values.min(), let last = values.max(), first < last else { return nil }
        // The clean recordings stand one step beyond the last ratio.
        let step = (last - first) / Double(max(1, values.count - 1))
        let clean = last + step
        var ticks = values.sorted().map { Axis.Tick(position: $0, label: tick($0)) }
        if series.points.contains(where: { $0.value == nil }) {
            ticks.append(.init(position: clean, label: "none"))
        }
        let points = series.points.map { point in
            let share = point.accuracy.value
            let interval = point.accuracyInterval ?? point.accuracy.interval
            return Line.Point(
                x: point.value ?? clean, y: 100 * share,
                interval: 100 * min(share, interval.lower)...100 * max(share, interval.upper),
                note: "\(point.name): \(NumberText.percent(share)), \(NumberText.counts(point.accuracy))")
        }.sorted { $0.x < $1.x }
        let margin = step / 3
        return PageFigure(
            Chart(
                title: "", height: 200,
                xAxis: Axis(
                    label: label, range: first - margin...(ticks.last?.position ?? last) + margin,
                    ticks: ticks),
                yAxis: Axis(label: "accuracy (%)", range: least...100, tickCount: 5),
                marks: [.line(Line(points: points))]), title: title, caption: caption)
    }

    private func tick(_ value: Double) -> String {
        NumberText.fixed(value, decimals: 0).replacing("-", with: "−")
    }
}
