public import MynahAudio
package import MynahBase
public import MynahData
import MynahFeatures
public import MynahModel
package import MynahRecognition

/// A labelled folder on its way to a closed-set evaluation: its clips are decoded, selected and recognized.
///
/// These are every clip of the split whose word is a label, and 10 % each of
/// `_unknown_` and `_silence_`, always the same ones, so that figures can be compared between models and runs.
public struct FolderEvaluation: Sendable {
    /// What is known of the folder.
    public let summary: DataSummary

    /// The split that is evaluated.
    public let split: DataSplit

    /// What the user should know before reading the figures, one line each.
    public let notes: [String]

    /// Clips that could not be read.
    package var unreadable: [UnreadableClip] {
        summary.unreadable.map { UnreadableClip(path: $0.name, reason: $0.reason) }
    }

    private(set) var model: CommandModel
    let examples: [Example]
    let loader: ExampleLoader
    let noise: BackgroundNoise
    private let store: ClipStore
    private let path: String
    private let unknownFolders: [String]
    let channel: ChannelSelection
    private let skipsDamaged: Bool

    /// For each label of the folder, the index of the model's.
    private(set) var modelLabels: [Int]
    let threads: Int

    /// The processes that recognize together.
    let communicator: any Communicator

    /// How the clips of the folder were assigned to the splits, in words.
    package let splitRule: String

    /// Scans the folder, selects the clips of a split that are evaluated and decodes them.
    ///
    /// - Parameters:
    ///   - path: the labelled folder.
    ///   - unknownFolders: further folders, laid out alike, whose words are all `_unknown_`.
    ///   - model: what is evaluated.
    ///   - split: whose clips; choose by ``DataSplit/validation``, and keep ``DataSplit/testing`` for one final number.
    ///   - channel: how several channels of a recording become one.
    ///   - threads: how many, 1 or more; nil for one a core.
    /// - Throws: ``EvaluationError`` when folder and model do not fit or the split has no clips, ``DataError`` when the folder
    ///   cannot be used.
    public init(
        folder path: String, unknownFolders: [String] = [], model: CommandModel, split: DataSplit,
        channel: ChannelSelection = .average, threads: Int? = nil
    ) throws {
        try self.init(
            folder: path, unknownFolders: unknownFolders, model: model, split: split, channel: channel,
            threads: threads ?? processorCount(), communicator: SingleProcess())
    }

    /// The same with other processes, each of which decodes and recognizes what falls to it; all get the same figures.
    package init(
        folder path: String, unknownFolders: [String] = [], model: CommandModel, split: DataSplit,
        channel: ChannelSelection = .average, skipsDamaged: Bool = false, threads: Int,
        communicator: any Communicator
    ) throws {
        let words = Set(try LabelledFolder(scanning: path).clips.map(\.word)).sorted()
        let mapping = try LabelMapping(labels: model.labels, words: words, folder: path)
        let present = model.labels.filter {
            words.contains($0) && $0 != StandardLabel.silence && $0 != StandardLabel.unknown
        }
        var options = LabelledFolder.Options(
            words: present, unknownFolders: unknownFolders,
            hasUnknown: model.labels.contains(StandardLabel.unknown),
            hasSilence: model.labels.contains(StandardLabel.silence), channel: channel,
            speakerPattern: SpeakerPattern(of: model.provenance))
        options.skipsDamaged = skipsDamaged
        let folder = try LabelledFolder(scanning: path, options: options)
        let decoder = folder.decoder(sampleRate: model.frontEnd.sampleRate)
        let isWord = folder.labels.indices.filter { $0 != folder.silenceLabel && $0 != folder.unknownLabel }
        let found = DataSummary.SplitCounts(
            folder.clips.lazy.filter { isWord.contains($0.label) }.map(\.split))
        guard found[split] > 0 else {
            throw EvaluationError.emptySplit(folder: path, split: split, found: found)
        }
        try communicator.requireSame("model", model.hash)
        try communicator.requireSame("set of recordings", folder.listing)
        store = try ClipStore(
            decodingSelectionOf: folder, split: split, with: decoder, threads: threads,
            communicator: communicator)
        noise = try BackgroundNoise(decoding: folder, with: decoder, threads: threads)
        summary = DataSummary(folder: folder, stores: [store], noise: noise)
        examples = try EvaluationSelection(store: store).examples
        loader = ExampleLoader(store: store, noise: noise, windowSampleCount: model.clipSampleCount)
        modelLabels = folder.labels.compactMap { model.labels.firstIndex(of: $0) }
        notes =
            folder.notes + noise.notes(on: folder)
            + (mapping.absentLabels.isEmpty
                ? [] : ["the folder has no clips of \(mapping.absentLabels.joined(separator: ", "))"])
            + (Self.hasChanged(summary, since: model)
                ? [
                    "the recordings have changed since the model learned from them, and so may the split have: with few "
                        + "speakers, clips may be tested with that the model has learned"
                ] : [])
        splitRule = folder.splitRule
        self.path = path
        self.unknownFolders = unknownFolders
        self.channel = channel
        self.skipsDamaged = skipsDamaged
        self.model = model
        self.split = split
        self.threads = threads
        self.communicator = communicator
    }

