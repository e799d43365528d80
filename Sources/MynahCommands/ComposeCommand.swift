import ArgumentParser
import Glibc
import MynahAudio
import MynahBase
import MynahData
import MynahEvaluation
import MynahModel
import MynahRecognition

/// `mynah compose`: a long recording with words at known times.
struct ComposeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compose",
        abstract: "Mix labelled clips into noise and speech, at known times.",
        discussion: """
            FOLDER is laid out as for mynah train. The clips of one split are mixed one after another into the \
            folder's _background_noise_, of which each split has its own part, and between recordings of speech \
            if --speech names any. A table of start, end and word says what was put where. The same arguments \
            give the same recording. mynah evaluate --stream measures detection on it.

            EXAMPLE
              mynah compose recordings --output hour.wav --truth hour.tsv --count 600
              mynah compose speech-commands --words yes,no --others 50 --output mix.wav --truth mix.tsv
            """)

    @Argument(help: "The folder with one folder for each word.")
    var folder: String

    @Option(name: [.short, .long], help: "Where the recording is written, as 16-bit WAV.")
    var output: String

    @Option(help: "Where the table of words is written.")
    var truth: String

    @Option(
        help:
            "Words to mix in, separated by commas; without it, those that the built-in model knows, or all."
    )
    var words: String?

    @Option(parsing: .unconditional, help: "How many words are mixed in.")
    var count = CompositionSettings().wordCount

    @Option(
        parsing: .unconditional,
        help: "How many clips of all other words are mixed in between, as words not to detect.")
    var others = 0

    @Option(
        parsing: .unconditional, help: "Pauses between words, in seconds, as LEAST,MOST.",
        transform: { try numberRange($0) })
    var gap = CompositionSettings().gapSeconds

    @Option(
        parsing: .unconditional, help: "How far words are above the noise, in dB, as LEAST,MOST.",
        transform: { try numberRange($0) })
    var snr = CompositionSettings().signalToNoiseDecibels

    @Option(help: "An audio file or folder of speech without commands, to fill the pauses.")
    var speech: [String] = []

    @Option(help: "Which split: \(DataSplit.allCases.map(\.rawValue).joined(separator: ", ")).")
    var split = DataSplit.validation

    @Option(parsing: .unconditional, help: "Samples per second of the recording, in Hz.")
    var rate = 16_000

    @OptionGroup var channels: ChannelOptions

    @OptionGroup var speakers: SpeakerOptions

    @Option(parsing: .unconditional, help: "Seed of every choice.")
    var seed: UInt64 = 1

    @OptionGroup var outputOptions: OutputOptions

    private var outputs: [OutputFile] {
        [
            OutputFile("--output", output, .other, mayBeStandardOutput: true),
            OutputFile("--truth", truth, .other, mayBeStandardOutput: true),
        ].compactMap(\.self)
    }

    func validate() throws {
        guard AudioReader.supportedSampleRates.contains(rate) else {
            let range = AudioReader.supportedSampleRates
            throw ValidationError(
                "--rate is \(rate) Hz, expected \(range.lowerBound) to \(range.upperBound) Hz")
        }
        try outputOptions.checkNames(outputs)
        if output == "-", isatty(STDOUT_FILENO) == 1 {
            throw ValidationError("a recording is no text for a terminal: pipe it on")
        }
    }

    func run() throws {
        let all = try LabelledFolder(
            scanning: folder, options: .init(speakerPattern: speakers.pattern))
        for note in all.notes { Terminal.note("note: \(note)") }
        let wanted = Set(try words(of: all))
        let clips = all.clips(in: split)
        try requireClips(wanted, of: all)
        var settings = CompositionSettings()
        settings.wordCount = count
        settings.otherWordCount = others
        settings.gapSeconds = gap
        settings.signalToNoiseDecibels = snr
        settings.channel = channels.selection
        settings.seed = seed
        let plan = try CompositionPlan(
            words: clips.filter { wanted.contains($0.word) },
            others: clips.filter { !wanted.contains($0.word) }, sampleRate: rate, settings: settings)
        let background = try BackgroundNoise(
            decoding: all, with: .audioFiles(sampleRate: rate, channel: channels.selection),
            threads: processorCount())
        for note in background.notes { Terminal.note("note: \(note)") }
        for file in background.unreadable {
            Terminal.note("mynah: \(file.name.printable): \(file.reason.printable)")
        }
        if background.count == 0 { Terminal.note("note: there is no background noise: pauses are silent") }
        let noise = NoiseBed(background, split: split, sampleRate: rate, seed: seed)
        let sources = try speech.flatMap { try AudioArguments.paths(matching: $0) }
            .flatMap { try AudioArguments.sources($0, rawSampleRate: nil) }
        try outputOptions.check(
            outputs, reading: all.clips.map(\.path) + all.noiseFiles.map(\.path) + sources.map(\.name))
        var composer = RecordingComposer(
            plan, noise: noise, speech: SpeechBed(sources, sampleRate: rate, channel: channels.selection))

        Interruption.watch()
        var file = try Destination(output)
        try file.append(WAVEncoding.integer16.header(sampleCount: plan.sampleCount, sampleRate: rate))
        var block: [Float] = []
        while try composer.read(into: &block) {
            if Interruption.isRequested { throw CommandError.interrupted }
            try file.append(WAVEncoding.integer16.bytes(of: block.span))
        }
        var table = try Destination(truth)
        try table.append(plan.truth.text)
        try file.finish()
        try table.finish()
        let seconds = Double(plan.sampleCount) / Double(rate)
        Terminal.note(
            """
            \(output.printable): \(NumberText.fixed(seconds / 60, decimals: 1)) minutes with \(NumberText.grouped(plan.truth.events.count)) words, \
            listed in \(truth.printable)
            """)
    }

    /// Makes sure that the split has clips of what is to be laid in.
    private func requireClips(_ wanted: Set<String>, of all: LabelledFolder) throws {
        for (isNeeded, isWanted) in [(count > 0, true), (others > 0, false)] where isNeeded {
            let clips = all.clips.lazy.filter { wanted.contains($0.word) == isWanted }
            let found = DataSummary.SplitCounts(clips.map(\.split))
            if found.total == 0, !isWanted { throw CommandError.noOtherWords(folder: folder) }
            if found[split] == 0 { throw CommandError.emptySplit(folder: folder, split: split, found: found) }
        }
    }

    private func words(of folder: LabelledFolder) throws -> [String] {
        let present = Set(folder.clips.map(\.word)).filter(StandardLabel.isWord)
        if let words {
            let wanted = words.split(separator: ",", omittingEmptySubsequences: false).map {
                String($0).trimmed
            }
            if let missing = wanted.first(where: { !present.contains($0) }) {
                throw DataError.wordNotFound(
                    word: missing, folder: self.folder, available: present.sorted())
            }
            return wanted
        }
        let labels = try CommandModel.builtIn().labels
        let lookalikes = LookalikeNames(labels)
        for word in present.sorted() {
            guard let label = lookalikes.lookalike(of: word) else { continue }
            throw DataError.lookalikeWords(folder: self.folder, word: word, other: label)
        }
        let known = labels.filter { present.contains($0) }
        return known.isEmpty ? present.sorted() : known
    }
}

/// Two numbers, `LEAST,MOST`.
private func numberRange(_ text: String) throws -> ClosedRange<Double> {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard parts.count == 2, let least = parts[0], let most = parts[1], least <= most, least.isFinite,
        most.isFinite
    else {
        throw ValidationError("'\(text.printable)' is no range, expected two numbers such as 2,6")
    }
    return least...most
}
