/// Everything that one evaluation found, in the form that `--json` writes.
///
/// `Documentation/evaluation.md` describes every key. Keys are only ever added within a schema; one that changes its
/// meaning or goes away makes a new schema.
package struct EvaluationReport: Codable, Hashable, Sendable {
    /// The name and version of the schema.
    package let schema: String

    /// Where the figures come from.
    package let provenance: EvaluationProvenance

    /// How well clips that each hold one label are named; nil when that was not evaluated.
    package let closedSet: ClosedSetEvaluation?

    /// How the accuracy changes with time shift, level, noise and transmission; nil when that was not evaluated.
    package let conditions: [ConditionSeries]?

    /// What is heard where there is nothing but noise; nil when that was not evaluated.
    package let noiseAlone: [NoiseAlone]?

    /// What stopping early costs and saves; nil when that was not evaluated, as for a model that is not causal.
    package let earlyDecision: EarlyDecisionEvaluation?

    /// How well words are detected in continuous audio; nil when that was not evaluated.
    package let openSet: OpenSetEvaluation?

    /// The schema that this version of Mynah writes.
    package static let currentSchema = "mynah.evaluation/1"

    /// A report in the current schema.
    package init(
        provenance: EvaluationProvenance, closedSet: ClosedSetEvaluation?,
        conditions: [ConditionSeries]? = nil, noiseAlone: [NoiseAlone]? = nil,
        earlyDecision: EarlyDecisionEvaluation? = nil, openSet: OpenSetEvaluation? = nil
    ) {
        schema = Self.currentSchema
        self.provenance = provenance
        self.closedSet = closedSet
        self.conditions = conditions
        self.noiseAlone = noiseAlone
        self.earlyDecision = earlyDecision
        self.openSet = openSet
    }
}
