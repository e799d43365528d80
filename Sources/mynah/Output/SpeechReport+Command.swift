import MynahAudio
import MynahBase
import MynahData
import MynahEvaluation
import MynahModel

extension SpeechReport {
    /// Tries a model on the sentences of folders, shows how far that is, and tells what of them is not used.
    init(
        of model: SpeechModel, name: String, corpora: [TranscribedCorpus], split: DataSplit?,
        channel: ChannelSelection, threads: Int, seed: UInt64
    ) throws {
        let trial = try SpeechTrial(of: model, on: corpora, split: split, channel: channel, threads: threads)
        {
            let count = $0
            Terminal.showStatus { _ in "read \(count)" }
        }
        Terminal.clearStatus()
        for line in trial.passedOver.told(limit: 20) { Terminal.note("mynah: \(line)") }
        for note in trial.notes { Terminal.note("note: \(note)") }
        let provenance = EvaluationProvenance(
            mynahVersion: mynahVersion, machine: Machine.description, commandLine: commandLineText(),
            model: name,
            modelHash: model.hash, frontEndHash: model.frontEndHash,
            data: corpora.map(\.path).joined(separator: ", "), dataHash: trial.dataHash,
            split: trial.split?.rawValue, splitRule: trial.splitRule, seed: seed, unreadableClips: [])
        self = try trial.report(
            provenance: provenance, bootstrap: ClusterBootstrap(seed: seed), threads: threads
        ) {
            let count = $0
            Terminal.showStatus { _ in "spelled \(count)" }
        }
        Terminal.clearStatus()
    }
}
