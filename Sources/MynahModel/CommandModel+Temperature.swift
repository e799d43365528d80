extension CommandModel {
    /// The temperatures that a model may have.
    public static let allowedTemperatures: ClosedRange<Float> = 0.05...20

    /// The same model with another temperature, and without settings of detection, whose thresholds held for the old one.
    ///
    /// - Throws: `ModelError.invalidModel` when it is not in `allowedTemperatures`.
    public func withTemperature(_ temperature: Float) throws(ModelError) -> CommandModel {
        try CommandModel(
            labels: labels, frontEnd: frontEnd, normalizer: normalizer, clipSampleCount: clipSampleCount,
            network: network, parameters: parameters, provenance: provenance, temperature: temperature,
            statePaths: statePaths)
    }
}
