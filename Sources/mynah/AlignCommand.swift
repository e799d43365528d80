import ArgumentParser
import MynahBase
import MynahData
import MynahEvaluation
import MynahModel
import MynahReport

/// `mynah align`: where in a recording each word of its text lies.
struct AlignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "align",
        abstract: "Find where each word of transcribed recordings lies.",
        discussion: """
            A CORPUS is a folder as mynah train-speech reads it. The speech model spells the text of each recording, as \
            probably as it can; the table has a line for each word: path, speaker, start and end in seconds, word, and how \
            sure the model is of it, 0 to 1. With --format textgrid, the output is a folder with a TextGrid for Praat for \
            each recording.

            EXAMPLE
              mynah align LibriSpeech/dev-clean --model speech.safetensors --output words.tsv
              mynah align recordings --model speech.safetensors --format textgrid --output grids
            """)

    /// What is written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case tsv, textgrid
    }

    @Argument(help: "The folders.")
    var corpora: [String]

    @Option(name: [.short, .long], help: "A speech model, as mynah train-speech makes it.")
    var model: String

    @Option(
        name: [.short, .long],
        help: "Where the table is written, - for standard output; with textgrid, a folder.")
    var output: String

    @Option(help: "\(Format.allCases.map(\.rawValue).joined(separator: " or ")).")
    var format = Format.tsv

    @OptionGroup var channels: ChannelOptions

    @Option(parsing: .unconditional, help: "Number of threads; without it, one per core.")
    var threads = processorCount()

    @OptionGroup var outputOptions: OutputOptions

    private var table: OutputFile? {
        format == .tsv ? OutputFile("--output", output, .other, mayBeStandardOutput: true) : nil
    }

    func validate() throws {
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads is \(threads), expected 1 to 1024")
        }
        try outputOptions.checkNames([table].compactMap(\.self), reading: [model])
        guard format == .tsv || !output.isEmpty && output != "-" else {
            throw ValidationError("--output is '\(output)', expected a folder")
        }
        guard format == .tsv || corpora.count == 1 else {
            throw ValidationError("\(corpora.count) folders, expected one with --format textgrid")
        }
    }

    func run() throws {
        try outputOptions.check([table].compactMap(\.self), reading: [model])
        let speech = try SpeechModel(contentsOf: model)
        let folders = try corpora.map { path throws(DataError) in try TranscribedCorpus(scanning: path) }
        let trial = try SpeechTrial(
            of: speech, on: folders, split: nil, channel: channels.selection, threads: threads
        ) { count in
            Terminal.showStatus { _ in "read \(NumberText.grouped(count))" }
        }
        Terminal.clearStatus()
        for line in trial.passedOver.told(limit: 20) { Terminal.note("mynah: \(line)") }
        for note in trial.notes { Terminal.note("note: \(note)") }
        let sentences = try SpeechAlignment(speech).align(trial.store, threads: threads) { count in
            Terminal.showStatus { _ in "aligned \(NumberText.grouped(count))" }
        }
        Terminal.clearStatus()
        switch format {
        case .tsv:
            var destination = try Destination(output)
            try destination.append(AlignedSentence.tableHeader)
            for sentence in sentences { try destination.append(sentence.tableLines) }
            try destination.finish()
        case .textgrid: try writeGrids(sentences)
        }
        let wordCount = sentences.reduce(0) { $0 + $1.words.count }
        Terminal.note(
            """
            Aligned \(NumberText.grouped(wordCount)) words of \(NumberText.grouped(sentences.count)) recordings, \
            \(NumberText.duration(trial.store.seconds)).
            """)
        if trial.passedOver.count > 0 { throw ExitCode.failure }
    }

    /// Writes a TextGrid for each recording, in folders as those of the recordings.
    private func writeGrids(_ sentences: [AlignedSentence]) throws {
        let places = sentences.map { output.pathOf("\($0.name.withoutFileExtension).TextGrid") }
        var made: Set<String> = []
        for place in places { try makeFolders(upTo: place.pathFolder, made: &made) }
        try outputOptions.check(places.compactMap { OutputFile("--output", $0, .other) })
        for (sentence, place) in zip(sentences, places) {
            try Destination.write(sentence.textGrid, to: place)
        }
    }

    private func makeFolders(upTo path: String, made: inout Set<String>) throws(FileError) {
        guard !path.isEmpty, path != "/", path != ".", made.insert(path).inserted else { return }
        if path != output { try makeFolders(upTo: path.pathFolder, made: &made) }
        try makeFolder(path)
    }
}
