import ArgumentParser
import MynahBase
import MynahData
import MynahNetwork
import MynahReport
import MynahTraining

/// `mynah intent train`: from a folder of phrases to a model of intents.
struct IntentTrainCommand: TrainingCommand {
    static let name = "intent train"

    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model of intents, on a folder with a text file of phrases for each intent.",
        discussion: """
            FOLDER holds a text file for each intent, one phrase a line: turn on the light in the [kitchen](room). \
            (turn|switch) is one of several, [the] may be left out, {room} is a value of lists/room.txt. _none_.txt holds \
            what asks for nothing. Rasa's YAML and the JSON of the SNIPS benchmark are read, too. A tenth of the phrases of \
            each intent are kept for choices. The model that reads most of them rightly is kept, even when Ctrl-C stops the \
            training, which then counts as success.

            EXAMPLE
              mynah intent train home --output home.safetensors
              mynah intent train home --run my-run --layers bigru:48 --word-size 48
              mynah intent train --resume my-run
            """)

    @Argument(help: "The folder, or a file of phrases.")
    var folder: String?

    @OptionGroup var destination: RunOptions

    @Flag(
        name: .customLong("no-validation"),
        help:
            "Learn from all phrases; nothing then tells how well others are read, and the last epoch is kept."
    )
    var learnsAll = false

    @Option(parsing: .unconditional, help: "Learn from so many phrases of each intent at most.")
    var phrases: Int?

    @OptionGroup(title: "Network") var network: IntentNetworkOptions

    @OptionGroup(title: "Training") var training: OptimizationOptions<IntentDefaults>

    @OptionGroup(title: "Variation") var variation: PhraseVariationOptions

    @Option(help: "Source and licence of the phrases, kept in the model.")
    var attribution: String?

    func validate() throws {
        guard try destination.startsTraining(on: "<folder>", isGiven: folder != nil) else { return }
        do {
            try plan().validate()
        } catch let error as DataError {
            throw ValidationError("\(error)")
        }
    }

    mutating func takeUp(threads: Int?, precision: ProductPrecision?) {
        training.takeUp(threads: threads, precision: precision)
    }

    func train(in runFolder: RunFolder?, asStarted beginning: TrainingStart) throws {
        let output = try destination.checkedOutput(in: runFolder)
        let job = try IntentTraining(
            try PhraseCollection(reading: folder ?? ""), plan: try plan(),
            origin: beginning.origin(attribution: attribution))
        Terminal.text(job.summary.text)
        for note in job.notes { Terminal.note("note: \(note)") }
        let model = try carryOut(
            job, to: output, in: runFolder, asStarted: beginning, settings: training.settings)
        if let model, job.exampleCounts.validation > 0 {
            try TrainingReport(folder: runFolder, path: output).write(of: model, data: folder ?? "")
        }
    }

    private func plan() throws -> IntentTraining.Plan {
        IntentTraining.Plan(
            wordSize: network.wordSize, layers: try network.layerDescriptions(),
            readOut: try network.readOutDescription(),
            settings: training.settings, variation: variation.settings, validates: !learnsAll,
            phrasesPerIntent: phrases)
    }
}

/// The shape of a network that reads words, as options.
struct IntentNetworkOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Values of the vector of a word.")
    var wordSize = IntentTraining.Plan().wordSize

    @OptionGroup var own: LayerOptions

    @Option(help: "How the states become one vector: last, mean or attention:HEADS:SIZE.")
    var readOut: String?

    /// The layers that were asked for.
    func layerDescriptions() throws -> [LayerDescription] {
        try own.layerDescriptions() ?? IntentTraining.Plan.defaultLayers
    }

    /// The read-out that was asked for.
    func readOutDescription() throws -> ReadOut {
        guard let readOut else { return IntentTraining.Plan().readOut }
        return try ReadOut(ofWhole: readOut, option: "--read-out")
    }
}

/// How phrases are varied, as options.
struct PhraseVariationOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: "Share of the slots that get another value of the same slot, 0 to 1.")
    var exchange = PhraseVariation().exchangeShare

    @Option(
        parsing: .unconditional,
        help: "Share of the phrases that are cut, so that the model can tell before the end, 0 to 1.")
    var cut = PhraseVariation().cutShare

    @Option(parsing: .unconditional, help: "Share of the phrases that are read in lower case, 0 to 1.")
    var lowercase = PhraseVariation().lowercaseShare

    @Option(
        parsing: .unconditional,
        help: "How readily words are read by their parts alone, as unknown ones are; 0 for never.")
    var forgetting = PhraseVariation().forgetting

    /// What the options say.
    var settings: PhraseVariation {
        var variation = PhraseVariation()
        (variation.exchangeShare, variation.cutShare) = (exchange, cut)
        (variation.lowercaseShare, variation.forgetting) = (lowercase, forgetting)
        return variation
    }
}
