import MynahBase
import MynahEvaluation

/// The closed-set part of a report as text.
struct ClosedSetText {
    let evaluation: ClosedSetEvaluation

    /// Columns of the terminal.
    let columns: Int

    /// Whether to use ANSI colours.
    let color: Bool

    private static let labelWidth = 16

    /// Below this number of speakers the interval over them covers the truth in clearly less than 95 % of cases.
    private static let fewSpeakers = 30

    /// The sections in the order in which a reader asks for them, each ending in a line break.
    var sections: [String] {
        var sections = [
            summary,
            section("Classes", classes),
            section(
                "Confusion (rows: said, columns: heard)",
                ConfusionText(confusion: evaluation.confusion, columns: columns).render(color: color)),
        ]
        if !evaluation.mostConfused.isEmpty { sections.append(section("Most confused", mostConfused)) }
        if !evaluation.speakers.speakers.isEmpty { sections.append(section("Speakers", speakers)) }
        sections.append(section("Calibration", calibration))
        if !evaluation.confidentlyWrong.isEmpty {
            sections.append(
                section("Wrong with the highest confidence", outcomes(evaluation.confidentlyWrong)))
        }
        sections.append(
            section("Lowest probability of the true label", outcomes(evaluation.leastProbable)))
        sections.append(section("Slowest clips", slowest))
        return sections
    }

    private func section(_ title: String, _ body: String) -> String {
        TextTable.Emphasis.heading.paint(title, color: color) + "\n" + body
    }

    private func name(_ label: String) -> String {
        label.printable.shortened(to: Self.labelWidth)
    }

    private var summary: String {
        let accuracy = evaluation.accuracy
        let definedF1 = evaluation.classes.compactMap(\.f1).count
        let time = evaluation.time
        var table = TextTable([.left, .right, .left])
        table.append(
            [
                "Accuracy", NumberText.percent(accuracy.value),
                "(\(NumberText.counts(accuracy)); 95 % interval \(NumberText.percentRange(accuracy.interval)))",
            ], .heading)
        table.append(["", "", speakerInterval])
        table.append(
            [
                "Macro F1", NumberText.fixed(evaluation.macroF1, decimals: 3),
                "mean over \(definedF1) of \(evaluation.classes.count) classes"
                    + (evaluation.speakers.macroF1Interval.map {
                        "; over speakers: 95 % interval \(NumberText.fixedRange($0, decimals: 3))"
                    } ?? ""),
            ])
        table.append(["Log loss", NumberText.fixed(evaluation.meanLogLoss, decimals: 3), "nats a clip"])
        table.append(
            [
                "Calibration", NumberText.percent(evaluation.calibration.expectedError),
                "expected error (ECE, \(evaluation.calibration.bins.count) bins)",
            ])
        let factor = time.realTimeFactor.map { "; real-time factor \(NumberText.fixed($0, decimals: 4))" }
        table.append(
            ["Time", NumberText.milliseconds(time.medianSeconds), "median of a clip\(factor ?? "")"])
        return table.render(color: color)
    }

    /// The interval over speakers, or why there is none.
    private var speakerInterval: String {
        let result = evaluation.speakers
        let alone =
            result.clipsWithoutSpeaker > 0
            ? " and \(NumberText.grouped(result.clipsWithoutSpeaker)) clips without one" : ""
        if let interval = result.accuracyInterval {
            let warning =
                result.speakers.count < Self.fewSpeakers ? "; too few speakers, too narrow" : ""
            return "over speakers: 95 % interval \(NumberText.percentRange(interval)), "
                + "\(NumberText.grouped(result.speakers.count)) speakers\(alone)\(warning)"
        }
        let reason =
            switch result.intervalUnavailable {
            case .noSpeakers, nil: "no clip names its speaker"
            case .oneSpeaker: "only one speaker"
            case .noVariation: "all speakers have the same accuracy"
            }
        return "over speakers: no interval, \(reason)"
    }

