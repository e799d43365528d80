import MynahBase
import MynahData
package import MynahEvaluation
import MynahPlot

/// The report of a speech model as a page of HTML that needs nothing else.
package struct SpeechPage {
    private let report: SpeechReport
    private let address: EvaluationPage.SoundAddress

    /// A page of a report.
    ///
    /// - Parameter address: the address, relative to the page, of a sound that is named as in the report.
    package init(
        _ report: SpeechReport, address: @escaping EvaluationPage.SoundAddress = { _ in nil }
    ) {
        self.report = report
        self.address = address
    }

    /// The page; the same for the same report.
    package var html: String {
        let provenance = report.provenance
        return Page(
            title: "Model evaluation: \(provenance.model)",
            lead:
                "\(provenance.data)\(provenance.split.map { ", \($0) split" } ?? ""). Measured by Mynah \(provenance.mynahVersion).",
            cards: [
                card("Symbol error rate", report.result.symbols),
                card("Word error rate", report.result.words),
            ],
            sections: [errors, speakers] + (report.result.worst.isEmpty ? [] : [worst]) + [
                provenance.section(missing: [
                    ("Not used, and missing from all figures", report.passedOver.told(limit: .max)),
                    ("Not used of the folder, in whatever split", report.unusedElsewhere.told(limit: .max)),
                ])
            ],
            mynahVersion: provenance.mynahVersion
        ).html
    }

    private func card(_ name: String, _ rate: SpeechEvaluation.ErrorRate) -> Page.Card {
        Page.Card(
            name: name, value: NumberText.percent(rate.value),
            note: (rate.interval.map { "\(NumberText.percentRange($0)) over speakers, " } ?? "")
                + "\(NumberText.grouped(rate.total)) were said")
    }

    private var errors: PageSection {
        var section = PageSection(id: "errors", title: "What is spelled wrongly")
        let result = report.result
        section.text = [
            """
            Of \(NumberText.grouped(result.sentenceCount)) sentences, \(NumberText.duration(result.seconds)), each is read off the \
            network step by step, its most probable symbols without repetitions and blanks. Errors are the fewest changes that make what \
            was spelled of what was said, divided by what was said, so that a rate above 100 % is possible.
            """
        ]
        var table = PageTable(
            "Errors", columns: [.text(""), "errors", "substituted", "inserted", "left out", "said"])
        for (name, rate) in [("symbols", result.symbols), ("words", result.words)] {
            table.append([
                name, NumberText.percent(rate.value), NumberText.grouped(rate.substitutions),
                NumberText.grouped(rate.insertions), NumberText.grouped(rate.deletions),
                NumberText.grouped(rate.total),
            ])
        }
        section.tables = [table]
        return section
    }

    private var speakers: PageSection {
        var section = PageSection(id: "speakers", title: "For whom the model fails")
        let speakers = report.result.speakers
        section.text = ["For the intervals whole speakers are drawn, since what one person says is alike."]
        let last = Double(max(2, speakers.count))
        let highest = max(1, speakers.map(\.symbolErrorRate).max() ?? 0)
        let whole = 100 * report.result.symbols.value
        section.figures = [
            PageFigure(
                Chart(
                    title: "", height: 220,
                    xAxis: Axis(label: "speaker", range: 1...last, tickCount: 5),
                    yAxis: Axis(label: "symbol error rate (%)", range: 0...100 * highest, tickCount: 5),
                    marks: [
                        .guide(Guide(from: (1, whole), to: (last, whole))),
                        .line(
                            Line(
                                points: speakers.enumerated().map {
                                    .init(x: Double($0 + 1), y: 100 * $1.symbolErrorRate)
                                })),
                    ]),
                title: "Symbol error rate of each speaker",
                caption: "From the worst to the best; dashed: of all together.")
        ]
        var table = PageTable(
            "Speakers", columns: [.text("speaker"), "sentences", "length", "symbol errors", "word errors"])
        for speaker in speakers {
            table.append([
                speaker.name, NumberText.grouped(speaker.sentences), NumberText.duration(speaker.seconds),
                NumberText.percent(speaker.symbolErrorRate), NumberText.percent(speaker.wordErrorRate),
            ])
        }
        section.tables = [table]
        return section
    }

    private var worst: PageSection {
        var section = PageSection(id: "worst", title: "Worst sentences")
        var table = PageTable(
            "Sentences to listen to",
            columns: [.text("recording"), "errors", "symbols", .text("said"), .text("spelled")])
        for sentence in report.result.worst {
            table.append([
                PageTable.Cell(text: sentence.name, isPath: true, sound: address(sentence.name)),
                PageTable.Cell(text: NumberText.grouped(sentence.symbolErrors)),
                PageTable.Cell(text: NumberText.grouped(sentence.symbols)),
                PageTable.Cell(text: sentence.said),
                PageTable.Cell(text: sentence.spelled, isBad: true),
            ])
        }
        section.tables = [table]
        return section
    }
}
