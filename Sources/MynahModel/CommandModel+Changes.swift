extension CommandModel {
    /// The temperatures that a model may have.
    package static let allowedTemperatures: ClosedRange<Float> = 0.05...20

    /// The same model with another temperature, and without what held for the old one: thresholds, and the calibration of
    /// clips that are not over.
    ///
    /// - Throws: `ModelError.invalidModel` when it is not in `allowedTemperatures`.
    package func with(temperature: Float) throws(ModelError) -> CommandModel {
        try changed {
            $0.temperature = temperature
            for strictness in Strictness.allCases { $0[strictness] = nil }
            $0.earlyCalibration = nil
        }
    }

    /// The same model with other settings of detection, which are used wherever words are detected.
    ///
    /// - Throws: `ModelError.invalidModel` when they are out of range or name a word that the model does not know.
    ///
    /// - Parameter strictness: where these are to be used.
    public func with(
        detection: DetectionSettings?, for strictness: Strictness = .usual
    ) throws(ModelError) -> CommandModel {
        try changed { $0[strictness] = detection }
    }

    /// The same model with other paths of its state.
    ///
    /// - Throws: `ModelError.invalidModel` when they do not fit to its network and labels.
    package func with(statePaths: StatePaths?) throws(ModelError) -> CommandModel {
        try changed { $0.statePaths = statePaths }
    }

    /// The same model with another calibration of clips that are not over.
    ///
    /// - Throws: `ModelError.invalidModel` when it does not fit to its network.
    package func with(earlyCalibration: EarlyCalibration?) throws(ModelError) -> CommandModel {
        try changed { $0.earlyCalibration = earlyCalibration }
    }

    /// The same model with other spellings of its words.
    ///
    /// - Throws: `ModelError.invalidModel` when they are of a word that the model does not know.
    package func with(spellings: Spellings?) throws(ModelError) -> CommandModel {
        try changed { $0.spellings = spellings }
    }

    /// The same model with another count of the validation clips that it recognizes.
    package func with(
        validationAccuracy: TrainingProvenance.Accuracy
    ) throws(ModelError) -> CommandModel {
        try changed { $0.provenance.validationAccuracy = validationAccuracy }
    }

    /// The same model but for what `change` does to its description; every other part stays, whatever parts there are.
    private func changed(
        _ change: (inout ModelDescription) -> Void
    ) throws(ModelError) -> CommandModel {
        var changed = description
        change(&changed)
        return try CommandModel(changed, parameters: parameters)
    }
}
