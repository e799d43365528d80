extension CommandModel {
    /// The same model with other settings of detection, which are used wherever words are detected.
    ///
    /// - Throws: `ModelError.invalidModel` when they are out of range or name a word that is none of the model's.
    public func withDetection(_ detection: DetectionSettings) throws(ModelError) -> CommandModel {
        try CommandModel(
            labels: labels, frontEnd: frontEnd, normalizer: normalizer, clipSampleCount: clipSampleCount,
            network: network, parameters: parameters, provenance: provenance, temperature: temperature,
            detection: detection)
    }
}
