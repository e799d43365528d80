import ArgumentParser
import MynahBase
import MynahData
import MynahEvaluation
import MynahModel
import MynahReport

/// `mynah compare`: which of two models is better, and whether that is more than chance.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare two models on the same recordings.",
        discussion: """
            Both models recognize the same clips, chosen as for mynah evaluate. The report gives the difference \
            in accuracy with its interval over speakers, McNemar's exact test, and the clips that only one of \
            them recognizes. The models must have the same labels.

            EXAMPLE
              mynah compare old.safetensors new.safetensors recordings
              mynah compare old.safetensors new.safetensors recordings --json > comparison.json
            """)

    @Argument(help: "The first model file.")
    var first: String

    @Argument(help: "The second model file.")
    var second: String

    @Argument(help: "The folder with one folder for each word.")
    var folder: String

    @OptionGroup var data: LabelledDataOptions

    @Option(help: "Which split: \(DataSplit.allCases.map(\.rawValue).joined(separator: ", ")).")
    var split = DataSplit.validation

    @Flag(help: "Print the report as JSON.")
    var json = false

    @Option(parsing: .unconditional, help: "Seed of the bootstrap interval.")
    var seed: UInt64 = 1

    func run() throws {
        let models = (try CommandModel(contentsOf: first), try CommandModel(contentsOf: second))
        let firstEvaluation = try data.evaluation(
            of: models.0, folder: folder, split: split, canChoose: true)
        let secondEvaluation = try firstEvaluation.with(models.1)
        let labels = models.0.labels
        // The labels of the second model may stand in another order.
        let places = labels.compactMap { models.1.labels.firstIndex(of: $0) }
        let secondClips = try secondEvaluation.run().map { $0.reordered(by: places) }
        let report = ComparisonReport(
            first: provenance(
                of: models.0, name: first, folder: folder, clips: firstEvaluation, seed: seed),
            second: provenance(
                of: models.1, name: second, folder: folder, clips: secondEvaluation, seed: seed),
            comparison: try PairedComparison(
                labels: labels, first: try firstEvaluation.run(), second: secondClips,
                bootstrap: ClusterBootstrap(seed: seed)))
        if json {
            try Terminal.print(jsonText(report, pretty: true))
        } else {
            try Terminal.print(report.text(color: Terminal.outputHasColor))
        }
        if !firstEvaluation.unreadable.isEmpty { throw ExitCode.failure }
    }
}
