import ArgumentParser
import MynahBase
import MynahData
import MynahModel
import MynahReport
import MynahTraining

/// `mynah doctor`: what is wrong with a folder of recordings, before a network learns it.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find bad, duplicate and mislabelled clips in a folder of labelled recordings.",
        discussion: """
            Every clip is decoded and measured. With --deep, small networks are also trained, each on some of \
            the speakers, and asked about the others; the clips whose labels they doubt most are listed. Nothing \
            in the folder is changed. --exclusions writes a list for mynah train --exclude. Findings are not \
            failures: the exit status is 1 only if no clip could be read.

            EXAMPLE
              mynah doctor recordings
              mynah doctor recordings --deep --exclusions leave-out.txt
              mynah train recordings --exclude leave-out.txt --output my-words.safetensors
            """)

    @Argument(help: "The folder with one folder for each word.")
    var folder: String

    @Flag(
        help: "Ask cross-validated networks about the labels; takes minutes for tens of thousands of clips.")
    var deep = false

    @Option(parsing: .unconditional, help: "How many parts --deep divides the speakers into, 2 to 20.")
    var folds = 4

    @Option(parsing: .unconditional, help: "How many clips --deep names at most.")
    var doubts = 100

    @Option(help: "Write an exclusion list to this file.")
    var exclusions: String?

    @Option(parsing: .unconditional, help: "Clips shorter than this are too short, in seconds.")
    var shortest = DoctorSettings().shortestSeconds

    @Option(parsing: .unconditional, help: "Clips longer than this are too long, in seconds.")
    var longest = DoctorSettings().longestSeconds

    @Option(parsing: .unconditional, help: "Speech below this level is near-silent, in dB of full scale.")
    var quietest = DoctorSettings().quietestDecibels

    @Option(parsing: .unconditional, help: "How many clips are named for each finding.")
    var limit = 10

    @OptionGroup var channels: ChannelOptions

    @OptionGroup var speakers: SpeakerOptions

    @Flag(help: "Print the report as JSON.")
    var json = false

    @Option(parsing: .unconditional, help: "Seed of --deep.")
    var seed: UInt64 = 1

    @Option(parsing: .unconditional, help: "Number of threads; without it, one per core.")
    var threads = Ranks.threadCount

    @OptionGroup var outputOptions: OutputOptions

    private var outputs: [OutputFile] { [OutputFile("--exclusions", exclusions, .other)].compactMap(\.self) }

    func validate() throws {
        try outputOptions.checkNames(outputs)
        guard limit >= 0 else { throw ValidationError("--limit is \(limit), expected 0 or more") }
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads is \(threads), expected 1 to 1024")
        }
        do {
            try settings.validate()
            _ = try crossValidation
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        try outputOptions.check(outputs)
        let labelled = try LabelledFolder(
            scanning: folder,
            options: .init(channel: channels.selection, speakerPattern: speakers.pattern))
        Terminal.note("Examining \(NumberText.grouped(labelled.clips.count)) clips …")
        let examination = try FolderExamination(
            of: labelled, settings: settings, crossValidation: deep ? crossValidation : nil, threads: threads)
        let folds = folds
        let report = try examination.run { progress in
            Terminal.showStatus { _ in
                switch progress {
                case .decoded(let count): NumberText.grouped(count)
                case .trained(let done): "trained \(done) of \(folds) networks"
                }
            }
        }
        Terminal.clearStatus()
        if let exclusions {
            // Names stand in it as the system has them, whatever their bytes.
            try AtomicFile.write(report.exclusionList.pathBytes, to: exclusions)
        }
        if json {
            try Terminal.print(jsonText(report, pretty: true))
        } else {
            try Terminal.print(Array(report.text(limit: limit).utf8))
        }
        if report.readableCount == 0 { throw ExitCode.failure }
    }

    private var settings: DoctorSettings {
        var settings = DoctorSettings()
        settings.shortestSeconds = shortest
        settings.longestSeconds = longest
        settings.quietestDecibels = quietest
        return settings
    }

    private var crossValidation: CrossValidation {
        get throws(DataError) {
            try CrossValidation(foldCount: folds, doubtCount: doubts, seed: seed)
        }
    }
}
