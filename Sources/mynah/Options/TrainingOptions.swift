import ArgumentParser
import FoundationEssentials
import Glibc
import MynahBase
import MynahData
import MynahFeatures
import MynahModel
public import MynahNetwork
public import MynahTraining

/// The settings of training, as options; what is not given stays as in the shipped model.
struct TrainingOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Largest number of passes over the training clips.")
    var epochs = TrainingSettings().epochCount

    @Option(
        parsing: .unconditional,
        help: "Clips per step. Without it 128, or fewer when an epoch would have fewer than 20 steps.")
    var batchSize: Int?

    @Option(
        parsing: .unconditional,
        help: "Highest learning rate, after the warm-up; it falls as --schedule says.")
    var learningRate = TrainingSettings().learningRate

    @Option(parsing: .unconditional, help: "Epochs in which the learning rate rises.")
    var warmUpEpochs = TrainingSettings().warmUpEpochCount

    @Option(help: "How the learning rate falls: cosine, or in three steps.")
    var schedule = TrainingSettings().schedule

    @Option(help: "How gradients change the weights: adamw, or sgd with momentum.")
    var optimizer = TrainingSettings().optimizer

    @Option(parsing: .unconditional, help: "Weight decay.")
    var weightDecay = TrainingSettings().weightDecay

    @Option(parsing: .unconditional, help: "Largest norm of a step's gradient.")
    var gradientNorm = TrainingSettings().gradientNormLimit

    @Option(parsing: .unconditional, help: "Share of each layer's outputs dropped in training, 0 to 0.95.")
    var dropout = TrainingSettings().dropout.layers

    @Option(
        parsing: .unconditional, help: "Share of the state that the gates do not see in training, 0 to 0.95.")
    var recurrentDropout = TrainingSettings().dropout.recurrent

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

    @Option(parsing: .unconditional, help: "Decay per step of the running mean of the weights; 0 for none.")
    var averaging = TrainingSettings().averagingDecay

    @Option(
        parsing: .unconditional,
        help: "Epochs without a better validation accuracy after which training stops.")
    var patience = TrainingSettings().patienceEpochCount

    @Option(parsing: .unconditional, help: "How many stretches of time are masked in each example.")
    var timeMasks = SpecAugment().timeMaskCount

    @Option(parsing: .unconditional, help: "Longest of these stretches, in frames.")
    var timeMaskFrames = SpecAugment().maximumTimeMaskFrames

    @Option(
        parsing: .unconditional, help: "How many bands of neighbouring features are masked in each example.")
    var featureMasks = SpecAugment().featureMaskCount

    @Option(parsing: .unconditional, help: "Widest of these bands, in features.")
    var featureMaskSize = SpecAugment().maximumMaskedFeatures

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

    @Option(parsing: .unconditional, help: "Seed of weights, order, augmentation and dropout.")
    var seed: UInt64 = TrainingSettings().seed

    @Option(
        help: ArgumentHelp(
            "Number format of matrix products, float32 or bfloat16; without it, the faster one on this processor.",
            discussion:
                "bfloat16 needs a processor with AVX-512 BF16; sums are in single precision either way."))
    var precision = ProductPrecision.fastest

    @Option(
        parsing: .unconditional,
        help: """
            Clips of a step that are computed together, and over which channels are normalized; with fewer, more \
            threads can share a step. Without it, half a step, up to 32.
            """)
    var shard: Int?

    @Option(
        parsing: .unconditional,
        help: "Threads; the model does not depend on their number. Without it, one per core.")
    var threads = processorCount()

    var settings: TrainingSettings {
        var settings = TrainingSettings()
        settings.epochCount = epochs
        settings.batchSize = batchSize
        settings.learningRate = learningRate
        settings.warmUpEpochCount = warmUpEpochs
        settings.weightDecay = weightDecay
        settings.gradientNormLimit = gradientNorm
        settings.optimizer = optimizer
        settings.schedule = schedule
        settings.dropout = DropoutRates(layers: dropout, recurrent: recurrentDropout)
        settings.earlyDecisionCount = earlyDecisions
        settings.earlyDecisionShare = earlyShare
        settings.carryShare = carry
        settings.labelSmoothing = labelSmoothing
        settings.averagingDecay = averaging
        settings.patienceEpochCount = patience
        settings.seed = seed
        settings.threadCount = threads
        settings.shardSize = shard
        settings.precision = precision
        return settings
    }

    var masks: SpecAugment {
        SpecAugment(
            timeMaskCount: timeMasks, maximumTimeMaskFrames: timeMaskFrames, featureMaskCount: featureMasks,
            maximumMaskedFeatures: featureMaskSize)
    }

    var shares: SamplingShares {
        SamplingShares(
            silence: silenceShare, unknown: unknownShare, joined: joinedShare, negatives: negativesShare,
            balance: balance)
    }
}

/// Cores that this process may use.
func processorCount() -> Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

// Choices that are given by name on the command line.
extension NetworkPreset: ExpressibleByArgument {}
extension OptimizerKind: ExpressibleByArgument {}
extension ScheduleShape: ExpressibleByArgument {}
extension ProductPrecision: ExpressibleByArgument {}

/// A front end whose settings stand in a JSON file of their own, to compare with the presets.
enum FrontEndFile {
    /// Largest file that is read, in bytes; settings take less than a tenth of it.
    private static let byteLimit = 65_536

    /// Reads the settings, in the form of `frontEnd` in `mynah inspect --json`; training checks them.
    ///
    /// Throws ``CommandError/badFrontEnd(path:reason:)`` when they are not settings, `FileError` when the file cannot be
    /// read.
    static func read(_ path: String) throws -> FrontEndConfiguration {
        let file: TextLines
        do {
            file = try TextLines(contentsOf: path, limitBytes: byteLimit)
        } catch .unreadable(let reason) {
            throw FileError.unreadable(path: path, reason: reason)
        } catch {
            throw CommandError.badFrontEnd(path: path, reason: "\(error)")
        }
        do {
            return try JSONDecoder().decode(FrontEndConfiguration.self, from: Data(file.text.utf8))
        } catch let error as DecodingError {
            throw CommandError.badFrontEnd(path: path, reason: reason(of: error))
        }
    }

    private static func reason(of error: DecodingError) -> String {
        switch error {
        case .typeMismatch(_, let place), .valueNotFound(_, let place), .keyNotFound(_, let place),
            .dataCorrupted(let place):
            (place.codingPath.map(\.stringValue) + [place.debugDescription]).joined(separator: ": ")
        @unknown default: "\(error)"
        }
    }
}
