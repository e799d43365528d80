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
    var threads = Ranks.threadCount

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
        let grids = GridFolder(path: output, sentences: folders.flatMap(\.sentences))
        let outputs = format == .tsv ? [table].compactMap(\.self) : grids.outputs
        try outputOptions.check(outputs, reading: [model] + folders.flatMap(\.files))
        let trial = try SpeechTrial(
            reading: folders, for: speech, split: nil, channel: channels.selection, threads: threads)
        let alignment = try SpeechProgress.show("aligned") { onDone in
            try SpeechAlignment(speech).align(
                trial.store, namesFolders: trial.namesFolders, threads: threads, onDone: onDone)
        }
        let sentences = alignment.sentences
        switch format {
        case .tsv:
            var destination = try Destination(output)
            try destination.append(AlignedSentence.tableHeader)
            for sentence in sentences { try destination.append(sentence.tableLines) }
            try destination.finish()
        case .textgrid:
            try grids.makeFolders(of: sentences.map(\.name))
            for (index, sentence) in sentences.enumerated() {
                try Destination.write(
                    sentence.textGrid(seconds: trial.store.seconds(of: index)),
                    to: grids.place(of: sentence.name))
            }
        }
        let wordCount = sentences.reduce(0) { $0 + $1.words.count }
        Terminal.note(
            """
            Aligned \(NumberText.grouped(wordCount)) words of \(NumberText.grouped(sentences.count)) recordings, \
            \(NumberText.duration(trial.store.seconds)); the network begins to spell words \
            \(NumberText.wholeMilliseconds(alignment.lagSeconds.start)) after they begin, and is done \
            \(NumberText.wholeMilliseconds(alignment.lagSeconds.end)) after they end, which is taken off.
            """)
        if trial.passedOver.count > 0 { throw ExitCode.failure }
    }
}

/// The folder of TextGrids, one for each recording, in folders as those of the recordings.
private struct GridFolder {
    private let path: String
    private let names: [String]

    /// How many recordings have a name, their extensions left out.
    private let counts: [String: Int]

    /// For the recordings of some sentences, under `path`.
    init(path: String, sentences: [Sentence]) {
        var path = path
        while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        self.path = path
        names = sentences.map(\.name)
        // A whole name counts, too, so that the grid of `1.wav` is not that of `1.wav.flac`.
        counts = Dictionary(
            (names + names.map { String($0.withoutFileExtension) }).map { ($0, 1) }, uniquingKeysWith: +)
    }

    /// Where the grid of a recording lies: under its name without the extension, if no other recording is called so.
    func place(of name: String) -> String {
        let stem = String(name.withoutFileExtension)
        return path.pathOf("\(counts[stem] == 1 ? stem : name).TextGrid")
    }

    /// The files to be written, or instead the first folder on the way to one that has yet to be made.
    var outputs: [OutputFile] {
        var seen: Set<String> = []
        return names.compactMap { name in
            var place = place(of: name)
            while place != path, FileKind(at: place.pathFolder) == nil { place = place.pathFolder }
            return seen.insert(place).inserted ? OutputFile("--output", place, .other) : nil
        }
    }

    /// Makes the folders that are missing for the grids of some recordings.
    func makeFolders(of names: [String]) throws(FileError) {
        var made: Set<String> = []
        for name in names { try make(place(of: name).pathFolder, made: &made) }
    }

    private func make(_ folder: String, made: inout Set<String>) throws(FileError) {
        guard made.insert(folder).inserted else { return }
        if folder != path { try make(folder.pathFolder, made: &made) }
        try makeFolder(folder)
    }
}
