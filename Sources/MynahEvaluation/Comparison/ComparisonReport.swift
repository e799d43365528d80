/// Everything that the comparison of two models found, in the form that `mynah compare --json` writes.
public struct ComparisonReport: Codable, Hashable, Sendable {
    /// The name and version of the schema.
    public let schema: String

    /// Where the figures of the first model come from.
    public let first: EvaluationProvenance

    /// Where the figures of the second model come from.
    public let second: EvaluationProvenance

    /// Both models on the same clips.
    public let comparison: PairedComparison

    /// The schema that this version of Mynah writes.
    public static let currentSchema = "mynah.comparison/1"

    /// A report in the current schema.
    public init(
        first: EvaluationProvenance, second: EvaluationProvenance, comparison: PairedComparison
    ) {
        schema = Self.currentSchema
        self.first = first
        self.second = second
        self.comparison = comparison
    }
}
