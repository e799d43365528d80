import MynahText

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
    public func text(color: Bool, columns: Int = 100) -> String {
        var sections: [String] = []
        if let closedSet {
            sections += ClosedSetText(evaluation: closedSet, columns: max(60, columns), color: color).sections
        }
        if let conditions { sections += conditions.map { $0.text(color: color) } }
        sections += provenanceSections(color: color)
        return sections.joined(separator: "\n")
    }

    private func provenanceSections(color: Bool) -> [String] {
        func heading(_ text: String) -> String {
            TextTable.Emphasis.heading.paint(text, color: color) + "\n"
        }
        var table = TextTable([.left, .left])
        for (name, value) in [
            ("model", "\(provenance.model)  (\(provenance.modelHash))"),
            ("front end", provenance.frontEndHash),
            ("data", "\(provenance.data), \(provenance.split) split  (\(provenance.dataHash))"),
            ("seed", String(provenance.seed)),
            ("command", provenance.commandLine),
            ("version", "Mynah \(provenance.mynahVersion)"),
            ("machine", provenance.machine),
            ("unreadable", "\(NumberText.grouped(provenance.unreadableClips.count)) clips"),
        ] {
            table.append([name, value.printable])
        }
        var sections = [heading("Where these figures come from") + table.render(color: color)]
        if !provenance.unreadableClips.isEmpty {
            let lines = provenance.unreadableClips.map { "  \($0.path.printable): \($0.reason.printable)\n" }
            sections.append(
                heading("Clips that could not be read, missing from all figures") + lines.joined())
        }
        return sections
    }
}
