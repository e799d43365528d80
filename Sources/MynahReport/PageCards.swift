import MynahEvaluation

/// The figures that a reader looks for first.
struct PageCards {
    /// One figure.
    struct Card {
        let name: String
        let value: String
        let note: String

        var content: [String: Any] { ["name": name, "value": value, "note": note] }
    }

    private let report: EvaluationReport

    init(_ report: EvaluationReport) { self.report = report }

    var cards: [Card] { closedSet + earlyDecision + openSet }

    private var closedSet: [Card] {
        guard let evaluation = report.closedSet else { return [] }
        let accuracy = evaluation.accuracy
        let overSpeakers = evaluation.speakers.accuracyInterval.map {
            "\(NumberText.percentRange($0)) over speakers, "
        }
        let macroInterval = evaluation.speakers.macroF1Interval.map {
            "\(NumberText.fixedRange($0, decimals: 3)) over speakers"
        }
        return [
            Card(
                name: "Accuracy", value: NumberText.percent(accuracy.value),
                note:
                    "\(NumberText.counts(accuracy)); \(overSpeakers ?? "")\(NumberText.percentRange(accuracy.interval)) over clips"
            ),
            Card(
                name: "Macro F1", value: NumberText.fixed(evaluation.macroF1, decimals: 3),
                note: macroInterval ?? "mean over labels"),
            Card(
                name: "Calibration error", value: NumberText.percent(evaluation.calibration.expectedError),
                note: "ECE, \(evaluation.calibration.bins.count) bins"),
        ]
    }

    private var earlyDecision: [Card] {
        guard let evaluation = report.earlyDecision else { return [] }
        return [
            Card(
                name: "Audio saved by stopping early",
                value: NumberText.percent(evaluation.result.savedShare),
                note: "accuracy \(signed(100 * evaluation.difference)) points, confidence "
                    + NumberText.percent(evaluation.confidence))
        ]
    }

    private func signed(_ points: Double) -> String {
        let text = NumberText.fixed(points, decimals: 1)
        return points > 0 ? "+" + text : text.replacing("-", with: "−")
    }

    private var openSet: [Card] {
        guard let evaluation = report.openSet else { return [] }
        let score = evaluation.score
        var cards = [
            Card(
                name: "False alarms an hour", value: NumberText.perHour(score.falseAlarms.perHour),
                note:
                    "\(NumberText.counts(score.falseAlarms)); interval \(NumberText.range(score.falseAlarms))"
            )
        ]
        if let misses = score.misses {
            cards.append(
                Card(
                    name: "Missed words", value: NumberText.percent(misses.value),
                    note:
                        "\(NumberText.counts(misses)); interval \(NumberText.percentRange(misses.interval))"))
        }
        if let delays = score.delays {
            cards.append(
                Card(
                    name: "Delay after the word", value: NumberText.wholeMilliseconds(delays.median.value),
                    note: "median; 95 % within \(NumberText.wholeMilliseconds(delays.p95.value))"))
        }
        return cards
    }
}
