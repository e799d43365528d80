import ArgumentParser
import MynahAudio
import MynahBase
import MynahData
import MynahEvaluation
import MynahModel
import MynahReport

/// `mynah harvest`: clips of words, cut out of running speech.
struct HarvestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "harvest",
        abstract: "Cut words out of transcribed recordings, as clips to train with.",
        discussion: """
            A SOURCE is a folder as mynah train-speech reads it, whose words --model finds, or a table of words that \
            mynah align has written. Each clip becomes <word>/<speaker>_nohash_<take>.wav in the folder --output, as \
            mynah train and mynah doctor expect it. harvest.tsv in that folder says of each word what became of it and \
            why. Nothing that lies there is replaced: the same command goes on where it was interrupted, and other \
            recordings add to what is there.

            EXAMPLE
              mynah align LibriSpeech/dev-clean --model speech.safetensors --output words.tsv
              mynah harvest words.tsv --recordings LibriSpeech/dev-clean --words on,off,go --output clips
              mynah harvest LibriSpeech/dev-clean --model speech.safetensors --all --except on,off,go --output others
              mynah harvest words.tsv --recordings LibriSpeech/dev-clean --speech-without on,off,go --output negatives
            """)

    @Argument(help: "The folders, or the tables.")
    var sources: [String]

    @Option(name: [.short, .long], help: "A speech model, as mynah train-speech makes it; for folders.")
    var model: String?

    @Option(
        help: "The folder that the recordings of a table lie in; without it, here or beside the table.")
    var recordings: String?

    @Option(help: "The words to cut out, separated by commas.")
    var words: String?

    @Flag(help: "Cut out all words, but those of --except.")
    var all = false

    @Option(help: "With --all: words to leave, separated by commas.")
    var except: String?

    @Option(parsing: .unconditional, help: "With --all: leave words with fewer clips. (default: 5)")
    var atLeast: Int?

    @Option(
        help: ArgumentHelp(
            "Cut out speech without these words, separated by commas.",
            discussion: """
                For mynah train --negatives and mynah evaluate --negatives: the stretches between these words, from 1 s \
                to 30 s long. Name words that sound alike, too, such as know beside no.
                """))
    var speechWithout: String?

    @Option(name: [.short, .long], help: "The folder to write to, made if need be.")
    var output: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Margin in front of a word and behind it, in seconds, at most half of a pause. (default: 0.1)",
            discussion: "With --speech-without, how far speech stays away from these words. (default: 0.3)"))
    var margin: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Drop words with a shorter pause to a neighbour, in seconds, as run together.",
            discussion: "Below 0, words may overlap by so much, and are cut in the middle of that."))
    var pause = HarvestSettings(.words([])).pauseSeconds

    @Option(
        parsing: .unconditional,
        help:
            "Drop clips that are shorter, with their margins, in seconds. (default: 0.3, with --all 0.4, of speech 1)"
    )
    var shortest: Double?

    @Option(parsing: .unconditional, help: "Drop words that the model is less sure of, 0 to 1.")
    var confidence = HarvestSettings(.words([])).leastConfidence

    @Option(
        parsing: .unconditional,
        help: "The most clips of a word, the surest of each speaker first. (default: all; with --all, 100)")
    var atMost: Int?

    @Option(
        parsing: .unconditional,
        help: "The most clips of a word by one speaker. (default: all; with --all, 5)")
    var atMostPerSpeaker: Int?

    @OptionGroup var channels: ChannelOptions

    @Option(parsing: .unconditional, help: "Samples per second of the clips, in Hz.")
    var rate = 16_000

    @Option(parsing: .unconditional, help: "Number of threads; without it, one per core.")
    var threads = Ranks.threadCount

    @Flag(help: "Print how much was kept and dropped as JSON.")
    var json = false

    func validate() throws {
        let rates = AudioReader.supportedSampleRates
        guard rates.contains(rate) else {
            throw ValidationError(
                "--rate is \(rate) Hz, expected \(rates.lowerBound) to \(rates.upperBound) Hz")
        }
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads is \(threads), expected 1 to 1024")
        }
        guard !output.isEmpty, output != "-" else {
            throw ValidationError("--output is '\(output)', expected a folder")
        }
        guard [words != nil, all, speechWithout != nil].count(where: { $0 }) == 1 else {
            throw ValidationError("expected one of --words, --all and --speech-without")
        }
        guard all || except == nil && atLeast == nil else {
            throw ValidationError("--except and --at-least need --all")
        }
        guard speechWithout == nil || atMost == nil && atMostPerSpeaker == nil else {
            throw ValidationError(
                "--at-most and --at-most-per-speaker are for words, not for --speech-without")
        }
        do {
            try settings().validate()
        } catch let error as DataError {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        let folder = try HarvestFolder(at: output)
        let settings = try settings()
        let tables = sources.filter { FileKind(at: $0) != .folder }
        let folders = sources.filter { FileKind(at: $0) == .folder }
        if model != nil, folders.isEmpty { throw CommandError.needlessModel(table: tables[0]) }
        if recordings != nil, tables.isEmpty { throw CommandError.needlessRecordings(folder: folders[0]) }
        guard let model = folders.isEmpty ? "" : model else {
            throw CommandError.noSpeechModel(folder: folders[0])
        }
        var sentences: [AlignedSentence] = []
        var faultCount = 0
        for table in tables {
            let table = try AlignedWordTable(contentsOf: table, recordings: recordings)
            SpeechProgress.tell([table.passedOver], notes: [])
            faultCount += table.passedOver.count
            sentences += table.sentences
        }
        if !folders.isEmpty {
            let (aligned, passedOver) = try align(folders, with: model)
            faultCount += passedOver.count
            sentences += aligned
        }
        let (unique, repeated) = AlignedSentence.ofEachRecording(sentences)
        SpeechProgress.tell([repeated], notes: [])
        let plan = try HarvestPlan(of: unique, settings: settings, into: folder)
        let outcome = try carryOut(plan, into: folder)
        let summary = HarvestSummary(of: outcome, settings: settings)
        try Terminal.print(
            json ? jsonText(summary, pretty: true) : summary.text(color: Terminal.outputHasColor))
        if let failure = outcome.failure { throw failure }
        // How much is left has been told.
        guard outcome.leftCount == 0 else { throw ExitCode.failure }
        guard summary.clips > 0 else { throw CommandError.nothingHarvested(table: folder.tablePath) }
        if faultCount + outcome.passedOver.count > 0 { throw ExitCode.failure }
    }

    /// Cuts out what is planned; the table says before what is to be done, and afterwards what was.
    private func carryOut(_ plan: HarvestPlan, into folder: HarvestFolder) throws -> HarvestPlan.Outcome {
        try makeFolder(output)
        try HarvestRecord.write(plan.records, to: folder.tablePath)
        Interruption.watch()
        let outcome = SpeechProgress.show("cut") { onCut in
            plan.cut(
                into: folder, with: .audioFiles(sampleRate: rate, channel: channels.selection),
                threads: threads, shouldStop: { Interruption.isRequested }, onCut: onCut)
        }
        SpeechProgress.tell([outcome.passedOver], notes: [])
        do {
            try HarvestRecord.write(outcome.records, to: folder.tablePath)
        } catch {
            // On a full disk the table of what was planned stays, from which the harvest goes on as well.
            if outcome.failure == nil { throw error }
        }
        if outcome.leftCount > 0 {
            Terminal.note(
                "\(counted(outcome.done.count, "clip")) cut, \(NumberText.grouped(outcome.leftCount)) left; "
                    + "the same command goes on")
        }
        return outcome
    }

    /// Finds the words of folders.
    private func align(
        _ folders: [String], with model: String
    ) throws -> (sentences: [AlignedSentence], passedOver: PassedOver) {
        let speech = try SpeechModel(contentsOf: model)
        let corpora = try folders.map { path throws(DataError) in try TranscribedCorpus(scanning: path) }
        let trial = try SpeechTrial(
            reading: corpora, for: speech, split: nil, channel: channels.selection, threads: threads)
        let alignment = try SpeechProgress.show("aligned") { onDone in
            try SpeechAlignment(speech).align(
                trial.store, namesFolders: trial.namesFolders, threads: threads, onDone: onDone)
        }
        return (alignment.sentences, trial.passedOver)
    }

    private func settings() throws(ValidationError) -> HarvestSettings {
        let wanted: HarvestSettings.Wanted =
            if let words {
                .words(try Self.words(words, "--words"))
            } else if let speechWithout {
                .speech(without: try Self.words(speechWithout, "--speech-without"))
            } else {
                .allWords(
                    except: try except.map { names throws(ValidationError) in
                        try Self.words(names, "--except")
                    } ?? [], atLeast: atLeast ?? 5)
            }
        var settings = HarvestSettings(wanted)
        settings.marginSeconds = margin ?? settings.marginSeconds
        settings.shortestSeconds = shortest ?? settings.shortestSeconds
        settings.pauseSeconds = pause
        settings.leastConfidence = confidence
        settings.wordLimit = atMost ?? settings.wordLimit
        settings.speakerLimit = atMostPerSpeaker ?? settings.speakerLimit
        return settings
    }

    private static func words(_ list: String, _ option: String) throws(ValidationError) -> Set<String> {
        var words: Set<String> = []
        for name in list.split(separator: ",", omittingEmptySubsequences: false) {
            do throws(TranscriptText.Fault) {
                words.insert(try TranscriptText(word: String(name)).text)
            } catch {
                throw ValidationError("\(option) is '\(list)': \(error.reason)")
            }
        }
        return words
    }
}
