extension CommandModel {
    /// The temperatures that a model may have.
    public static let allowedTemperatures: ClosedRange<Float> = 0.05...20

    /// The same model with another temperature, and without what held for the old one: thresholds, and the calibration of
    /// clips that are not over.
    ///
    /// - Throws: `ModelError.invalidModel` when it is not in `allowedTemperatures`.
    public func withTemperature(_ temperature: Float) throws(ModelError) -> CommandModel {
        try changed(
            temperature: temperature, detection: nil, statePaths: statePaths, earlyCalibration: nil)
    }

    /// The same model with other settings of detection.
    ///
    /// - Throws: `ModelError.invalidModel` when they are out of range or name a word that the model does not know.
    public func with(detection: DetectionSettings?) throws(ModelError) -> CommandModel {
        try changed(
            temperature: temperature, detection: detection, statePaths: statePaths,
            earlyCalibration: earlyCalibration)
    }

    /// The same model with other paths of its state.
    ///
    /// - Throws: `ModelError.invalidModel` when they do not fit to its network and labels.
    public func with(statePaths: StatePaths?) throws(ModelError) -> CommandModel {
        try changed(
            temperature: temperature, detection: detection, statePaths: statePaths,
            earlyCalibration: earlyCalibration)
    }

    /// The same model with another calibration of clips that are not over.
    ///
    /// - Throws: `ModelError.invalidModel` when it does not fit to its network.
    public func with(earlyCalibration: EarlyCalibration?) throws(ModelError) -> CommandModel {
        try changed(
            temperature: temperature, detection: detection, statePaths: statePaths,
            earlyCalibration: earlyCalibration)
    }

    private func changed(
        temperature: Float, detection: DetectionSettings?, statePaths: StatePaths?,
        earlyCalibration: EarlyCalibration?
    ) throws(ModelError) -> CommandModel {
        try CommandModel(
            labels: labels, frontEnd: frontEnd, normalizer: normalizer, clipSampleCount: clipSampleCount,
            network: network, parameters: parameters, provenance: provenance, temperature: temperature,
            detection: detection, statePaths: statePaths, earlyCalibration: earlyCalibration)
    }
}
