package import MynahEvaluation

/// The report of an evaluation as a page of HTML that needs nothing else: no network, no script, no other file.
///
/// Sound files that lie beside the page are played in it; without them it is complete, too.
package struct EvaluationPage {
    /// Where sounds lie that a report names; nil for those that the page cannot play.
    package typealias SoundAddress = (_ file: String) -> String?

    private let report: EvaluationReport
    private let address: SoundAddress

    /// A page of a report.
    ///
    /// - Parameter address: the address, relative to the page, of a sound that is named as in the report.
    package init(_ report: EvaluationReport, address: @escaping SoundAddress = { _ in nil }) {
        self.report = report
        self.address = address
    }

    /// The page; the same for the same report.
    package var html: String {
        let provenance = report.provenance
        var sections: [PageSection] = []
        if let closedSet = report.closedSet {
            sections += ClosedSetSections(closedSet, address: address).sections
        }
        if let conditions = report.conditions { sections.append(ConditionSection(conditions).section) }
        if let noise = report.noiseAlone { sections.append(NoiseAloneSection(noise).section) }
        if let unmet = report.unmetWords {
            sections.append(StrangerSection(unmet, report.strangers).section)
        }
        if let early = report.earlyDecision { sections.append(EarlyDecisionSection(early).section) }
        if let openSet = report.openSet {
            sections.append(OpenSetSection(openSet, address: address).section)
        }
        sections.append(
            provenance.section(missing: [
                (
                    title: "Files that could not be read, missing from all figures",
                    lines: provenance.unreadableClips.map { "\($0.path): \($0.reason)" }
                )
            ]))
        let split = provenance.split.map { ", \($0) split" } ?? ""
        return Page(
            title: "Model evaluation: \(provenance.model)",
            lead: "\(provenance.data)\(split). Measured by Mynah \(provenance.mynahVersion).",
            cards: EvaluationCards(report).cards, sections: sections, mynahVersion: provenance.mynahVersion
        ).html
    }
}

extension EvaluationProvenance {
    /// The section that says where the figures of a page come from, with lists of what is missing from them.
    func section(missing: [(title: String, lines: [String])]) -> PageSection {
        var section = PageSection(id: "provenance", title: "Where these figures come from")
        section.text = [
            "All intervals are 95 % intervals. The same command on the same files gives the same figures, except for times."
        ]
        section.facts = facts(models: [self])
        section.lists = missing.filter { !$0.lines.isEmpty }
        return section
    }
}
