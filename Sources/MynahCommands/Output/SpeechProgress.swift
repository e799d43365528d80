import MynahAudio
import MynahBase
import MynahData
import MynahEvaluation
import MynahModel

/// What is shown and told while the sentences of transcribed folders are read and heard.
enum SpeechProgress {
    /// Lines that are told of what is not used.
    private static let limit = 20

    /// Shows how many sentences are done while `body` works.
    static func show<Result>(
        _ verb: String, _ body: (_ onDone: @escaping @Sendable (Int) -> Void) throws -> Result
    ) rethrows -> Result {
        defer { Terminal.clearStatus() }
        return try body { count in Terminal.showStatus { _ in "\(verb) \(NumberText.grouped(count))" } }
    }

    /// Tells what of the folders is not used, and what else is to be known of them.
    static func tell(_ passedOver: [PassedOver], notes: [String]) {
        for line in passedOver.flatMap({ $0.told(limit: limit) }) { Terminal.note("mynah: \(line)") }
        for note in notes { Terminal.note("note: \(note)") }
    }
}

extension SpeechTrial {
    /// Reads the sentences of folders, shows how far that is, and tells what of them is not used.
    init(
        reading corpora: [TranscribedCorpus], for model: SpeechModel, split: DataSplit?,
        channel: ChannelSelection, threads: Int
    ) throws {
        self = try SpeechProgress.show("read") { onDone in
            try SpeechTrial(
                of: model, on: corpora, split: split, channel: channel, threads: threads,
                communicator: Ranks.all, onDecoded: onDone)
        }
        SpeechProgress.tell([passedOver, unusedElsewhere], notes: notes)
    }
}

extension SpeechReport {
    /// Tries a model on the sentences of folders, shows how far that is, and tells what of them is not used.
    init(
        of model: SpeechModel, name: String, corpora: [TranscribedCorpus], split: DataSplit?,
        channel: ChannelSelection, threads: Int, seed: UInt64
    ) throws {
        let trial = try SpeechTrial(
            reading: corpora, for: model, split: split, channel: channel, threads: threads)
        self = try SpeechProgress.show("spelled") { onDone in
            try trial.report(
                provenance: MynahCommands.provenance(
                    of: model, name: name, folders: corpora.map(\.path), trial: trial, seed: seed),
                bootstrap: ClusterBootstrap(seed: seed), threads: threads, onDone: onDone)
        }
    }
}
