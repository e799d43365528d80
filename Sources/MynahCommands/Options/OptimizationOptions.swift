import ArgumentParser
import MynahBase
import MynahData
import MynahNetwork
import MynahTraining

/// What the settings of a kind of training are where nothing is asked for.
protocol TrainingDefaults {
    static var settings: TrainingSettings { get }

    /// What a training learns from, as a sentence begins with it.
    static var examples: String { get }

    /// What is done where nobody says how many there are in a step.
    static var batchSizeHelp: String { get }

    /// When the learning rate is another one, as the sentence goes on; empty where it never is.
    static var learningRateHelp: String { get }
}

extension TrainingDefaults {
    static var learningRateHelp: String { "" }
}

/// How sound is varied and masked where nothing is asked for.
protocol SoundDefaults {
    static var augmentation: Augmentation { get }
    static var masks: SpecAugment { get }

    /// When the longest and the widest mask are others, as the sentence goes on; empty where they never are.
    static var timeMaskHelp: String { get }
    static var featureMaskHelp: String { get }
}

extension SoundDefaults {
    static var timeMaskHelp: String { "" }
    static var featureMaskHelp: String { "" }
}

/// Those of models of commands.
enum CommandDefaults: TrainingDefaults, SoundDefaults {
    static var settings: TrainingSettings { TrainingSettings() }
    static var augmentation: Augmentation { Augmentation() }
    static var masks: SpecAugment { SpecAugment() }
    static var examples: String { "Clips" }
    static var batchSizeHelp: String {
        "Without it 128, or fewer when an epoch would have fewer than 20 steps."
    }
    static var learningRateHelp: String { tinyHelp("\(NetworkPreset.tiny.settings.learningRate)") }
    static var timeMaskHelp: String { tinyHelp("\(NetworkPreset.tiny.masks.maximumTimeMaskFrames)") }
    static var featureMaskHelp: String { tinyHelp("\(NetworkPreset.tiny.masks.maximumMaskedFeatures)") }

    private static func tinyHelp(_ value: String) -> String { ", or \(value) for --preset tiny" }
}

/// Those of speech models.
enum SpeechDefaults: TrainingDefaults, SoundDefaults {
    static var settings: TrainingSettings { .speech }
    static var augmentation: Augmentation { .speech }
    static var masks: SpecAugment { .speech }
    static var examples: String { "Sentences" }
    static var batchSizeHelp: String { "Without it \(settings.batchSize ?? 0)." }
}

/// Those of models of intents.
enum IntentDefaults: TrainingDefaults {
    static var settings: TrainingSettings { .intents }
    static var examples: String { "Phrases" }
    static var batchSizeHelp: String {
        "Without it 64, or fewer when an epoch would have fewer than 20 steps."
    }
}

/// How a network of any kind is trained, as options.
struct OptimizationOptions<Defaults: TrainingDefaults>: ParsableArguments {
    @Option(parsing: .unconditional, help: "Largest number of passes over what is learnt from.")
    var epochs = Defaults.settings.epochCount

    @Option(
        parsing: .unconditional,
        help: "\(Defaults.examples) per step. \(Defaults.batchSizeHelp)")
    var batchSize: Int?

    @Option(
        parsing: .unconditional,
        help: """
            Highest learning rate, after the warm-up; it falls as --schedule says. Without it \(Defaults.settings.learningRate)\
            \(Defaults.learningRateHelp).
            """)
    var learningRate: Float?

    @Option(parsing: .unconditional, help: "Epochs in which the learning rate rises.")
    var warmUpEpochs = Defaults.settings.warmUpEpochCount

    @Option(help: "How the learning rate falls: cosine, or in three steps.")
    var schedule = Defaults.settings.schedule

    @Option(help: "How gradients change the weights: adamw, or sgd with momentum.")
    var optimizer = Defaults.settings.optimizer

    @Option(parsing: .unconditional, help: "Weight decay.")
    var weightDecay = Defaults.settings.weightDecay

    @Option(parsing: .unconditional, help: "Largest norm of a step's gradient.")
    var gradientNorm = Defaults.settings.gradientNormLimit

