import MynahBase
package import MynahEvaluation
import MynahPlot

/// The report of a model of intents as a page of HTML that needs nothing else.
package struct IntentPage {
    private let report: IntentReport
    private var result: IntentEvaluation { report.result }

    /// A page of a report.
    package init(_ report: IntentReport) { self.report = report }

    /// The page; the same for the same report.
    package var html: String {
        var sections = [intents]
        if !result.slotsByName.isEmpty { sections.append(slots) }
        if let calibration = result.calibration {
            sections.append(calibration.section(of: "phrases that are read"))
        }
        if !result.worst.isEmpty { sections.append(worst) }
        sections.append(origin)
        return Page(
            title: "Model evaluation: \(report.model)",
            lead: "\(report.data), \(report.split). Measured by Mynah \(report.mynahVersion).",
            cards: cards, sections: sections, mynahVersion: report.mynahVersion
        ).html
    }

    private var cards: [Page.Card] {
        func card(_ name: String, _ share: Proportion?) -> Page.Card? {
            share.map {
                Page.Card(
                    name: name, value: NumberText.percent($0.value),
                    note: "\(NumberText.counts($0)); \(NumberText.percentRange($0.interval))")
            }
        }
        let slots = result.slots.f1.map { f1 in
            Page.Card(
                name: "Slot F1", value: NumberText.percent(f1),
                note:
                    "\(NumberText.grouped(result.slots.correct)) right of \(NumberText.grouped(result.slots.expected))"
                    + (result.slots.f1Interval.map { "; \(NumberText.percentRange($0))" } ?? ""))
        }
        return [
            card("Intent right", result.intents), slots, card("All right", result.wholePhrases),
            card("Turned away though right", result.rejected),
            card("Turned away, out of scope", result.outOfScope),
        ].compactMap(\.self)
    }

    private var intents: PageSection {
        var section = PageSection(id: "intents", title: "Intents")
        section.text = [
            """
            \(NumberText.grouped(result.phraseCount)) phrases; below a probability of \
            \(NumberText.fixed(Double(result.threshold), decimals: 2)) a phrase is turned away.
            """
        ]
        section.figures = [
            PageFigure(
                ConfusionFigure(labels: result.confusion.labels, counts: result.confusion.counts),
                title: "Confusion matrix",
                caption:
                    "Rows: what was asked for. Columns: what was heard. Right answers lie on the diagonal.")
        ]
        var table = PageTable(
            "Each intent", columns: [.text("intent"), "recall", "right of asked for", "interval", "F1"])
        for scores in result.classes {
            table.append([
                scores.label, scores.recall.map { NumberText.percent($0.value) } ?? "–",
                scores.recall.map(NumberText.counts) ?? "–",
                scores.recall.map { NumberText.percentRange($0.interval) } ?? "–",
                scores.f1.map { NumberText.percent($0) } ?? "–",
            ])
        }
        section.tables = [table]
        return section
    }

    private var slots: PageSection {
        var section = PageSection(id: "slots", title: "Slots")
        section.text = [
            "A slot is right where it has the right name and all of its words, as CoNLL counts them."
        ]
        var table = PageTable("Each slot", columns: [.text("slot"), "expected", "found", "right", "F1"])
        for scores in result.slotsByName {
            table.append([
                scores.name, NumberText.grouped(scores.expected), NumberText.grouped(scores.found),
                NumberText.grouped(scores.correct), scores.f1.map { NumberText.percent($0) } ?? "–",
            ])
        }
        section.tables = [table]
        return section
    }

    private var worst: PageSection {
        var section = PageSection(id: "worst", title: "Read wrongly, the surest first")
        var table = PageTable(
            "Phrases to look at",
            columns: [
                .text("line"), .text("phrase"), .text("asked for"), .text("heard"), "probability",
            ])
        func named(_ intent: String, _ slots: [String]) -> String {
            slots.isEmpty ? intent : "\(intent): \(slots.joined(separator: ", "))"
        }
        for mistake in result.worst {
            table.append([
                PageTable.Cell(text: mistake.place, isPath: true), PageTable.Cell(text: mistake.text),
                PageTable.Cell(text: named(mistake.intent, mistake.slots)),
                PageTable.Cell(text: named(mistake.heard, mistake.heardSlots), isBad: true),
                PageTable.Cell(text: NumberText.percent(Double(mistake.probability))),
            ])
        }
        section.tables = [table]
        return section
    }

    private var origin: PageSection {
        var section = PageSection(id: "provenance", title: "Where these figures come from")
        section.text = [
            "All intervals are 95 % intervals. The same command on the same files gives the same figures."
        ]
        section.facts = [
            ("command", report.commandLine), ("model", "\(report.model)  (\(report.modelHash))"),
            ("phrases", "\(report.data), \(report.split)  (\(report.dataHash))"),
            ("split by", report.splitRule), ("seed", String(report.seed)),
            ("version", "Mynah \(report.mynahVersion)"), ("machine", report.machine),
        ]
        if !result.unread.isEmpty {
            section.lists = [("Not read, and missing from all figures", result.unread)]
        }
        return section
    }
}
