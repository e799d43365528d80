import ArgumentParser
import MynahBase
import MynahData
import MynahFeatures

/// `mynah negatives`: a file of windows of sound without commands, as one comes with mynah.
struct NegativesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "negatives",
        abstract: "Make a file of other words, speech and noise, that words are told from.",
        discussion: """
            What mynah teach and mynah train have for _unknown_ and _silence_ where nobody has recordings of other \
            words at hand is a file that was made by this command. It holds features, not sounds: windows of single \
            words, as many different ones as there are, of running speech, and of noise. Half of those of speech are \
            varied as in training. mynah teach --negatives takes such a file.

            EXAMPLE
              mynah negatives --words others --speech talk --noise noise --output negatives.safetensors \\
                --attribution 'LibriSpeech, CC BY 4.0'
            """)

    @Option(
        name: .customLong("words"),
        help: "A folder with a folder of clips for each word; may be given several times.")
    var wordFolders: [String] = []

    @Option(help: "A recording of running speech, or a folder of them, of up to 60 s each.")
    var speech: [String] = []

    @Option(help: "A recording of noise, or a folder of them.")
    var noise: String?

    @Option(help: "Words to leave out, separated by commas.")
    var except: String?

    @Option(parsing: .unconditional, help: "Windows of words.")
    var wordCount = 600

    @Option(parsing: .unconditional, help: "Windows of running speech.")
    var speechCount = 300

    @Option(parsing: .unconditional, help: "Windows of noise.")
    var noiseCount = 100

    @Option(help: "Front end: \(FrontEndPreset.allCases.map(\.rawValue).joined(separator: ", ")), or a file.")
    var frontEnd = FrontEndPreset.mynah.rawValue

    @Option(parsing: .unconditional, help: "Length of a window, in seconds.")
    var clipSeconds = 1.0

    @Option(parsing: .unconditional, help: "Seed of what is chosen and varied.")
    var seed: UInt64 = 1

    @Option(help: "Source and licence of the recordings, kept in the file.")
    var attribution = ""

    @Option(parsing: .unconditional, help: "Number of threads; without it, one per core.")
    var threads = Ranks.threadCount

    @Option(name: [.short, .long], help: "Where the file is written.")
    var output: String

    @OptionGroup var outputOptions: OutputOptions

    private var outputs: [OutputFile] { [OutputFile("--output", output, .other)].compactMap(\.self) }

    func validate() throws {
        guard !wordFolders.isEmpty || !speech.isEmpty else {
            throw ValidationError("--words or --speech is missing")
        }
        for (option, count) in [
            ("--word-count", wordCount), ("--speech-count", speechCount), ("--noise-count", noiseCount),
        ] {
            guard (0...5000).contains(count) else {
                throw ValidationError("\(option) is \(count), expected 0 to 5000")
            }
        }
        guard (0.1...30).contains(clipSeconds) else {
            throw ValidationError("--clip-seconds is \(clipSeconds), expected 0.1 to 30")
        }
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads is \(threads), expected 1 to 1024")
        }
        try outputOptions.checkNames(outputs)
    }

    func run() throws {
        try outputOptions.check(outputs)
        let selection = NegativeSelection(
            counts: (wordCount, speechCount, noiseCount), wordFolders: wordFolders,
            speech: try speech.flatMap { try AudioTree.negatives(below: $0) }, noise: noise,
            leftOut: Set((except ?? "").split(separator: ",").map { String($0).trimmed }), seed: seed,
            threads: threads)
        let (windows, unreadable) = try selection.windows(
            frontEnd: try FrontEndFile.configuration(named: frontEnd), seconds: clipSeconds,
            attribution: attribution, commandLine: commandLineText())
        for file in unreadable { Terminal.note("mynah: \(file.name.printable): \(file.reason.printable)") }
        try AtomicFile.write(windows.fileBytes, to: output)
        var counts = (words: 0, speech: 0, noise: 0)
        var spoken: Set<Int> = []
        for content in windows.contents {
            switch content {
            case .word(let word):
                counts.words += 1
                spoken.insert(word)
            case .speech: counts.speech += 1
            case .noise: counts.noise += 1
            }
        }
        Terminal.note(
            """
            Wrote \(output.printable), \(NumberText.grouped(windows.fileBytes.count)) bytes: \
            \(counted(counts.words, "window")) of \(counted(spoken.count, "word")), \
            \(NumberText.grouped(counts.speech)) of speech, \(NumberText.grouped(counts.noise)) of noise
            """)
    }
}
