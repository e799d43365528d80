import ArgumentParser
import MynahData
import MynahNetwork
import MynahTraining

/// How a model of commands is trained, as options.
struct TrainingOptions: ParsableArguments {
    @OptionGroup var optimization: OptimizationOptions<CommandDefaults>

    @OptionGroup var masking: MaskOptions<CommandDefaults>

    @Option(
        parsing: .unconditional,
        help: "Earlier steps of each clip at which a causal network must decide as well.")
    var earlyDecisions = TrainingSettings().earlyDecisionCount

    @Option(parsing: .unconditional, help: "Their share of the loss, 0 to 0.95.")
    var earlyShare = TrainingSettings().earlyDecisionShare

    @Option(
        parsing: .unconditional,
        help: "Share of batches that go on from the state of the batch before, as a stream does, 0 to 0.99.")
    var carry = TrainingSettings().carryShare

    @Option(parsing: .unconditional, help: "Share of the target spread over all labels, 0 to 0.9.")
    var labelSmoothing = TrainingSettings().labelSmoothing

    @Option(parsing: .unconditional, help: "Examples of _silence_ in an epoch, per clip of a word.")
    var silenceShare = CommandTraining.Plan().shares.silence

    @Option(parsing: .unconditional, help: "Examples of _unknown_ in an epoch, per clip of a word.")
    var unknownShare = CommandTraining.Plan().shares.unknown

    @Option(
        parsing: .unconditional,
        help: "Share of the examples of _unknown_ that are two words in succession, 0 to 1.")
    var joinedShare = CommandTraining.Plan().shares.joined

    @Option(
        parsing: .unconditional,
        help: "Examples of _unknown_ from --negatives in an epoch, per clip of a word.")
    var negativesShare = CommandTraining.Plan().shares.negatives

    @Option(
        parsing: .unconditional,
        help: "How far rare words are balanced: from 0, each clip once, to 1, each word equally often.")
    var balance = CommandTraining.Plan().shares.balance

    var settings: TrainingSettings {
        var settings = optimization.settings
        settings.earlyDecisionCount = earlyDecisions
        settings.earlyDecisionShare = earlyShare
        settings.carryShare = carry
        settings.labelSmoothing = labelSmoothing
        return settings
    }

    var masks: SpecAugment { masking.masks }

    /// These options for a network of a shape.
    func suiting(_ preset: NetworkPreset) -> TrainingOptions {
        var options = self
        options.masking.timeMaskFrames = masking.timeMaskFrames ?? preset.masks.maximumTimeMaskFrames
        options.masking.featureMaskSize = masking.featureMaskSize ?? preset.masks.maximumMaskedFeatures
        options.optimization.learningRate = optimization.learningRate ?? preset.settings.learningRate
        return options
    }

    var shares: SamplingShares {
        SamplingShares(
            silence: silenceShare, unknown: unknownShare, joined: joinedShare, negatives: negativesShare,
            balance: balance)
    }
}
