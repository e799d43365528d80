package import MynahData

/// The figures of a speech model on transcribed folders, and where they come from.
package struct SpeechReport: Codable, Sendable {
    /// Where the figures come from.
    package var provenance: EvaluationProvenance

    /// The figures.
    package let result: SpeechEvaluation

    /// Sentences that were to be spelled and cannot be used: they are missing from all figures.
    package let passedOver: PassedOver

    /// What else of the folders is not used, of whatever split.
    package let unusedElsewhere: PassedOver
}
