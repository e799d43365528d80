import MynahAudio
import MynahBase
import MynahData
import MynahEvaluation
import MynahModel
import MynahReport
import MynahTraining

/// The report of a finished training, which all processes make together and the first one writes into its folder.
struct TrainingReport {
    /// The folder of the training; nil in all processes but the first.
    let folder: RunFolder?

    /// Where the model lies, as it is named in the report.
    let path: String

    /// Evaluates a model of commands on the validation split, and writes the report.
    func write(
        of model: CommandModel, data: String, unknownFolders: [String], channel: ChannelSelection,
        skipsDamaged: Bool, threads: Int
    ) throws {
        let evaluation = try FolderEvaluation(
            folder: data, unknownFolders: unknownFolders, model: model, split: .validation,
            channel: channel, skipsDamaged: skipsDamaged, threads: threads, communicator: Ranks.all)
        let bootstrap = ClusterBootstrap(seed: 1)
        let report = EvaluationReport(
            provenance: provenance(
                of: model, name: path, folder: data, clips: evaluation, seed: 1),
            closedSet: try ClosedSetEvaluation(
                labels: model.labels, clips: try evaluation.run(), bootstrap: bootstrap),
            conditions: nil)
        try write(report.text(color: false), report)
    }

    /// The same of a model of intents.
    func write(of model: IntentModel, data: String) throws {
        let report = try IntentReport(
            of: model, name: path, data: data, split: .validation, seed: 1)
        try write(report.text(color: false), report)
    }

    /// The same of a speech model.
    func write(
        of model: SpeechModel, corpora: [TranscribedCorpus], channel: ChannelSelection, threads: Int
    ) throws {
        let report = try SpeechReport(
            of: model, name: path, corpora: corpora, split: .validation,
            channel: channel, threads: threads, seed: 1)
        try write(report.text(color: false), report)
    }

    private func write(_ text: String, _ report: some Encodable) throws {
        try folder?.write(text, to: .reportText)
        try folder?.write(jsonText(report, pretty: true) + "\n", to: .reportJSON)
    }
}
