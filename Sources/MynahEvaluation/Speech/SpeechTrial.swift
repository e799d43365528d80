package import MynahAudio
package import MynahBase
package import MynahData
import MynahFeatures
package import MynahModel
import MynahNetwork

/// The sentences of transcribed folders that a speech model is to be tried on.
package struct SpeechTrial: Sendable {
    /// The sentences, at least one.
    package let store: SentenceStore

    /// Sentences of the split that cannot be used, and why.
    package let passedOver: PassedOver

    /// What else of the folders is not used, of whatever split; nothing where all speakers are heard, for then all counts.
    package let unusedElsewhere: PassedOver

    /// What the user should know of the folders, one line each, safe to print.
    package let notes: [String]

    /// The split; nil where all speakers are heard.
    package let split: DataSplit?

    /// How the speakers were divided, in words.
    package let splitRule: String?

    /// Whether sentences go by their paths, because there are several folders to have them from.
    package let namesFolders: Bool

    private let model: SpeechModel
    private let communicator: any Communicator

    /// Decodes the sentences of a split of some folders, as the model divides speakers, or all of them.
    ///
    /// - Throws: `EvaluationError.emptySplit`, `DataError.noUsableSentences`.
    package init(
        of model: SpeechModel, on corpora: [TranscribedCorpus], split: DataSplit?,
        channel: ChannelSelection = .average, threads: Int,
        communicator: any Communicator = SingleProcess(), onDecoded: @Sendable (Int) -> Void = { _ in }
    ) throws {
        var (sentences, unused) = TranscribedCorpus.sentences(of: corpora)
        for corpus in corpora { unused.add(corpus.passedOver) }
        let division = SpeakerDivision(moved: model.movedSpeakers)
        if let split {
            let found = DataSummary.SplitCounts(sentences.lazy.map { division.split(of: $0.speaker) })
            guard found[split] > 0 else {
                throw EvaluationError.emptySplit(
                    folder: corpora.map(\.path).joined(separator: ", "), split: split, found: found)
            }
            sentences = sentences.filter { division.split(of: $0.speaker) == split }
        }
        try communicator.requireSame("model", model.hash)
        try communicator.requireSame(
            "set of recordings",
            SHA256.hexDigest(
                of: sentences.map { "\($0.name)\t\($0.byteCount)\t\($0.text)" }.joined(separator: "\n")))
        store = SentenceStore(
            decoding: sentences,
            by: SentenceStore.Measure(
                symbols: model.symbols, frontEnd: model.frontEnd, network: model.network),
            with: ClipDecoder.audioFiles(sampleRate: model.frontEnd.sampleRate, channel: channel),
            threads: threads, communicator: communicator,
            onDecoded: onDecoded)
        guard !store.sentences.isEmpty else {
            throw DataError.noUsableSentences(
                split: split, count: sentences.count, firstFault: store.passedOver.lines.first)
        }
        if split == nil {
            unused.add(store.passedOver)
            (passedOver, unusedElsewhere) = (unused, PassedOver())
        } else {
            (passedOver, unusedElsewhere) = (store.passedOver, unused)
        }
        namesFolders = corpora.count > 1
        notes = corpora.flatMap(\.notes)
        self.split = split
        self.communicator = communicator
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
                of: model, on: store, namesFolders: namesFolders, bootstrap: bootstrap, threads: threads,
                communicator: communicator, onDone: onDone),
            passedOver: passedOver, unusedElsewhere: unusedElsewhere)
    }
}
