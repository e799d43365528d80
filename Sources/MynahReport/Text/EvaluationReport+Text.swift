import MynahBase
package import MynahEvaluation

extension EvaluationReport {
    /// The report as text for a terminal.
    ///
    /// Control characters in names and paths are spelled out. Paths are never shortened, so that they can be copied;
    /// they may exceed the width.
    ///
    /// - Parameters:
    ///   - color: Whether to use ANSI colours.
    ///   - columns: The width to keep to, at least 60.
    /// - Returns: Lines, each ending in a line break.
    package func text(color: Bool, columns: Int = 100) -> String {
        var sections: [String] = []
        if let closedSet {
            sections += ClosedSetText(evaluation: closedSet, columns: max(60, columns), color: color).sections
        }
        if let conditions { sections += conditions.map { $0.text(color: color) } }
        if let noiseAlone { sections += noiseAlone.map { $0.text(color: color) } }
        if let unmetWords { sections.append(unmetWords.text(color: color)) }
        if let strangers { sections.append(strangers.text(color: color)) }
        if let earlyDecision {
            sections += EarlyDecisionText(evaluation: earlyDecision, color: color).sections
        }
        if let openSet { sections += OpenSetText(evaluation: openSet, color: color).sections }
        sections += provenance.sections(color: color)
        return sections.joined(separator: "\n")
    }
}

extension EvaluationProvenance {
    /// Where the figures come from, and which clips could not be read, as sections for a terminal.
    func sections(color: Bool) -> [String] {
        [heading(color) + table(of: facts(models: [self]), color: color)] + unreadableSections(color: color)
    }

    /// The same for two models on the same data.
    func text(withSecond second: EvaluationProvenance, color: Bool) -> String {
        let sections =
            [heading(color) + table(of: facts(models: [self, second]), color: color)]
            + unreadableSections(color: color)
        return sections.joined(separator: "\n")
    }

    /// Names and values of what describes the figures, the values as they are.
    func facts(models: [EvaluationProvenance]) -> [(name: String, value: String)] {
        let names = models.count > 1 ? ["first", "second"] : ["model"]
        return zip(names, models).map { ($0, "\($1.model)  (\($1.modelHash))") }
            + zip(names, models).map {
                (models.count > 1 ? "front end, \($0)" : "front end", $1.frontEndHash)
            } + (verifier.map { [("verifier", "\($0.name)  (\($0.hash))")] } ?? []) + [
                ("data", "\(data)\(split.map { ", \($0) split" } ?? "")  (\(dataHash))")
            ] + (splitRule.map { [("split by", $0)] } ?? []) + [
                ("seed", String(seed)),
                ("command", commandLine),
                ("version", "Mynah \(mynahVersion)"),
                ("machine", machine),
                ("unreadable", "\(NumberText.grouped(unreadableClips.count)) clips"),
            ]
    }

    private func heading(_ color: Bool) -> String {
        TextTable.Emphasis.heading.paint("Where these figures come from", color: color) + "\n"
    }

    private func table(of facts: [(name: String, value: String)], color: Bool) -> String {
        var table = TextTable([.left, .left])
        for fact in facts { table.append([fact.name, fact.value.printable]) }
        return table.render(color: color)
    }

    private func unreadableSections(color: Bool) -> [String] {
        guard !unreadableClips.isEmpty else { return [] }
        let title = "Clips that could not be read, missing from all figures"
        let lines = unreadableClips.map { "  \($0.path.printable): \($0.reason.printable)\n" }
        return [TextTable.Emphasis.heading.paint(title, color: color) + "\n" + lines.joined()]
    }
}
