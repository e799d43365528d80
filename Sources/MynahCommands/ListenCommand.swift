import ArgumentParser
import Mynah
import MynahAudio
import MynahBase
import MynahCapture
import MynahData
import MynahFeatures
import MynahLanguage
import MynahModel
import MynahRecognition
import MynahReport
import MynahTeaching

/// `mynah listen`: a line for each command that is spoken, as soon as it is sure.
struct ListenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Print each command as it is spoken: from a microphone, a pipe or a long file.",
        discussion: """
            Without SOURCE, Mynah listens to the microphone until Ctrl-C; with -, to standard input as it \
            arrives: WAV, or with --raw samples without a header. A file gives the same words at the same times \
            as the same sound live. Times are seconds of sound since the start.

            The COMMAND of --on is a program and its arguments, separated by spaces and quoted as in a shell; \
            nothing in it is expanded. It gets MYNAH_WORD, MYNAH_CONFIDENCE and MYNAH_TIME in its environment \
            and 10 s to run; what it prints goes to standard error. A word may have \
            several; up to eight run at once.

            With --intents, words become sentences: an intent is told as soon as it is sure and every detail it can have \
            has been named, or after a pause. The COMMAND of --on-intent gets MYNAH_INTENT, MYNAH_TEXT and MYNAH_SLOT_<NAME> \
            besides, and all of it as JSON on standard input.

            EXAMPLE
              mynah listen
              mynah listen --device usb --on 'stop=playerctl pause' --on 'go=playerctl play'
              arecord -q -f S16_LE -r 16000 -t raw | mynah listen - --raw 16000 --json
              mynah listen --intents home.safetensors --on-intent LightOn=./lights.sh
              ffmpeg -i talk.mkv -ac 1 -ar 16000 -f s16le - | mynah listen - --raw 16000
              mynah listen --model mine.safetensors --keep kept
              mynah listen --devices
            """)

    @Argument(help: "An audio file or -; without it, the microphone.")
    var source: String?

    @OptionGroup var modelOptions: ModelOptions

    @Option(help: "Which microphone, by its number or part of its name.")
    var device: String?

    @Flag(help: "List the microphones and exit.")
    var devices = false

    @Option(
        help: ArgumentHelp(
            "Run a program when a word is heard.", valueName: "word=command"),
        transform: { try WordCommand($0) })
    var on: [WordCommand] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "The smoothed probability at which a word counts, for all words or for one; without it, the model's own.",
            valueName: "number|word=number"),
        transform: { try ThresholdChoice($0) })
    var threshold: [ThresholdChoice] = []

    @OptionGroup var strictness: StrictnessOptions

    @OptionGroup var verification: VerificationOptions

    @Option(
        help: "A model of intents, as mynah intent train makes it, that reads the words as they are heard.")
    var intents: String?

    @Option(
        help: ArgumentHelp("Run a program when words ask for something.", valueName: "intent=command"),
        transform: { try WordCommand($0) })
    var onIntent: [WordCommand] = []

    @Option(
        parsing: .unconditional,
        help: "Seconds without a word after which a sentence is over, 0.1 to 60.")
    var pause = 1.0

    @Option(help: "Keep what was heard in this WAV file, to listen to again.")
    var record: String?

    @Option(
        help: ArgumentHelp(
            "Keep the sound around each word that is heard, or nearly so, in this folder, for mynah review.",
            discussion: """
                Some seconds each, 500 MiB and 30 days at most: the oldest are removed unless they were reviewed. Nothing \
                leaves the machine.
                """))
    var keep: String?

    @Flag(help: "Print one JSON object per line: word, start, end, confidence.")
    var json = false

    @OptionGroup var sound: SoundOptions

    @OptionGroup var outputOptions: OutputOptions

    private var outputs: [OutputFile] { [OutputFile("--record", record, .other)].compactMap(\.self) }

    func validate() throws {
        if source != nil, device != nil || devices {
            throw ValidationError(
                "--device and --devices are about microphones, expected no source beside them")
        }
        if source == nil, sound.raw != nil {
            throw ValidationError("--raw is about files and pipes, expected a source")
        }
        if record != nil, let source, source != "-" {
            throw ValidationError(
                "--record is about microphones and pipes, '\(source.printable)' is a file already")
        }
        if intents == nil, !onIntent.isEmpty { throw ValidationError("--on-intent needs --intents") }
        guard keep != "", keep != "-" else {
            throw ValidationError("--keep is '\(keep ?? "")', expected a folder")
        }
        guard (0.1...60).contains(pause) else {
            throw ValidationError("--pause is \(pause), expected 0.1 to 60")
        }
        try outputOptions.checkNames(outputs)
    }

    func run() throws {
        if devices { return try listDevices() }
        try outputOptions.check(outputs)
        let model = try modelOptions.load()
        let commands = try Self.commands(on, named: model.labels.filter(StandardLabel.isWord), option: "--on")
        let intentModel = try intents.map { try IntentModel(contentsOf: $0) }
        let intentCommands = try Self.commands(
            onIntent, named: intentModel?.intents ?? [], option: "--on-intent")
        if let intentModel { Self.noteUnknownWords(of: model, intentModel) }
        let recognizer = try StreamingRecognizer(
            model: model, detection: try detection(of: model), verifier: try verification.load(for: model))
        let isFile = source != nil && source != "-"
        let keeper = try keep.map { folder in
            MomentKeeper(
                in: try KeptFolder(making: folder), model: model, detection: recognizer.detection,
                source: isFile ? source ?? "" : source == nil ? "microphone" : "standard input",
                isFile: isFile)
        }
        Interruption.outliveReaders()
        Interruption.watch()
        var report = ListeningReport(
            sampleRate: model.sampleRate, commands: WordCommands(commands),
            intents: intentModel.map { SpokenIntents(IntentParser($0), pauseSeconds: pause) },
            intentCommands: WordCommands(intentCommands), record: record, keeper: keeper, keptFolder: keep,
            isFile: isFile, json: json)
        var session = ListeningSession(try open(rate: model.sampleRate), recognizer: recognizer)
        try report.run(&session)
    }

    private func open(rate: Int) throws -> ListeningSound {
        let recorder = try makeRecorder()
        guard let source else {
            let microphone = try Microphone(
                device, channel: sound.channels.channel, preferredRate: rate)
            Terminal.note(
                """
                listening to \(microphone.device.name.printable) at \(NumberText.grouped(microphone.sampleRate)) Hz; Ctrl-C ends
                """)
            return ListeningSound(microphone, sampleRate: rate, recorder: recorder)
        }
        return try ListeningSound(
            source == "-"
                ? .standardInput(rawSampleRate: sound.raw) : .file(path: source, rawSampleRate: sound.raw),
            channel: sound.selection, sampleRate: rate, recorder: recorder)
    }

    private func makeRecorder() throws -> SoundRecorder? {
        guard let record else { return nil }
        return try SoundRecorder(record)
    }

    private func listDevices() throws {
        let devices = try CaptureDevice.all()
        guard !devices.isEmpty else { throw CaptureError.noDevice }
        for device in devices {
            if json {
                try Terminal.print(jsonText(DeviceLine(device)))
            } else {
                try Terminal.print(
                    """
                    \(device.number): \(device.name.printable), \(device.channelCount) channels, \
                    \(NumberText.grouped(device.sampleRate)) Hz\(device.isDefault ? " (default)" : "")
                    """)
            }
        }
    }

    /// The model's settings with the thresholds that were asked for; a word's own one is kept unless it is named, too.
    private func detection(of model: CommandModel) throws -> DetectionSettings {
        var settings = try model.requiredDetection(strictness.strictness, name: modelOptions.name)
        for choice in threshold where choice.word == nil {
            settings.threshold = choice.value
            settings.thresholds = [:]
        }
        for choice in threshold {
            guard let word = choice.word else { continue }
            try requireWord(word, of: model, option: "--threshold")
            settings.thresholds[word] = choice.value
        }
        return settings
    }

    private static func commands(
        _ choices: [WordCommand], named names: [String], option: String
    ) throws -> [String: [[String]]] {
        var commands: [String: [[String]]] = [:]
        for choice in choices {
            let (name, command) = try choice.resolved(among: names, option: option)
            commands[name, default: []].append(command)
        }
        return commands
    }

    /// Names the words that are heard, but that the model of intents has not met.
    private static func noteUnknownWords(of model: CommandModel, _ intents: IntentModel) {
        let unknown = model.labels.filter {
            StandardLabel.isWord($0)
                && !TokenizedText($0).words.allSatisfy { intents.words.knows($0.text) }
        }
        guard !unknown.isEmpty else { return }
        Terminal.note("note: the model of intents has not met \(listed(unknown, limit: 20))")
    }

    private func requireWord(_ word: String, of model: CommandModel, option: String) throws {
        let words = model.labels.filter(StandardLabel.isWord)
        guard words.contains(word) else {
            throw CommandError.noSuchWord(option: option, word: word, available: words)
        }
    }
}

