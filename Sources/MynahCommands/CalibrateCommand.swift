import ArgumentParser
import MynahBase
import MynahData
import MynahEvaluation
import MynahModel

/// `mynah calibrate`: from a model to the same one with probabilities that can be believed.
struct CalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Calibrate a model, so that its probabilities can be believed.",
        discussion: """
            The validation split of FOLDER is recognized, and the model's logits are divided by the temperature \
            at which the true labels are most probable. The model's answers stay the same; the probabilities \
            that it gives them change. Before the end of a clip, the network is right less often than its \
            probabilities say, so each moment gets a temperature of its own, and _unknown_ the weight that it \
            has in FOLDER; mynah recognize --early uses them. The mean path of the network's state for each \
            word, which mynah explain draws, is stored in the model as well. OUTPUT may be MODEL itself: the \
            file is replaced as a whole.

            EXAMPLE
              mynah calibrate my-words.safetensors recordings --output my-words.safetensors
            """)

    @Argument(help: "The model file.")
    var model: String

    @Argument(help: "The folder with one folder for each word, as in training.")
    var folder: String

    @Option(name: [.short, .long], help: "Where the new model is written.")
    var output: String

    @OptionGroup var data: LabelledDataOptions

    @OptionGroup var outputOptions: OutputOptions

    private var outputs: [OutputFile] { [OutputFile("--output", output, .model)].compactMap(\.self) }

    func validate() throws {
        try outputOptions.checkNames(outputs)
    }

    func run() throws {
        try outputOptions.check(outputs)
        let before = try CommandModel(contentsOf: model)
        let evaluation = try data.evaluation(of: before, folder: folder, split: .validation)
        let fit = try TemperatureFit(clips: try evaluation.run(), scoredAt: before.temperature)
        let believable = try before.with(temperature: fit.temperature)
            .with(statePaths: evaluation.statePaths())
        try believable.with(earlyCalibration: evaluation.earlyCalibration(of: believable)).write(to: output)
        func change(_ before: Double, _ after: Double) -> String {
            "\(NumberText.fixed(before, decimals: 4)) before, \(NumberText.fixed(after, decimals: 4)) after"
        }
        Terminal.note(
            """
            Wrote \(output.printable) with temperature \(NumberText.fixed(Double(fit.temperature), decimals: 3)), \
            \(NumberText.fixed(Double(before.temperature), decimals: 3)) before, fitted to \(NumberText.grouped(fit.clipCount)) clips of the \
            validation split:
              log loss (nats a clip)      \(change(fit.meanLogLossBefore, fit.meanLogLoss))
              calibration error (ECE)     \(change(fit.calibrationBefore.expectedError, fit.calibration.expectedError))
            """)
    }
}
