/// Everything that the comparison of two models found, in the form that `mynah compare --json` writes.
package struct ComparisonReport: Codable, Hashable, Sendable {
    /// The name and version of the schema.
    package let schema: String

    /// Where the figures of the first model come from.
    package let first: EvaluationProvenance

    /// Where the figures of the second model come from.
    package let second: EvaluationProvenance

    /// Both models on the same clips.
    package let comparison: PairedComparison

    /// The schema that this version of Mynah writes.
    package static let currentSchema = "mynah.comparison/1"

    /// A report in the current schema.
    package init(
        first: EvaluationProvenance, second: EvaluationProvenance, comparison: PairedComparison
    ) {
        schema = Self.currentSchema
        self.first = first
        self.second = second
        self.comparison = comparison
    }
}
