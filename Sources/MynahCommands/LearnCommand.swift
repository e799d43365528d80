import ArgumentParser
import MynahBase
import MynahModel
import MynahReport
import MynahTeaching
import MynahTraining

/// `mynah learn`: a model that no longer makes the mistakes which a person has reviewed.
struct LearnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn",
        abstract: "Train a model further with what it got wrong.",
        discussion: """
            FOLDER is what mynah listen --keep has kept and mynah review has asked about. The model is trained further with \
            it, and with the recordings that it was trained on, where --recordings names them. It is tried before and after \
            on the last day, which it is not shown, and on all that it knew; where it is worse, nothing is written, and the \
            exit status is 1.

            EXAMPLE
              mynah listen --model mine.safetensors --keep kept
              mynah review kept
              mynah learn kept --model mine.safetensors --recordings recordings --output better.safetensors
            """)

    @Argument(help: "The folder of what was kept and reviewed.")
    var folder: String

    @OptionGroup var modelOptions: ModelOptions

    @Option(name: [.short, .long], help: "Where the new model is written.")
    var output: String

    @Option(help: "The folder of labelled recordings that the model was trained on.")
    var recordings: String?

    @Option(
        name: .customLong("unknown"),
        help: "Another folder of the same layout, whose words are all _unknown_.")
    var unknownFolders: [String] = []

    @Option(help: "An audio file, or a folder and all its subfolders, without any command in it.")
    var negatives: [String] = []

    @Option(parsing: .unconditional, help: "Number of threads; without it, one per core.")
    var threads = Ranks.threadCount

    @Option(parsing: .unconditional, help: "Seed of all random numbers.")
    var seed = TrainingSettings().seed

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @OptionGroup var outputOptions: OutputOptions

    private var outputs: [OutputFile] { [OutputFile("--output", output, .model)].compactMap(\.self) }

    func validate() throws {
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads is \(threads), expected 1 to 1024")
        }
        try outputOptions.checkNames(outputs, reading: [modelOptions.model].compactMap(\.self))
    }

    func run() throws {
        try outputOptions.check(outputs, reading: [modelOptions.model].compactMap(\.self))
        let model = try modelOptions.load()
        var plan = MistakeLearning.Plan()
        plan.recordings = recordings
        plan.unknownFolders = unknownFolders
        plan.negatives = try negatives.flatMap { try AudioTree.negatives(below: $0) }
        plan.settings.threadCount = threads
        plan.settings.seed = seed
        plan.origin = CommandTraining.Origin(
            attribution: model.provenance.attribution, commandLine: commandLineText())
        let learning = try MistakeLearning(from: folder, model: model, plan: plan)
        Terminal.note(
            """
            \(NumberText.grouped(learning.reviewedCount)) moments are reviewed, \
            \(NumberText.grouped(learning.mistakeCount)) of them mistakes; held out first: \(learning.heldOutName.printable)
            """)
        Interruption.outliveReaders()
        Interruption.watch()
        let epochCount = plan.settings.epochCount
        let result = try learning.run(
            shouldStop: { Interruption.isRequested },
            onProgress: { progress in
                Terminal.showStatus { _ in
                    switch progress {
                    case .reading(let count): "read \(NumberText.grouped(count))"
                    case .epoch(let epoch, let training):
                        "training \(training) of 2: epoch \(epoch.epoch + 1) of \(epochCount)"
                    }
                }
            })
        Terminal.clearStatus()
        guard let result else { throw CommandError.interrupted }
        try Terminal.print(
            json ? jsonText(result.report, pretty: true) : result.report.text(color: Terminal.outputHasColor))
        if let objection = MistakeLearning.objection(to: result.report) {
            throw ReviewError.worse(model: output, reason: objection)
        }
        try result.model.write(to: output)
        Terminal.note("Wrote \(output.printable).")
    }
}
