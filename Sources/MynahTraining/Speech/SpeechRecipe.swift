import MynahAudio
import MynahBase
import MynahData
import MynahFeatures
import MynahModel
import MynahNetwork

/// All that a model of a speech training holds beside weights and normalizer.
struct SpeechRecipe: Sendable {
    let plan: SpeechTraining.Plan
    let network: NetworkDescription
    let summary: SpeechDataSummary
    let moved: [MovedSpeaker]

    /// Sentences of an epoch of training.
    let exampleCount: Int

    /// Length of the noise that is mixed in.
    let noiseSeconds: Double

    let channel: ChannelSelection
    let origin: CommandTraining.Origin

    /// Every setting of training, by name, as the model keeps them.
    var settings: [TrainingProvenance.Setting] {
        let settings = plan.settings
        let batchSize = settings.batchSize(exampleCount: exampleCount)
        let pairs: [(String, any CustomStringConvertible)] = [
            ("epochs", settings.epochCount),
            ("batch size", batchSize),
            ("sentences normalized together", settings.shardSize(batchSize: batchSize)),
            ("learning rate", settings.learningRate),
            ("warm-up epochs", settings.warmUpEpochCount),
            ("weight decay", settings.weightDecay),
            ("gradient norm limit", settings.gradientNormLimit),
            ("layers", plan.layers.map(\.description).joined(separator: ",")),
            ("optimizer", settings.optimizer.rawValue),
            ("schedule", settings.schedule.rawValue),
            ("dropout", settings.dropout.layers),
            ("recurrent dropout", settings.dropout.recurrent),
            ("weight averaging decay", settings.averagingDecay),
            ("patience in epochs", settings.patienceEpochCount),
            ("precision of products", settings.precision.rawValue),
            ("time masks", plan.masks.timeMaskCount),
            ("frames of a time mask", plan.masks.maximumTimeMaskFrames),
            ("feature masks", plan.masks.featureMaskCount),
            ("features of a feature mask", plan.masks.maximumMaskedFeatures),
            ("validation", plan.validates ? "speakers of their own" : "none"),
            ("seconds of noise", Int(noiseSeconds.rounded())),
        ]
        var record = pairs.map { TrainingProvenance.Setting(name: $0.0, value: $0.1.description) }
        record += plan.augmentation.record
        if let start = plan.start { record.append(.init(name: "start", value: start.hash)) }
        if case .channel(let number) = channel { record.append(.init(name: "channel", value: "\(number)")) }
        return record
    }

    /// Puts the model together.
    func model(_ weights: TrainedWeights, normalizer: FeatureNormalizer) throws(ModelError) -> SpeechModel {
        let (network, parameters) = network.folded(weights.parameters)
        return try SpeechModel(
            symbols: summary.symbols, frontEnd: plan.frontEnd, normalizer: normalizer, network: network,
            parameters: parameters,
            provenance: TrainingProvenance(
                seed: plan.settings.seed, commandLine: origin.commandLine, data: summary.provenance,
                dataHash: summary.dataHash, splitRule: summary.splitRule, mynahVersion: mynahVersion,
                date: origin.date, epochCount: weights.epochsTrained, bestEpoch: weights.summary.epoch + 1,
                validationAccuracy: .init(
                    correct: weights.summary.validationCorrect, total: weights.summary.validationTotal),
                settings: settings, attribution: origin.attribution),
            movedSpeakers: moved)
    }
}
