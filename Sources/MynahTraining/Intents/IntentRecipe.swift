import MynahBase
import MynahData
import MynahModel
import MynahNetwork

/// All that a model of an intent training holds beside weights and calibration.
struct IntentRecipe: Sendable {
    let plan: IntentTraining.Plan
    let classes: PhraseClasses
    let table: WordTable
    let network: NetworkDescription
    let summary: PhraseSummary
    let slotsOfIntents: [[Int]]

    /// Examples of an epoch of training.
    let exampleCount: Int

    let origin: CommandTraining.Origin

    /// Every setting of training, by name, as the model keeps them.
    var settings: [TrainingProvenance.Setting] {
        let settings = plan.settings
        let batchSize = settings.batchSize(exampleCount: exampleCount)
        let pairs: [(String, any CustomStringConvertible)] = [
            ("epochs", settings.epochCount),
            ("batch size", batchSize),
            ("phrases computed together", settings.shardSize(batchSize: batchSize)),
            ("learning rate", settings.learningRate),
            ("warm-up epochs", settings.warmUpEpochCount),
            ("weight decay", settings.weightDecay),
            ("gradient norm limit", settings.gradientNormLimit),
            ("size of a word", plan.wordSize),
            ("layers", plan.layers.map(\.description).joined(separator: ",")),
            ("read-out", plan.readOut.description),
            ("optimizer", settings.optimizer.rawValue),
            ("schedule", settings.schedule.rawValue),
            ("dropout", settings.dropout.layers),
            ("recurrent dropout", settings.dropout.recurrent),
            ("label smoothing", settings.labelSmoothing),
            ("weight averaging decay", settings.averagingDecay),
            ("patience in epochs", settings.patienceEpochCount),
            ("precision of products", settings.precision.rawValue),
            ("exchanged values", plan.variation.exchangeShare),
            ("cut phrases", plan.variation.cutShare),
            ("phrases in lower case", plan.variation.lowercaseShare),
            ("forgetting of words", plan.variation.forgetting),
            ("phrases of an intent", plan.phrasesPerIntent.map { "\($0)" } ?? "all"),
            ("validation", plan.validates ? "phrases of their own" : "none"),
        ]
        return pairs.map { TrainingProvenance.Setting(name: $0.0, value: $0.1.description) }
    }

    /// Puts the model together.
    func model(_ weights: TrainedWeights, calibration: IntentCalibration) throws(ModelError) -> IntentModel {
        try IntentModel(
            intents: classes.intents, slots: classes.slots, slotsOfIntents: slotsOfIntents, words: table,
            calibration: calibration, network: network, parameters: weights.parameters,
            provenance: TrainingProvenance(
                seed: plan.settings.seed, commandLine: origin.commandLine,
                data: summary.provenance, dataHash: summary.dataHash, splitRule: summary.splitRule,
                mynahVersion: mynahVersion, date: origin.date, epochCount: weights.epochsTrained,
                bestEpoch: weights.summary.epoch + 1,
                validationAccuracy: .init(
                    correct: weights.summary.validationCorrect, total: weights.summary.validationTotal),
                settings: settings, attribution: origin.attribution))
    }
}
