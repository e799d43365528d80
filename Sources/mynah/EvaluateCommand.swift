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

    @OptionGroup var data: LabelledDataOptions

    @Flag(
        help:
            "Also report the accuracy under time shift, gain, noise, and lossy transmission; takes twenty times as long."
    )
    var conditions = false

    @Flag(help: "Print the report as JSON.")
    var json = false

    @Option(help: "Seed of the bootstrap interval.")
    var seed: UInt64 = 1

    func run() throws {
        let model = try modelOptions.load()
        let evaluation = try data.evaluation(of: model, folder: folder, split: split)
        let bootstrap = ClusterBootstrap(seed: seed)
        let report = EvaluationReport(
            provenance: evaluation.provenance(of: model, name: modelOptions.name, data: folder, seed: seed),
            closedSet: try ClosedSetEvaluation(
                labels: model.labels, clips: try evaluation.run(), bootstrap: bootstrap),
            conditions: conditions ? try evaluation.conditionSeries(bootstrap: bootstrap) : nil)
        if json {
            try Terminal.print(jsonText(report, pretty: true))
        } else {
            try Terminal.print(report.text(color: Terminal.outputHasColor))
        }
        if !evaluation.unreadable.isEmpty { throw ExitCode.failure }
    }
}

extension DataSplit: ExpressibleByArgument {}
