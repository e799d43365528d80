import ArgumentParser
import MynahBase
import MynahData
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahReport
import MynahTraining

/// `mynah train-speech`: from transcribed folders to a model that spells.
struct TrainSpeechCommand: TrainingCommand {
    static let configuration = CommandConfiguration(
        commandName: "train-speech",
        abstract: "Train a model that spells sentences, on folders of transcribed recordings.",
        discussion: """
            A CORPUS is a folder as LibriSpeech has it (<speaker>/<chapter> with recordings and *.trans.txt), one of \
            Common Voice (validated.tsv), or one with a table transcripts.tsv: path, speaker, text. Whole speakers are \
            kept for validation and testing. The model that makes the fewest errors in validation is kept, even when \
            Ctrl-C stops the training, which then counts as success. With --run, a training that was interrupted in any \
            way can go on with --resume, to the same weights as if it had not been.

            EXAMPLE
              mynah train-speech LibriSpeech/dev-clean --output speech.safetensors
              mynah train-speech LibriSpeech my-dictations --run my-run --noise street-sounds
              mynah train-speech --resume my-run
              mynah train-speech my-dictations --from speech.safetensors --output mine.safetensors
            """)

    @Argument(help: "The folders.")
    var corpora: [String] = []

    @OptionGroup var destination: RunOptions

    @Flag(
        name: .customLong("no-validation"),
        help:
            "Learn from all speakers; nothing then tells how well others are understood, and the last epoch is kept."
    )
    var learnsAll = false

    @Option(
        name: .customLong("from"),
        help: ArgumentHelp(
            "Start from the weights of this speech model instead of random ones.",
            discussion:
                "Its front end and layers are used. Letters that it does not know are learnt anew; whom it has learnt from is kept for training."
        ))
    var start: String?

    @Option(help: "An audio file of noise, or a folder and all its subfolders, to mix in.")
    var noise: String?

    @OptionGroup var channels: ChannelOptions

    @Option(
        help: ArgumentHelp(
            "Front end: \(FrontEndPreset.allCases.map(\.rawValue).joined(separator: ", ")), or a file; \(FrontEndPreset.mynahMel.rawValue) unless given.",
            discussion: "A file ends in .json and holds settings as mynah inspect --json prints them."))
    var frontEnd: String?

    @OptionGroup(title: "Network") var network: SpeechNetworkOptions

    @OptionGroup(title: "Training") var training: OptimizationOptions<SpeechDefaults>

    @OptionGroup(title: "Training") var masking: MaskOptions<SpeechDefaults>

    @OptionGroup(title: "Augmentation") var augmentation: SoundVariationOptions<SpeechDefaults>

    @Option(help: "Source and licence of the recordings, kept in the model.")
    var attribution: String?

    func validate() throws {
        guard try destination.startsTraining(on: "<corpora> ...", isGiven: !corpora.isEmpty) else { return }
        guard start == nil || network.isDefault && frontEnd == nil else {
            throw ValidationError(
                "--from brings its network: --preset, --layers and --front-end do not go with it")
        }
        do {
            try training.settings.validate()
            _ = try network.layerDescriptions()
            try augmentation.settings.validate()
            try masking.masks.validate()
        } catch let error as DataError {
            throw ValidationError("\(error)")
        }
    }

    mutating func takeUp(threads: Int?, precision: ProductPrecision?) {
        training.takeUp(threads: threads, precision: precision)
    }

    func train(in runFolder: RunFolder?, asStarted beginning: TrainingStart) throws {
        _ = try destination.checkedOutput(in: runFolder)
        let folders = try corpora.map { path throws(DataError) in try TranscribedCorpus(scanning: path) }
        let output = try destination.checkedOutput(in: runFolder, reading: folders.flatMap(\.files))
        let count = folders.reduce(0) { $0 + $1.sentences.count }
        Terminal.note("Reading \(NumberText.grouped(count)) sentences …")
        let job = try prepare(folders, origin: beginning.origin(attribution: attribution))
        Terminal.text(job.summary.text)
        SpeechProgress.tell([job.passedOver], notes: job.notes)
        let model = try carryOut(
            job, to: output, in: runFolder, asStarted: beginning, settings: training.settings)
        if let model, !learnsAll {
            try TrainingReport(folder: runFolder, path: output).write(
                of: model, corpora: folders, channel: channels.selection, threads: training.threads)
        }
    }

    /// Reads the sentences.
    private func prepare(
        _ folders: [TranscribedCorpus], origin: CommandTraining.Origin
    ) throws -> SpeechTraining {
        do {
            return try SpeechProgress.show("read") { onDone in
                try SpeechTraining(
                    corpora: folders, noise: noise, channel: channels.selection, plan: try plan(),
                    origin: origin, communicator: Ranks.all, onDecoded: onDone)
            }
        } catch DataError.oneSpeaker(let speaker) {
            throw CommandError.oneSpeaker(speaker: speaker)
        }
    }

    private func plan() throws -> SpeechTraining.Plan {
        let start = try start.map { path throws(ModelError) in try SpeechModel(contentsOf: path) }
        return SpeechTraining.Plan(
            frontEnd: try start?.frontEnd
                ?? FrontEndFile.configuration(named: frontEnd ?? FrontEndPreset.mynahMel.rawValue),
            layers: try start?.network.layers.map(\.unfolded) ?? network.layerDescriptions(),
            settings: training.settings,
            augmentation: augmentation.settings, masks: masking.masks, validates: !learnsAll, start: start)
    }
}

/// The shape of a network that spells, as options.
struct SpeechNetworkOptions: ParsableArguments {
    @Option(
        help:
            "Shape of the network: \(SpeechPreset.allCases.map(\.rawValue).joined(separator: ", ")); causal unless given."
    )
    var preset: SpeechPreset?

    @OptionGroup var own: LayerOptions

    /// The layers that were asked for.
    func layerDescriptions() throws -> [LayerDescription] {
        try own.layerDescriptions() ?? (preset ?? .causal).layers
    }

    /// Whether no shape was asked for.
    var isDefault: Bool { preset == nil && own.layers == nil }
}

extension SpeechPreset: ExpressibleByArgument {}