    private var classes: String {
        var table = TextTable([.left, .right, .right, .left, .right, .right, .left, .right, .left])
        table.append(
            [
                "label", "recall", "right of said", "95 %", "precision", "right of heard", "95 %", "F1",
                "95 %",
            ],
            .heading)
        for scores in evaluation.classes {
            table.append(
                [name(scores.label)] + cells(scores.recall) + cells(scores.precision)
                    + [
                        scores.f1.map { NumberText.fixed($0, decimals: 3) } ?? "–",
                        scores.f1Interval.map { NumberText.fixedRange($0, decimals: 3) } ?? "–",
                    ])
        }
        return table.render(color: color)
    }

    private func cells(_ proportion: Proportion?) -> [String] {
        guard let proportion else { return ["–", "none", "–"] }
        return [
            NumberText.percent(proportion.value), NumberText.counts(proportion),
            NumberText.percentRange(proportion.interval),
        ]
    }

    private var mostConfused: String {
        var table = TextTable([.left, .left, .right, .left])
        table.append(["said", "heard", "clips", ""], .heading)
        for pair in evaluation.mostConfused {
            table.append(
                [
                    name(pair.label), name(pair.heard), NumberText.grouped(pair.count),
                    "of \(NumberText.grouped(pair.clipCount))",
                ])
        }
        return table.render(color: color)
    }

    private var speakers: String {
        let result = evaluation.speakers
        let quantiles = result.quantiles.map { quantile in
            let name =
                switch quantile.probability {
                case 0: "worst"
                case 0.5: "median"
                case 1: "best"
                default: NumberText.fixed(quantile.probability * 100, decimals: 0) + " %"
                }
            return (name: name, value: NumberText.percent(quantile.value))
        }
        var summary = TextTable([.left] + quantiles.map { _ in .right })
        summary.append(["share of speakers"] + quantiles.map(\.name), .heading)
        summary.append(["accuracy at most"] + quantiles.map(\.value))

        var worst = TextTable([.left, .right, .right, .left])
        worst.append(["worst speakers", "accuracy", "right of said", "95 %"], .heading)
        for speaker in result.speakers.prefix(10) {
            worst.append([speaker.speaker.printable.shortened(to: 40)] + cells(speaker.accuracy))
        }
        return summary.render(color: color) + "\n" + worst.render(color: color)
    }

    private var calibration: String {
        var table = TextTable([.right, .right, .right, .left, .left])
        table.append(["confidence", "mean", "accuracy", "", "95 %"], .heading)
        for bin in evaluation.calibration.bins {
            guard let accuracy = bin.accuracy, let confidence = bin.meanConfidence else { continue }
            table.append(
                [
                    NumberText.percentRange(Interval(lower: bin.lower, upper: bin.upper)),
                    NumberText.percent(confidence), NumberText.percent(accuracy.value),
                    NumberText.counts(accuracy), NumberText.percentRange(accuracy.interval),
                ])
        }
        return table.render(color: color)
    }

    private func outcomes(_ clips: [ClipOutcome]) -> String {
        var table = TextTable([.left, .right, .left, .right, .left])
        table.append(["said", "", "heard", "", "clip"], .heading)
        for clip in clips {
            let isRight = clip.label == clip.heard
            table.append(
                [
                    (name(clip.label), .none), (NumberText.percent(Double(clip.labelProbability)), .none),
                    (name(clip.heard), isRight ? .good : .bad),
                    (NumberText.percent(Double(clip.confidence)), .none), (clip.path.printable, .none),
                ])
        }
        return table.render(color: color)
    }

    private var slowest: String {
        var table = TextTable([.right, .right, .left])
        table.append(["time", "audio", "clip"], .heading)
        for clip in evaluation.time.slowest {
            table.append(
                [
                    NumberText.milliseconds(clip.processingSeconds),
                    NumberText.fixed(clip.audioSeconds, decimals: 2) + " s", clip.path.printable,
                ])
        }
        return table.render(color: color)
    }
}
