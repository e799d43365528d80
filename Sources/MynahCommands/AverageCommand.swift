import ArgumentParser
import MynahBase
import MynahData
import MynahEvaluation
import MynahModel

/// `mynah average`: from several models with a common origin to the one in their midst.
struct AverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "average",
        abstract: "Average the weights of models that were trained on from the same one.",
        discussion: """
            Trainings that go on from one model (mynah train --from) with different seeds end around a point that is \
            often better than each of them, and costs no more to run. The models must have the same labels, front end \
            and network, and have learnt from the same recordings. Each of them and the mean recognize the \
            validation split of FOLDER, so that you see whether it was worth it: of models that began with weights \
            of their own, the mean knows nothing. It has no thresholds and a temperature of 1; mynah calibrate and \
            mynah evaluate --budget fit them.

            EXAMPLE
              mynah average recordings a.safetensors b.safetensors --output c.safetensors
              mynah calibrate c.safetensors recordings --output c.safetensors
            """)

    @Argument(help: "The folder with one folder for each word, as in training.")
    var folder: String

    @Argument(help: "Two model files or more.")
    var models: [String]

    @Option(name: [.short, .long], help: "Where the mean is written.")
    var output: String

    @OptionGroup var data: LabelledDataOptions

    @OptionGroup var outputOptions: OutputOptions

    private var outputs: [OutputFile] { [OutputFile("--output", output, .model)].compactMap(\.self) }

    func validate() throws {
        guard models.count > 1 else {
            throw ValidationError("there is one model alone, expected two or more")
        }
        guard Set(models).count == models.count else {
            throw ValidationError("a model is given twice")
        }
        try outputOptions.checkNames(outputs, reading: models)
    }

    func run() throws {
        try outputOptions.check(outputs, reading: models)
        let sources = try models.map { (name: $0, model: try CommandModel(contentsOf: $0)) }
        let mean = try CommandModel.mean(of: sources, commandLine: commandLineText())
        let evaluation = try data.evaluation(of: mean, folder: folder, split: .validation)
        let ofSources = try sources.map { try evaluation.with($0.model).closedSet() }
        let ofMean = try evaluation.closedSet()
        try mean.with(
            validationAccuracy: .init(correct: ofMean.accuracy.count, total: ofMean.accuracy.total)
        ).write(to: output)
        func line(_ result: ClosedSetEvaluation, _ name: String) -> String {
            let count = NumberText.grouped(result.accuracy.count)
            let total = NumberText.grouped(result.accuracy.total)
            let padding = String(repeating: " ", count: total.count - count.count)
            return
                "  \(padding)\(count) of \(total)  \(NumberText.fixed(result.meanLogLoss, decimals: 4))  \(name.printable)"
        }
        Terminal.note(
            """
            Clips of the validation split that are recognized, and log loss (nats a clip):
            \(zip(ofSources, models).map(line).joined(separator: "\n"))
            \(line(ofMean, "the mean"))
            Wrote \(output.printable), which has no thresholds and no calibration yet.
            """)
    }
}
