package import MynahAudio
import MynahBase
package import MynahData
import MynahFeatures
package import MynahModel
import MynahNetwork

/// The figures of a speech model on transcribed folders, and where they come from.
package struct SpeechReport: Codable, Sendable {
    /// Where the figures come from.
    package var provenance: EvaluationProvenance

    /// The figures.
    package let result: SpeechEvaluation

    /// What of the folders was not used, and why, one line each.
    package let passedOver: [String]
}

/// The sentences of transcribed folders that a speech model is to be tried on.
package struct SpeechTrial: Sendable {
    /// The sentences, at least one.
    package let store: SentenceStore

    /// What was not used, and why.
    package let passedOver: PassedOver

    /// What the user should know of the folders, one line each, safe to print.
    package let notes: [String]

    /// The split; nil where all speakers are heard.
    package let split: DataSplit?

    /// How the speakers were divided, in words.
    package let splitRule: String?

    private let model: SpeechModel

    /// Decodes the sentences of a split of some folders, as the model divides speakers, or all of them.
    ///
    /// - Throws: `DataError.noUsableSentences`.
    package init(
        of model: SpeechModel, on corpora: [TranscribedCorpus], split: DataSplit?,
        channel: ChannelSelection = .average, threads: Int, onDecoded: @Sendable (Int) -> Void = { _ in }
    ) throws(DataError) {
        var (sentences, passedOver) = TranscribedCorpus.sentences(of: corpora)
        let division = SpeakerDivision(moved: model.movedSpeakers)
        if let split { sentences = sentences.filter { division.split(of: $0.speaker) == split } }
        store = SentenceStore(
            decoding: sentences,
            by: SentenceStore.Measure(
                symbols: model.symbols, frontEnd: model.frontEnd, network: model.network),
            with: ClipDecoder.audioFiles(sampleRate: model.frontEnd.sampleRate, channel: channel),
            threads: threads,
            onDecoded: onDecoded)
        for corpus in corpora { passedOver.add(corpus.passedOver) }
        passedOver.add(store.passedOver)
        guard !store.sentences.isEmpty else {
            throw .noUsableSentences(
                split: split, count: sentences.count,
                firstFault: store.passedOver.lines.first
                    ?? "no speaker is in this split; with --every-speaker all are heard")
        }
        self.passedOver = passedOver
        notes = corpora.flatMap(\.notes)
        self.split = split
        splitRule = split == nil ? nil : division.rule
        self.model = model
    }

    /// SHA-256 over names, sizes and texts of the sentences, in 64 hexadecimal digits.
    package var dataHash: String {
        SHA256.hexDigest(
            of: Array(
                store.sentences.map { "\($0.name)\t\($0.byteCount)\t\($0.text)" }.joined(separator: "\n").utf8
            ))
    }

    /// Spells the sentences.
    ///
    /// - Throws: `DataError.lostRecording`.
    package func report(
        provenance: EvaluationProvenance, bootstrap: ClusterBootstrap, threads: Int,
        onDone: @Sendable (Int) -> Void = { _ in }
    ) throws(DataError) -> SpeechReport {
        SpeechReport(
            provenance: provenance,
            result: try SpeechEvaluation(
                of: model, on: store, bootstrap: bootstrap, threads: threads, onDone: onDone),
            passedOver: passedOver.lines)
    }
}
