import MynahBase
import MynahEvaluation

/// The figures of an evaluation that a reader looks for first.
struct EvaluationCards {
    private let report: EvaluationReport

    init(_ report: EvaluationReport) { self.report = report }

    var cards: [Page.Card] { closedSet + strangers + earlyDecision + openSet }

    private var closedSet: [Page.Card] {
        guard let evaluation = report.closedSet else { return [] }
        let accuracy = evaluation.accuracy
        let overSpeakers = evaluation.speakers.accuracyInterval.map {
            "\(NumberText.percentRange($0)) over speakers, "
        }
        let macroInterval = evaluation.speakers.macroF1Interval.map {
            "\(NumberText.fixedRange($0, decimals: 3)) over speakers"
        }
        return [
            Page.Card(
                name: "Accuracy", value: NumberText.percent(accuracy.value),
                note:
                    "\(NumberText.counts(accuracy)); \(overSpeakers ?? "")\(NumberText.percentRange(accuracy.interval)) over clips"
            ),
            Page.Card(
                name: "Macro F1", value: NumberText.fixed(evaluation.macroF1, decimals: 3),
                note: macroInterval ?? "mean over labels"),
            Page.Card(
                name: "Calibration error", value: NumberText.percent(evaluation.calibration.expectedError),
                note: "ECE, \(evaluation.calibration.bins.count) bins"),
        ]
    }

    private var strangers: [Page.Card] {
        guard let strangers = report.strangers else { return [] }
        return [
            Page.Card(
                name: "Accuracy to expect among strangers", value: NumberText.percent(strangers.accuracy),
                note: "mean recall of all labels, with words never met and noise at all levels")
        ]
    }

    private var earlyDecision: [Page.Card] {
        guard let evaluation = report.earlyDecision else { return [] }
        return [
            Page.Card(
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

    private var openSet: [Page.Card] {
        guard let evaluation = report.openSet else { return [] }
        let score = evaluation.score
        var cards = [
            Page.Card(
                name: "False alarms an hour", value: NumberText.perHour(score.falseAlarms.perHour),
                note:
                    "\(NumberText.counts(score.falseAlarms)); interval \(NumberText.range(score.falseAlarms))"
            )
        ]
        if let misses = score.misses {
            cards.append(
                Page.Card(
                    name: "Missed words", value: NumberText.percent(misses.value),
                    note:
                        "\(NumberText.counts(misses)); interval \(NumberText.percentRange(misses.interval))"))
        }
        if let delays = score.delays {
            cards.append(
                Page.Card(
                    name: "Delay after the word", value: NumberText.wholeMilliseconds(delays.median.value),
                    note: "median; 95 % within \(NumberText.wholeMilliseconds(delays.p95.value))"))
        }
        return cards
    }
}
