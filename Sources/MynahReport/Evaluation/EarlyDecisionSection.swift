import MynahBase
import MynahEvaluation
import MynahPlot

/// What the page says of stopping before a clip is over.
struct EarlyDecisionSection {
    private let evaluation: EarlyDecisionEvaluation

    init(_ evaluation: EarlyDecisionEvaluation) { self.evaluation = evaluation }

    var section: PageSection {
        var section = PageSection(id: "early", title: "How early the model knows")
        let result = evaluation.result
        let interval = evaluation.differenceInterval.map {
            " (interval over speakers \(points($0.lower)) to \(points($0.upper)))"
        }
        let time =
            evaluation.minimumSeconds == 0
            ? "" : " for \(NumberText.wholeMilliseconds(evaluation.minimumSeconds))"
        section.text = [
            """
            A clip is heard only until one label other than _silence_ has had a probability of at least \
            \(NumberText.percent(evaluation.confidence))\(time). \
            That saves \(NumberText.percent(result.savedShare)) of the audio and changes the accuracy by \
            \(points(evaluation.difference)) points\(interval ?? ""), from \
            \(NumberText.percent(evaluation.wholeAccuracy.value)) to \(NumberText.percent(result.accuracy.value)).
            """
        ]
        section.figures = [timeHeard, tradeoff]
        section.tables = [labels]
        return section
    }

    private func points(_ share: Double) -> String {
        NumberText.fixed(100 * share, decimals: 1).replacing("-", with: "−")
    }

    private var timeHeard: PageFigure {
        let whole = 100 * evaluation.wholeAccuracy.value
        let last = 1000 * evaluation.clipSeconds
        return PageFigure(
            Chart(
                title: "", height: 220,
                xAxis: Axis(label: "time heard (ms)", range: 0...last, tickCount: 5),
                yAxis: Axis(label: "accuracy (%)", range: 0...100, tickCount: 5),
                marks: [
                    .guide(Guide(from: (0, whole), to: (last, whole))),
                    .line(
                        Line(
                            points: evaluation.timeHeard.map {
                                .init(x: 1000 * $0.seconds, y: 100 * $0.accuracy.value)
                            })),
                ]),
            title: "Accuracy against time heard",
            caption: "The most probable label after so much of each clip; dashed: at its end.")
    }

    private var tradeoff: PageFigure {
        let results = evaluation.confidences
        let accuracies = results.flatMap { [$0.accuracy.interval.lower, $0.accuracy.interval.upper] }
        let lower = (100 * (accuracies.min() ?? 0)).rounded(.down)
        let upper = min(100, (100 * (accuracies.max() ?? 1)).rounded(.up))
        let whole = 100 * evaluation.wholeAccuracy.value
        return PageFigure(
            Chart(
                title: "", height: 220,
                xAxis: Axis(label: "audio saved (%)", range: 0...100, tickCount: 5),
                yAxis: Axis(label: "accuracy (%)", range: lower...max(upper, lower + 1), tickCount: 5),
                marks: [
                    .guide(Guide(from: (0, whole), to: (100, whole))),
                    .line(
                        Line(
                            points: results.map { result in
                                let interval = result.accuracy.interval
                                return .init(
                                    x: 100 * result.savedShare, y: 100 * result.accuracy.value,
                                    interval: 100 * interval.lower...100 * interval.upper,
                                    note:
                                        "confidence \(NumberText.percent(result.confidence)): \(NumberText.percent(result.accuracy.value)), \(NumberText.percent(result.savedShare)) saved"
                                )
                            })),
                ]),
            title: "Accuracy against audio saved",
            caption: "One point for each confidence, from 99.5 % on the left to 50 % on the right.")
    }

    private var labels: PageTable {
        var table = PageTable(
            "Earliest safe moment",
            text: "Clips that never become safe count as heard to their end.",
            columns: [.text("said"), "median", "95 % within", "stopped early", "accuracy", "whole clips"])
        for label in evaluation.labels {
            table.append([
                label.label, NumberText.wholeMilliseconds(label.median.value),
                NumberText.wholeMilliseconds(label.p95.value), NumberText.counts(label.stopped),
                NumberText.percent(label.accuracy.value), NumberText.percent(label.wholeAccuracy.value),
            ])
        }
        return table
    }
}
