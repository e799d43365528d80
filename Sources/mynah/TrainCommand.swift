import ArgumentParser
import FoundationEssentials
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahText
import MynahTraining

/// `mynah train`: from a labelled folder to a model.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on a folder of labelled recordings.",
        discussion: """
            FOLDER holds one folder of recordings for each word, named <speaker>_nohash_<take>.<ext> so that no speaker \
            is both trained on and tested with; _background_noise_ in it holds long recordings of noise. The best model \
            on the validation split is kept, also when training is stopped by Ctrl-C, which then counts as success; a \
            second Ctrl-C ends at once.

            EXAMPLE
              mynah train recordings --output my-words.safetensors
              mynah train speech-commands --words yes,no --output yes-no.safetensors
            """)

    @Argument(help: "The folder with one folder for each word.")
    var folder: String

    @Option(name: [.short, .long], help: "Where the model is written.")
    var output: String

    @Option(help: "Words to learn, separated by commas; all other folders are _unknown_.")
    var words: String?

    @Option(
        name: .customLong("unknown"), help: "A further folder laid out alike, whose words are all _unknown_.")
    var unknownFolders: [String] = []

    @Option(help: "A list of training clips to leave out, as mynah doctor --exclusions writes it.")
    var exclude: String?

    @Option(
        help: ArgumentHelp(
            "Front end: \(MFCCPreset.allCases.map(\.rawValue).joined(separator: ", ")), or a file.",
            discussion: "A file ends in .json and holds settings as mynah inspect --json prints them."))
    var frontEnd = MFCCPreset.mynah.rawValue

    @OptionGroup(title: "Network") var network: NetworkOptions

    @Option(help: "Length of the window that the network hears, in seconds.")
    var clipSeconds = 1.0

    @OptionGroup(title: "Training") var training: TrainingOptions

    @OptionGroup(title: "Augmentation") var augmentation: AugmentationOptions

    @Option(help: "Source and licence of the recordings, kept in the model.")
    var attribution: String?

    func validate() throws {
        guard !output.isEmpty else { throw ValidationError("--output is empty, expected a file name") }
        guard (0.1...30).contains(clipSeconds) else {
            throw ValidationError("--clip-seconds is \(clipSeconds), expected 0.1 to 30")
        }
        do {
            try training.settings.validate()
            _ = try (network.layerDescriptions(), network.readOutDescription())
            try augmentation.settings.validate()
            try training.masks.validate()
            try training.shares.validate()
        } catch let error as TrainingError {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        Interruption.outliveReaders()
        try OutputFile.requireWritable(output)
        let plan = try plan()
        let labelled = try LabelledFolder(
            scanning: folder,
            options: .init(
                words: words?.split(separator: ",").map(String.init), unknownFolders: unknownFolders,
                exclusions: try exclude.map { path throws(TrainingError) in
                    try ExclusionList(contentsOf: path)
                }))
        Terminal.note("Reading \(grouped(labelled.clips.count)) clips …")
        let job = try CommandTraining(folder: labelled, plan: plan) { count in
            if Terminal.isTerminal && count.isMultiple(of: 100) { Terminal.status("\r\(grouped(count)) ") }
        }
        if Terminal.isTerminal { Terminal.status("\r\u{1B}[K") }
        Terminal.status(job.summary.table())
        Interruption.watch()
        Terminal.note(
            """
            network: \(grouped(job.network.parameterLayout.parameterCount)) parameters; each epoch \
            \(grouped(job.exampleCounts.training)) examples, validated on \(grouped(job.exampleCounts.validation))
            """)
        let best = try train(job)
        guard let best else { throw CommandError.stoppedBeforeFirstModel }
        let accuracy = best.provenance.validationAccuracy
        Terminal.note(
            """
            \(Interruption.isRequested ? "Stopped. " : "")Kept \(output.printable), from epoch \
            \(best.provenance.bestEpoch): \(validated(accuracy.correct, accuracy.total)).
            """)
    }

    private func train(_ job: CommandTraining) throws -> CommandModel? {
        let settings = training.settings
        var progress = EpochProgress(epochCount: settings.epochCount)
        return try job.run(
            origin: .init(
                commandLine: commandLineText(), mynahVersion: mynahVersion,
                date: Date.now.formatted(.iso8601), attribution: attribution),
            shouldStop: { Interruption.isRequested }
        ) { event, model in
            switch event {
            case .step(let epoch, let clipsDone, let clipCount, _):
                progress.show(epoch: epoch, clipsDone: clipsDone, clipCount: clipCount)
            case .stopped: break
            case .epoch(let summary, _, _):
                progress.clear()
                try model?.write(to: output)
                Terminal.note(
                    """
                    epoch \(summary.epoch + 1)/\(settings.epochCount): loss \
                    \(fixed(summary.trainingLoss, digits: 3)), validation loss \
                    \(fixed(summary.validationLoss, digits: 3)), \
                    \(validated(summary.validationCorrect, summary.validationTotal)), \
                    \(fixed(progress.clipsPerSecond, digits: 0)) clips/s\(model == nil ? "" : ", best so far")
                    """)
            }
        }
    }

    private func validated(_ correct: Int, _ total: Int) -> String {
        let share = 100 * Double(correct) / Double(max(1, total))
        return "\(fixed(share, digits: 2)) % of validation (\(grouped(correct)) of \(grouped(total)))"
    }

    private func plan() throws -> CommandTraining.Plan {
        return CommandTraining.Plan(
            frontEnd: try frontEndConfiguration(), clipSeconds: clipSeconds,
            layers: try network.layerDescriptions(), readOut: try network.readOutDescription(),
            settings: training.settings, augmentation: augmentation.settings,
            masks: training.masks, shares: training.shares)
    }

    private func frontEndConfiguration() throws -> MFCCConfiguration {
        frontEnd.hasSuffix(".json")
            ? try FrontEndFile.read(frontEnd) : try MFCCPreset(name: frontEnd).configuration()
    }
}
