import ArgumentParser
import MynahAudio
import MynahBase
import MynahData

/// `mynah pack`: a labelled folder in few large files.
struct PackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Pack a folder of labelled recordings into few large files, or check a pack.",
        discussion: """
            A pack is a folder of tar archives of FLAC files, a table of the recordings, labels.tsv, and a description, \
            pack.json. It keeps words, speakers and splits, and whatever takes a folder of recordings takes a pack: mynah \
            train learns the same from it, to the bit. tar opens the archives. A packing that was interrupted goes on when \
            it is started again.

            With --verify, each recording of a pack is compared with its hash, and damaged ones are named; the exit status \
            is 1 if there are any.

            EXAMPLE
              mynah pack recordings --output recordings.mynahpack
              mynah pack --verify recordings.mynahpack
              mynah train recordings.mynahpack --run my-run
            """)

    @Argument(help: "The folder with one folder for each word; with --verify, a pack.")
    var folder: String

    @Option(name: [.short, .long], help: "The pack, a new folder.")
    var output: String?

    @Flag(help: "Compare the recordings of a pack with their hashes.")
    var verify = false

    @Option(parsing: .unconditional, help: "Samples per second in the pack, in Hz: that of the front end.")
    var sampleRate = 16_000

    @OptionGroup var channels: ChannelOptions

    @Option(parsing: .unconditional, help: "Number of threads; without it, one per core.")
    var threads = Ranks.threadCount

    func validate() throws {
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads is \(threads), expected 1 to 1024")
        }
        let rates = AudioReader.supportedSampleRates
        guard rates.contains(sampleRate) else {
            throw ValidationError(
                "--sample-rate is \(sampleRate) Hz, expected \(rates.lowerBound) to \(rates.upperBound) Hz")
        }
        guard (output == nil) == verify else {
            throw ValidationError(
                verify ? "--verify writes nothing: --output does not go with it" : "--output is missing")
        }
        if output == "" || output == "-" {
            throw ValidationError("--output is '\(output ?? "")', expected the name of a folder")
        }
    }

    func run() throws {
        if let output { try pack(into: output) } else { try check() }
    }

    private func pack(into output: String) throws {
        let writing = try PackWriting(
            folder: folder, output: output, sampleRate: sampleRate, channel: channels.selection)
        for note in writing.notes { Terminal.note("note: \(note)") }
        Terminal.note("Packing \(NumberText.grouped(writing.fileCount)) recordings …")
        Interruption.watch()
        let start = ContinuousClock.now
        let summary = try writing.run(
            threads: threads, shouldStop: { Interruption.isRequested },
            onDone: { show($0, of: writing.fileCount) })
        Terminal.clearStatus()
        guard let summary else { throw CommandError.packingStopped(pack: output) }
        for file in summary.unreadable {
            Terminal.note("mynah: \(file.name.printable): \(file.reason.printable)")
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        Terminal.note(
            """
            Packed \(NumberText.grouped(summary.recordingCount)) recordings of \
            \(NumberText.fixed(summary.seconds / 3600, decimals: 2)) h into \(output.printable): \
            \(NumberText.grouped(summary.shardCount)) archives\(summary.keptShardCount > 0 ? ", \(summary.keptShardCount) of them written before" : ""), \
            \(NumberText.grouped(summary.byteCount >> 20)) MiB for \(NumberText.grouped(summary.sourceByteCount >> 20)); \
            \(NumberText.grouped(Int(summary.seconds / max(1e-9, seconds)))) times as fast as they last
            """)
        if !summary.unreadable.isEmpty { throw ExitCode.failure }
    }

    private func check() throws {
        let verification = try PackVerification(of: folder, threads: threads) { show($0, of: nil) }
        Terminal.clearStatus()
        for recording in verification.damaged {
            Terminal.note("mynah: \(recording.name.printable): \(recording.reason.printable)")
        }
        Terminal.note(
            """
            \(folder.printable): \(NumberText.grouped(verification.soundCount)) recordings are as they were packed, \
            \(NumberText.grouped(verification.damaged.count)) are damaged
            """)
        if !verification.damaged.isEmpty { throw ExitCode.failure }
    }

    private func show(_ done: Int, of count: Int?) {
        Terminal.showStatus { _ in
            NumberText.grouped(done) + (count.map { " of \(NumberText.grouped($0))" } ?? "")
        }
    }
}