/// `WORD=COMMAND`.
///
/// Both may contain `=`; which one is between them, the words of a model decide.
struct WordCommand {
    private let text: String

    init(_ text: String) throws {
        let commands = text.indices.dropFirst().filter { text[$0] == "=" }.map {
            text[text.index(after: $0)...]
        }
        guard !commands.isEmpty else { throw ValidationError("'\(text.printable)' is no WORD=COMMAND") }
        guard commands.contains(where: { CommandWords.split(String($0)) != nil }) else {
            throw Self.noCommand(text)
        }
        self.text = text
    }

    /// The word, the longest that `text` can mean, and its command as a program with its arguments.
    ///
    /// - Throws: ``CommandError/noSuchWord(option:word:available:)``; `ValidationError` where there is no command behind the
    ///   word.
    func resolved(among words: [String], option: String) throws -> (word: String, command: [String]) {
        guard let word = words.filter({ text.hasPrefix($0 + "=") }).max(by: { $0.count < $1.count }) else {
            throw CommandError.noSuchWord(
                option: option, word: String(text.prefix { $0 != "=" }), available: words)
        }
        guard let command = CommandWords.split(String(text.dropFirst(word.count + 1))) else {
            throw Self.noCommand(text)
        }
        return (word, command)
    }

    private static func noCommand(_ text: String) -> ValidationError {
        ValidationError("'\(text.printable)' has no command, or a quotation mark without its other one")
    }
}

/// `NUMBER`, or `WORD=NUMBER`.
struct ThresholdChoice {
    /// Nil for all words.
    let word: String?

    /// Above 0 and up to 1.
    let value: Float

    init(_ text: String) throws {
        let mark = text.lastIndex(of: "=")
        word = mark.map { String(text[..<$0]) }
        guard let value = Float(mark.map { text[text.index(after: $0)...] } ?? text[...]), value > 0,
            value <= 1
        else {
            throw ValidationError(
                "'\(text.printable)' is no threshold, expected a number above 0 and up to 1, or WORD=NUMBER")
        }
        self.value = value
    }
}

/// One line of `mynah listen --devices --json`.
private struct DeviceLine: Encodable {
    let number: Int
    let name: String
    let channels: Int
    let sampleRate: Int
    let isDefault: Bool

    init(_ device: CaptureDevice) {
        number = device.number
        name = device.name
        channels = device.channelCount
        sampleRate = device.sampleRate
        isDefault = device.isDefault
    }
}
