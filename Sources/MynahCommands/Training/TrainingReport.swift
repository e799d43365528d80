import MynahAudio
import MynahBase
import MynahData
import MynahEvaluation
import MynahModel
import MynahReport
import MynahTraining

extension RunFolder {
    /// Evaluates the model of a finished training on the validation split, and writes the report.
    func report(
        model path: String, data: String, unknownFolders: [String], channel: ChannelSelection, threads: Int
    ) throws {
        let model = try CommandModel(contentsOf: path)
        let evaluation = try FolderEvaluation(
            folder: data, unknownFolders: unknownFolders, model: model, split: .validation,
            channel: channel, threads: threads)
        let bootstrap = ClusterBootstrap(seed: 1)
        let report = EvaluationReport(
            provenance: provenance(
                of: model, name: path, folder: data, clips: evaluation, seed: 1),
            closedSet: try ClosedSetEvaluation(
                labels: model.labels, clips: try evaluation.run(), bootstrap: bootstrap),
            conditions: nil)
        try write(report.text(color: false), to: .reportText)
        try write(jsonText(report, pretty: true) + "\n", to: .reportJSON)
    }

    /// The same of a model of intents.
    func reportIntents(model path: String, data: String) throws {
        let report = try IntentReport(
            of: try IntentModel(contentsOf: path), name: path, data: data, split: .validation, seed: 1)
        try write(report.text(color: false), to: .reportText)
        try write(jsonText(report, pretty: true) + "\n", to: .reportJSON)
    }

    /// The same of a speech model.
    func reportSpeech(
        model path: String, corpora: [TranscribedCorpus], channel: ChannelSelection, threads: Int
    ) throws {
        let report = try SpeechReport(
            of: try SpeechModel(contentsOf: path), name: path, corpora: corpora, split: .validation,
            channel: channel, threads: threads, seed: 1)
        try write(report.text(color: false), to: .reportText)
        try write(jsonText(report, pretty: true) + "\n", to: .reportJSON)
    }
}
