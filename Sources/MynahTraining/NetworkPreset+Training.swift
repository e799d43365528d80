public import MynahData
public import MynahNetwork

/// How a network of a shape is trained, unless something else is asked for; models/README.md tells what was tried.
extension NetworkPreset {
    /// Settings of the trainer: one of few weights bears larger steps.
    public var settings: TrainingSettings {
        var settings = TrainingSettings()
        if self == .tiny { settings.learningRate = 8e-3 }
        return settings
    }

    /// What is masked: nothing for one of few weights, which does not learn by heart what it hears.
    public var masks: SpecAugment {
        self == .tiny ? SpecAugment(maximumTimeMaskFrames: 0, maximumMaskedFeatures: 0) : SpecAugment()
    }
}
