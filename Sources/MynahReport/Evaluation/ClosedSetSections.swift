import MynahBase
import MynahEvaluation
import MynahPlot

/// What the page says of clips that each hold one label.
struct ClosedSetSections {
    private let evaluation: ClosedSetEvaluation
    private let address: EvaluationPage.SoundAddress

    init(_ evaluation: ClosedSetEvaluation, address: @escaping EvaluationPage.SoundAddress) {
        self.evaluation = evaluation
        self.address = address
    }

    var sections: [PageSection] {
        var sections = [words, evaluation.calibration.section(of: "clips that are named")]
        if !evaluation.speakers.speakers.isEmpty { sections.insert(speakers, at: 1) }
        sections.append(clips)
        return sections
    }

    // MARK: Words

    private var words: PageSection {
        let confusion = evaluation.confusion
        var section = PageSection(id: "words", title: "Words")
        section.figures = [
            PageFigure(
                ConfusionFigure(labels: confusion.labels, counts: confusion.counts),
                title: "Confusion matrix",
                caption: "Rows: what was said. Columns: what was heard. Right answers lie on the diagonal.")
        ]
        var classes = PageTable(
            "Each label",
            columns: [
                .text("label"), "recall", "right of said", "interval", "precision", "interval", "F1",
                "interval",
            ])
        for scores in evaluation.classes {
            classes.append([
                scores.label, percent(scores.recall), scores.recall.map(NumberText.counts) ?? "–",
                range(scores.recall), percent(scores.precision), range(scores.precision),
                scores.f1.map { NumberText.fixed($0, decimals: 3) } ?? "–",
                scores.f1Interval.map { NumberText.fixedRange($0, decimals: 3) } ?? "–",
            ])
        }
        section.tables.append(classes)
        if !evaluation.mostConfused.isEmpty {
            var pairs = PageTable("Most confused", columns: [.text("said"), .text("heard"), "clips", "of"])
            for pair in evaluation.mostConfused {
                pairs.append([
                    pair.label, pair.heard, NumberText.grouped(pair.count),
                    NumberText.grouped(pair.clipCount),
                ])
            }
            section.tables.append(pairs)
        }
        return section
    }

    // MARK: Speakers

    private var speakers: PageSection {
        let result = evaluation.speakers
        var section = PageSection(id: "speakers", title: "Speakers")
        let values = result.speakers.map(\.accuracy.value).sorted()
        let least = lowerEdge(values.first ?? 0)
        let count = Double(max(1, values.count - 1))
        section.figures = [
            PageFigure(
                Chart(
                    title: "", height: 220,
                    xAxis: Axis(label: "speakers (%)", range: 0...100, tickCount: 5),
                    yAxis: Axis(label: "accuracy (%)", range: least...100, tickCount: 5),
                    marks: [
                        .line(
                            Line(
                                points: values.enumerated().map {
                                    .init(x: 100 * Double($0) / count, y: 100 * $1)
                                }))
                    ]),
                title: "Accuracy by speaker",
                caption:
                    "\(NumberText.grouped(values.count)) speakers, worst first: so many of them have at most this accuracy."
            )
        ]
        var quantiles = PageTable("Spread", columns: [.text("share of speakers"), "accuracy at most"])
        for quantile in result.quantiles {
            quantiles.append([
                NumberText.fixed(100 * quantile.probability, decimals: 0) + " %",
                NumberText.percent(quantile.value),
            ])
        }
        var worst = PageTable(
            "Worst speakers",
            text: "By the upper limit of the interval, so that one unlucky clip does not lead.",
            columns: [.text("speaker"), "accuracy", "right of said", "interval"])
        for speaker in result.speakers.prefix(10) {
            worst.append([
                speaker.speaker, NumberText.percent(speaker.accuracy.value),
                NumberText.counts(speaker.accuracy), NumberText.percentRange(speaker.accuracy.interval),
            ])
        }
        section.tables = [quantiles, worst]
        return section
    }

    // MARK: Clips

    private var clips: PageSection {
        var section = PageSection(id: "clips", title: "Clips worth hearing")
        if !evaluation.confidentlyWrong.isEmpty {
            section.tables.append(
                outcomes(evaluation.confidentlyWrong, title: "Wrong with the highest confidence"))
        }
        section.tables.append(
            outcomes(evaluation.leastProbable, title: "Lowest probability of the true label"))
        return section
    }

    private func outcomes(_ clips: [ClipOutcome], title: String) -> PageTable {
        var table = PageTable(
            title, columns: [.text("said"), "probability", .text("heard"), "probability", .text("clip")])
        for clip in clips {
            table.append([
                .init(text: clip.label), .init(text: NumberText.percent(Double(clip.labelProbability))),
                .init(text: clip.heard, isBad: clip.heard != clip.label),
                .init(text: NumberText.percent(Double(clip.confidence))),
                .init(text: clip.path, isPath: true, sound: address(clip.path)),
            ])
        }
        return table
    }

    private func percent(_ share: Proportion?) -> String {
        share.map { NumberText.percent($0.value) } ?? "–"
    }

    private func range(_ share: Proportion?) -> String {
        share.map { NumberText.percentRange($0.interval) } ?? "–"
    }
}

/// Where an axis of percentages begins on which `share` is still to be seen: a multiple of ten.
func lowerEdge(_ share: Double) -> Double {
    min(90, max(0, (10 * share).rounded(.down) * 10))
}