    @Option(
        parsing: .unconditional,
        help: "Share of each layer's outputs dropped in training, 0 to 0.95.")
    var dropout = Defaults.settings.dropout.layers

    @Option(
        parsing: .unconditional, help: "Share of the state that the gates do not see in training, 0 to 0.95.")
    var recurrentDropout = Defaults.settings.dropout.recurrent

    @Option(parsing: .unconditional, help: "Decay per step of the running mean of the weights; 0 for none.")
    var averaging = Defaults.settings.averagingDecay

    @Option(
        parsing: .unconditional,
        help: "Epochs without a better validation after which training stops.")
    var patience = Defaults.settings.patienceEpochCount

    @Option(parsing: .unconditional, help: "Seed of weights, order, augmentation and dropout.")
    var seed: UInt64 = Defaults.settings.seed

    @Option(
        help: ArgumentHelp(
            "Number format of matrix products, float32 or bfloat16; without it, the faster one on this processor.",
            discussion:
                "bfloat16 needs a processor with AVX-512 BF16; sums are in single precision either way."))
    var precision = ProductPrecision.fastest

    @Option(
        parsing: .unconditional,
        help: """
            \(Defaults.examples) of a step that are computed together, and over which convolutions are normalized; with fewer, \
            more threads can share a step. Without it, half a step, up to 32.
            """)
    var shard: Int?

    @Option(
        parsing: .unconditional,
        help: "Threads; the model does not depend on their number. Without it, one per core.")
    var threads = Ranks.threadCount

    /// What the options say.
    var settings: TrainingSettings {
        var settings = Defaults.settings
        settings.epochCount = epochs
        settings.batchSize = batchSize ?? settings.batchSize
        settings.learningRate = learningRate ?? settings.learningRate
        settings.warmUpEpochCount = warmUpEpochs
        settings.weightDecay = weightDecay
        settings.gradientNormLimit = gradientNorm
        settings.optimizer = optimizer
        settings.schedule = schedule
        settings.dropout = DropoutRates(layers: dropout, recurrent: recurrentDropout)
        settings.averagingDecay = averaging
        settings.patienceEpochCount = patience
        settings.seed = seed
        settings.threadCount = threads
        settings.shardSize = shard ?? settings.shardSize
        settings.precision = precision
        return settings
    }

    /// Takes over what the machine chose when the training was started.
    mutating func takeUp(threads: Int?, precision: ProductPrecision?) {
        self.threads = threads ?? self.threads
        self.precision = precision ?? self.precision
    }
}

/// What is masked in each example, as options.
struct MaskOptions<Defaults: SoundDefaults>: ParsableArguments {
    @Option(parsing: .unconditional, help: "How many stretches of time are masked in each example.")
    var timeMasks = Defaults.masks.timeMaskCount

    @Option(
        parsing: .unconditional,
        help: """
            Longest of these stretches, in frames. Without it \(Defaults.masks.maximumTimeMaskFrames)\
            \(Defaults.timeMaskHelp).
            """)
    var timeMaskFrames: Int?

    @Option(
        parsing: .unconditional, help: "How many bands of neighbouring features are masked in each example.")
    var featureMasks = Defaults.masks.featureMaskCount

    @Option(
        parsing: .unconditional,
        help: """
            Widest of these bands, in features. Without it \(Defaults.masks.maximumMaskedFeatures)\
            \(Defaults.featureMaskHelp).
            """)
    var featureMaskSize: Int?

    /// What is masked in each example.
    var masks: SpecAugment {
        SpecAugment(
            timeMaskCount: timeMasks,
            maximumTimeMaskFrames: timeMaskFrames ?? Defaults.masks.maximumTimeMaskFrames,
            featureMaskCount: featureMasks,
            maximumMaskedFeatures: featureMaskSize ?? Defaults.masks.maximumMaskedFeatures)
    }
}

// Choices that are given by name on the command line.
extension OptimizerKind: ExpressibleByArgument {}
extension ScheduleShape: ExpressibleByArgument {}
extension ProductPrecision: ExpressibleByArgument {}
