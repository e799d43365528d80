import MynahBase
import MynahEvaluation
import MynahPlot

extension Calibration {
    /// Whether probabilities can be believed, as a section of a page.
    ///
    /// - Parameter answers: what they belong to, such as "clips that are named".
    func section(of answers: String) -> PageSection {
        var section = PageSection(id: "calibration", title: "Can the probabilities be believed?")
        let points = bins.compactMap { bin -> Line.Point? in
            guard let accuracy = bin.accuracy, let confidence = bin.meanConfidence else { return nil }
            return Line.Point(
                x: 100 * confidence, y: 100 * accuracy.value,
                interval: 100 * accuracy.interval.lower...100 * accuracy.interval.upper,
                note: "confidence \(NumberText.percent(confidence)): right in \(NumberText.counts(accuracy))")
        }
        section.text = [
            """
            Of the \(answers) with a confidence of 80 %, 80 % should be right. The expected distance (ECE) is \
            \(NumberText.percent(expectedError)), the largest of a bin \
            \(NumberText.percent(maximumError)).
            """
        ]
        section.figures = [
            PageFigure(
                Chart(
                    title: "", height: 300,
                    xAxis: Axis(label: "confidence (%)", range: 0...100, tickCount: 5),
                    yAxis: Axis(label: "accuracy (%)", range: 0...100, tickCount: 5),
                    marks: [
                        .guide(Guide(from: (0, 0), to: (100, 100))),
                        .line(Line(points: points, isJoined: false)),
                    ]),
                title: "Reliability",
                caption: "Points below the dashed line: surer than right. Bars are 95 % intervals.")
        ]
        var table = PageTable(
            "Bins of confidence", columns: ["confidence", "mean", "accuracy", "right of heard", "interval"])
        for bin in bins {
            guard let accuracy = bin.accuracy, let confidence = bin.meanConfidence else { continue }
            table.append([
                NumberText.percentRange(Interval(lower: bin.lower, upper: bin.upper)),
                NumberText.percent(confidence), NumberText.percent(accuracy.value),
                NumberText.counts(accuracy), NumberText.percentRange(accuracy.interval),
            ])
        }
        section.tables = [table]
        return section
    }
}
