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
        if let earlyDecision {
            sections += EarlyDecisionText(evaluation: earlyDecision, color: color).sections
        }
        if let openSet { sections += OpenSetText(evaluation: openSet, color: color).sections }
        sections += provenance.sections(color: color)
        return sections.joined(separator: "\n")
    }
}
