import MynahBase
import MynahEvaluation

/// The part of a report on early decisions as text.
struct EarlyDecisionText {
    let evaluation: EarlyDecisionEvaluation

    /// Whether to use ANSI colours.
    let color: Bool

    /// Every so many seconds of audio the text tells the accuracy; the JSON has all of them.
    private static let timeStep = 0.1

    /// The sections, each ending in a line break.
    var sections: [String] {
        let confidence = NumberText.percent(evaluation.confidence)
        return [
            section("Stopping early, when a label is sure (confidence \(confidence))", summary),
            section("Earliest safe moment", labels),
            section("Accuracy against confidence and audio saved", confidences),
            section("Accuracy against time heard", timeHeard),
        ]
    }

    private func section(_ title: String, _ body: String) -> String {
        TextTable.Emphasis.heading.paint(title, color: color) + "\n" + body
    }

    private var summary: String {
        let result = evaluation.result
        var table = TextTable([.left, .right, .left])
        table.append(["audio saved", NumberText.percent(result.savedShare), "of all clips together"])
        table.append([
            "clips stopped", NumberText.percent(result.stopped.value),
            "(\(NumberText.counts(result.stopped)))",
        ])
        let interval = evaluation.differenceInterval.map {
            "; over speakers: 95 % interval \(NumberText.percentRange($0))"
        }
        table.append([
            "accuracy", NumberText.percent(result.accuracy.value),
            "whole clips \(NumberText.percent(evaluation.wholeAccuracy.value)), difference "
                + "\(NumberText.fixed(100 * evaluation.difference, decimals: 1)) points\(interval ?? "")",
        ])
        return table.render(color: color)
    }

    private var labels: String {
        var table = TextTable([.left, .right, .right, .right, .left, .right, .right])
        table.append(["said", "median", "95 %", "stopped", "", "accuracy", "whole clips"], .heading)
        for label in evaluation.labels {
            table.append([
                label.label.printable.shortened(to: 16), NumberText.wholeMilliseconds(label.median.value),
                NumberText.wholeMilliseconds(label.p95.value), NumberText.percent(label.stopped.value),
                NumberText.counts(label.stopped), NumberText.percent(label.accuracy.value),
                NumberText.percent(label.wholeAccuracy.value),
            ])
        }
        return table.render(color: color)
    }

    private var confidences: String {
        var table = TextTable([.right, .right, .right, .left, .left])
        table.append(["confidence", "audio saved", "accuracy", "", "95 %"], .heading)
        for result in evaluation.confidences {
            table.append([
                NumberText.percent(result.confidence), NumberText.percent(result.savedShare),
                NumberText.percent(result.accuracy.value), NumberText.counts(result.accuracy),
                NumberText.percentRange(result.accuracy.interval),
            ])
        }
        return table.render(color: color)
    }

    private var timeHeard: String {
        var table = TextTable([.right, .right, .left, .left])
        table.append(["heard", "accuracy", "", "95 %"], .heading)
        var next = Self.timeStep
        for point in evaluation.timeHeard
        where point.seconds + 1e-9 >= next || point == evaluation.timeHeard.last {
            while next <= point.seconds + 1e-9 { next += Self.timeStep }
            table.append([
                NumberText.wholeMilliseconds(point.seconds), NumberText.percent(point.accuracy.value),
                NumberText.counts(point.accuracy), NumberText.percentRange(point.accuracy.interval),
            ])
        }
        return table.render(color: color)
    }
}
