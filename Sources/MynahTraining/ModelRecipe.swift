import MynahAudio
import MynahBase
import MynahData
import MynahFeatures
import MynahModel
import MynahNetwork

/// All that a model of a training holds beside weights and normalizer.
struct ModelRecipe: Sendable {
    let labels: [String]
    let plan: CommandTraining.Plan
    let network: NetworkDescription
    let summary: DataSummary

    /// Examples of an epoch of training.
    let exampleCount: Int

    let exclusions: ExclusionList?

    let channel: ChannelSelection

    /// Where speakers stand in the names of recordings, if that was said.
    let speakerPattern: SpeakerPattern?

    /// SHA-256 of the file of negatives that stood in for recordings without commands, if it was used.
    let negativesHash: String?

    /// How the clips were assigned to the splits, in words.
    let splitRule: String

    let origin: CommandTraining.Origin

    /// All settings that the model keeps.
    var settings: [TrainingProvenance.Setting] {
        plan.record(exampleCount: exampleCount) + (exclusions.map { [$0.record] } ?? []) + folderRecord
    }

    /// How the folder was read, where that was chosen.
    var folderRecord: [TrainingProvenance.Setting] {
        var record: [TrainingProvenance.Setting] = []
        if case .channel(let number) = channel { record.append(.init(name: "channel", value: "\(number)")) }
        if let speakerPattern {
            record.append(.init(name: SpeakerPattern.settingName, value: speakerPattern.text))
        }
        if let negativesHash { record.append(.init(name: "negatives", value: negativesHash)) }
        return record
    }

    /// Puts the model together.
    func model(
        _ weights: TrainedWeights, normalizer: FeatureNormalizer
    ) throws(ModelError) -> CommandModel {
        let (network, parameters) = network.folded(weights.parameters)
        return try CommandModel(
            labels: labels, frontEnd: plan.frontEnd, normalizer: normalizer,
            clipSampleCount: plan.clipSampleCount, network: network, parameters: parameters,
            provenance: TrainingProvenance(
                seed: plan.settings.seed, commandLine: origin.commandLine, data: summary.provenance,
                dataHash: summary.dataHash, splitRule: splitRule,
                mynahVersion: mynahVersion, date: origin.date, epochCount: weights.epochsTrained,
                bestEpoch: weights.summary.epoch + 1,
                validationAccuracy: .init(
                    correct: weights.summary.validationCorrect, total: weights.summary.validationTotal),
                settings: settings,
                attribution: origin.attribution))
    }
}
