public import ArgumentParser
import MynahEvaluation
import MynahModel
import MynahText
public import MynahTraining

/// `mynah evaluate`: how often a model is right, and how sure that figure is.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Report a model's accuracy on a folder of labelled recordings.",
        discussion: """
            The clips of one split are recognized: all of the model's words, and 10 % each of _unknown_ and _silence_, \
            always the same ones. Choose by the validation split; keep the testing split for one final number.

            EXAMPLE
              mynah evaluate recordings --model my-words.safetensors --split validation
              mynah evaluate recordings --json > report.json
            """)

    @Argument(help: "The folder with one folder for each word.")
    var folder: String

    @OptionGroup var modelOptions: ModelOptions

    @Option(help: "Which split: \(DataSplit.allCases.map(\.rawValue).joined(separator: ", ")).")
    var split = DataSplit.testing

    @Option(
        name: .customLong("unknown"), help: "A further folder laid out alike, whose words are all _unknown_.")
    var unknownFolders: [String] = []

    @Flag(help: "Print the report as JSON.")
    var json = false

    @Option(help: "Seed of the bootstrap interval.")
    var seed: UInt64 = 1

    @Option(help: "Threads. Without it, one per core.")
    var threads = processorCount()

    func validate() throws {
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads is \(threads), expected 1 to 1024")
        }
    }

    func run() throws {
        let model = try modelOptions.load()
        let evaluation = try FolderEvaluation(
            folder: folder, unknownFolders: unknownFolders, model: model, split: split, threads: threads)
        for note in evaluation.notes { Terminal.note("note: \(note)") }
        for clip in evaluation.unreadable {
            Terminal.note("mynah: \(clip.path.printable): \(clip.reason.printable)")
        }
        let report = EvaluationReport(
            provenance: EvaluationProvenance(
                mynahVersion: mynahVersion, machine: Machine.description, commandLine: commandLineText(),
                model: modelOptions.name, modelHash: model.hash, frontEndHash: model.frontEndHash,
                data: folder,
                dataHash: evaluation.summary.dataHash, split: split.rawValue, seed: seed,
                unreadableClips: evaluation.unreadable),
            closedSet: try ClosedSetEvaluation(
                labels: model.labels, clips: try evaluation.run(), bootstrap: ClusterBootstrap(seed: seed)))
        if json {
            try Terminal.print(jsonText(report, pretty: true))
        } else {
            try Terminal.print(report.text(color: Terminal.outputHasColor))
        }
        if !evaluation.unreadable.isEmpty { throw ExitCode.failure }
    }
}

extension DataSplit: ExpressibleByArgument {}