    /// Whether a model has learned with a split that more recordings may change, and there are others now.
    private static func hasChanged(_ summary: DataSummary, since model: CommandModel) -> Bool {
        guard model.provenance.splitRule.contains(LabelledFolder.movedPhrase) else { return false }
        func words(_ data: TrainingProvenance.TrainingData) -> Set<TrainingProvenance.TrainingData.ClipCount>
        {
            // An exclusion list takes clips from training alone, and unknown words may come from elsewhere.
            Set(
                data.clips.filter { StandardLabel.isWord($0.label) }.map {
                    .init(label: $0.label, training: 0, validation: $0.validation, testing: $0.testing)
                })
        }
        return words(summary.provenance) != words(model.provenance.data)
    }

    /// The same clips for another model, in the same order.
    ///
    /// They are decoded again only if the model has another sample rate or window.
    ///
    /// - Throws: `EvaluationError.modelLabelsDiffer` unless both models have the same labels, in whatever order; else as
    ///   `init` does.
    package func with(_ other: CommandModel) throws -> FolderEvaluation {
        let (first, second) = (Set(model.labels), Set(other.labels))
        guard first == second else {
            throw EvaluationError.modelLabelsDiffer(
                onlyFirst: model.labels.filter { !second.contains($0) },
                onlySecond: other.labels.filter { !first.contains($0) })
        }
        guard other.frontEnd.sampleRate == model.frontEnd.sampleRate,
            other.clipSampleCount == model.clipSampleCount
        else {
            return try FolderEvaluation(
                folder: path, unknownFolders: unknownFolders, model: other, split: split,
                channel: channel, skipsDamaged: skipsDamaged, threads: threads, communicator: communicator)
        }
        var evaluation = self
        evaluation.modelLabels = modelLabels.compactMap { other.labels.firstIndex(of: model.labels[$0]) }
        evaluation.model = other
        return evaluation
    }

    /// Recognizes every selected clip and counts what was right.
    ///
    /// - Throws: `RecognitionError` when the model cannot be used, ``EvaluationError`` when there are no clips to count, or
    ///   when what the model says of one are no probabilities.
    public func closedSet() throws -> ClosedSetEvaluation {
        try ClosedSetEvaluation(labels: model.labels, clips: run(), bootstrap: ClusterBootstrap(seed: 1))
    }

    /// Recognizes every selected clip, on all threads of all processes, as `mynah recognize` would.
    ///
    /// - Throws: `RecognitionError` when the model cannot be used.
    package func run() throws(RecognitionError) -> [ScoredClip] {
        _ = try Recognizer(model: model)
        return communicator.map(
            examples.count, threads: threads,
            makeContext: makeRecognizer
        ) { recognizer, index in
            let example = examples[index]
            let (waveform, path, speaker) = sound(of: example)
            let start = ThreadTime.seconds
            let recognition = recognizer.recognize(waveform)
            let seconds = ThreadTime.seconds - start
            return ScoredClip(
                path: path, speaker: speaker, label: modelLabels[example.label],
                posteriors: recognition.posteriors, processingSeconds: seconds,
                audioSeconds: waveform.duration)
        }
    }

    /// A recognizer for one thread.
    ///
    /// Traps when the model cannot be used; whoever calls this from a thread has tried it before.
    func makeRecognizer() -> Recognizer {
        do {
            return try Recognizer(model: model)
        } catch {
            preconditionFailure("a recognizer of this model was made before: \(error)")
        }
    }

    /// Who speaks in an example, if that is known.
    func speaker(of example: Example) -> String? {
        guard case .clip(let index) = example.source else { return nil }
        return store.clips[index].speaker
    }

    private func sound(of example: Example) -> (waveform: Waveform, path: String, speaker: String?) {
        let rate = model.frontEnd.sampleRate
        guard case .clip(let index) = example.source else {
            var window: [Float] = []
            loader.load(example, into: &window)
            return (
                Waveform(samples: window, sampleRate: rate), "background noise, window \(example.number)", nil
            )
        }
        let clip = store.clips[index]
        return (Waveform(samples: store.waveform(ofClip: index), sampleRate: rate), clip.name, clip.speaker)
    }
}
