import ArgumentParser
import MynahBase
import MynahData
import MynahEvaluation
import MynahModel
import MynahReport

/// `mynah intent evaluate`: how well a model of intents reads phrases.
struct IntentEvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Report how well a model of intents reads phrases: intents, slots, and what it turns away.",
        discussion: """
            FOLDER is laid out as for mynah intent train. Choose by the validation split; keep the testing split (a folder \
            testing in it, or the files validate_* of SNIPS) for one final number. Phrases of _none_, and those of intents \
            that the model does not know, are out of scope: they are to be turned away.

            EXAMPLE
              mynah intent evaluate home --model home.safetensors --html report.html
              mynah intent evaluate snips --model snips.safetensors --split testing --json
            """)

    @Argument(help: "The folder, or a file of phrases.")
    var folder: String

    @Option(name: [.short, .long], help: "A model of intents, as mynah intent train makes it.")
    var model: String

    @Option(
        help:
            "Which split: \(DataSplit.allCases.map(\.rawValue).joined(separator: ", ")); validation unless given."
    )
    var split = DataSplit.validation

    @Flag(
        help:
            "Read all phrases of FOLDER, not a split of them; for folders that the model has not learnt from."
    )
    var everyPhrase = false

    @Flag(help: "Print the report as JSON.")
    var json = false

    @Option(help: "Also write the report as an HTML page that needs no other file.")
    var html: String?

    @Option(parsing: .unconditional, help: "Seed of the bootstrap interval.")
    var seed: UInt64 = 1

    @OptionGroup var outputOptions: OutputOptions

    private var outputs: [OutputFile] { [OutputFile("--html", html, .page)].compactMap(\.self) }

    func validate() throws { try outputOptions.checkNames(outputs) }

    func run() throws {
        try outputOptions.check(outputs)
        let report = try IntentReport(
            of: try IntentModel(contentsOf: model), name: model, data: folder,
            split: everyPhrase ? nil : split,
            seed: seed)
        if let html { try PageFile.write(IntentPage(report).html, to: html) }
        try Terminal.print(
            json
                ? jsonText(report, pretty: true)
                : report.text(color: Terminal.outputHasColor))
        if !report.result.unread.isEmpty { throw ExitCode.failure }
    }
}

extension IntentReport {
    /// Tries a model on the phrases of a split of a folder, or on all of them.
    init(of model: IntentModel, name: String, data: String, split: DataSplit?, seed: UInt64) throws {
        let collection = try PhraseCollection(reading: data)
        for note in collection.notes { Terminal.note("note: \(note)") }
        let division = PhraseDivision(of: collection)
        let lines =
            switch split {
            case .training: division.training
            case .validation: division.validation
            case .testing: division.testing
            case nil: collection.lines
            }
        guard !lines.isEmpty else {
            let other = DataSplit.allCases.first { !division.lines($0).isEmpty }
            throw CommandError.noPhrases(
                data: data, split: split?.rawValue ?? "", other: other?.rawValue)
        }
        self.init(
            mynahVersion: MynahBase.mynahVersion, machine: Machine.description,
            commandLine: commandLineText(), model: name,
            modelHash: model.hash, data: data, dataHash: collection.dataHash,
            split: split?.rawValue ?? "all phrases", splitRule: division.rule, seed: seed,
            result: IntentEvaluation(of: model, on: lines, bootstrap: ClusterBootstrap(seed: seed)))
    }
}
