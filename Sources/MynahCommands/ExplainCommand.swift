import ArgumentParser
import MynahAudio
import MynahBase
import MynahFeatures
import MynahModel
import MynahRecognition
import MynahReport

/// `mynah explain`: a page that shows how a network came to its answer.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show on a page what the network did with a clip or a sentence, and when it knew.",
        discussion: """
            The page shows the waveform, the spectrogram, the probabilities, the memory of the last recurrent \
            layer and its gates over time, the path of the state beside the mean path of each word, and the \
            moment of decision. It needs no other file and no network connection, and can be printed. The mean \
            paths come from the model: mynah calibrate stores them there. With a model of intents, a text is explained word \
            by word.

            EXAMPLE
              mynah explain stop.wav --output stop.html
              mynah explain "turn the kitchen light on" --model home.safetensors --output light.html
            """)

    /// Longest clip that is drawn, in seconds.
    private static let maximumSeconds = 10.0

    @Argument(help: "An audio file or -; with a model of intents, a text.")
    var file: String

    @Option(name: [.short, .long], help: "Where the page is written.")
    var output: String

    @OptionGroup var modelOptions: ModelOptions

    @Option(
        parsing: .unconditional,
        help: "The probability at which the network may decide before the end, 0.5 to 1.")
    var early: Float = 0.95

    @OptionGroup var sound: SoundOptions

    @OptionGroup var outputOptions: OutputOptions

    private var outputs: [OutputFile] {
        [OutputFile("--output", output, .page, mayBeStandardOutput: true)].compactMap(\.self)
    }

    func validate() throws {
        guard EarlyDecision.confidences.contains(early) else {
            throw ValidationError("--early is \(early), expected 0.5 to 1")
        }
        try outputOptions.checkNames(outputs, reading: [file])
    }

    func run() throws {
        try outputOptions.check(outputs, reading: [file])
        if modelOptions.kind == .intents { return try explainText() }
        let model = try modelOptions.load()
        let source: AudioSource =
            file == "-"
            ? .standardInput(rawSampleRate: sound.raw) : .file(path: file, rawSampleRate: sound.raw)
        let waveform = try Waveform(
            contentsOf: source, sampleRate: model.frontEnd.sampleRate, channel: sound.selection,
            maximumDuration: Self.maximumSeconds)
        let page = try ExplanationPage(
            of: waveform.samples, name: file == "-" ? "standard input" : String(file.pathName), model: model,
            modelName: modelOptions.name, confidence: early,
            origin: .init(mynahVersion: mynahVersion, commandLine: commandLineText()))
        try PageFile.write(page.html, to: output)
        Terminal.note("\(output.printable): \(page.summary.printable)")
    }

    private func explainText() throws {
        let model = try IntentModel(contentsOf: modelOptions.name)
        let page = try SentencePage(
            of: file, model: model, modelName: modelOptions.name, confidence: early,
            origin: .init(mynahVersion: mynahVersion, commandLine: commandLineText()))
        guard let page else { throw ValidationError("the text has no words") }
        try PageFile.write(page.html, to: output)
        Terminal.note("\(output.printable): \(page.summary.printable)")
    }
}
