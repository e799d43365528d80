import ArgumentParser
import Glibc
import MynahAudio
import MynahBase
import MynahData
import MynahReport

/// `mynah augment`: what the network hears of a recording while it is trained, as sound files.
struct AugmentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "augment",
        abstract: "Write variations of a recording as training hears them.",
        discussion: """
            Training varies each clip anew in every epoch. This writes such variations as WAV files, one window \
            each, so that a person can hear whether the words are still intelligible. The same seed and options \
            give the same files. Masked features (--time-masks, --feature-masks of mynah train) have no sound.

            EXAMPLE
              mynah augment yes.wav --count 8 --output varied --noise recordings/_background_noise_
              mynah augment yes.wav --room-probability 1 --reverberation 0.8
            """)

    @Argument(help: "An audio file of at most 60 s.")
    var file: String

    @Option(parsing: .unconditional, help: "Number of variations, 1 to 10000.")
    var count = 8

    @Option(name: [.short, .long], help: "The folder to write them to, created if need be.")
    var output = "."

    @Option(
        help:
            "Background noise to mix in: a recording, or a folder of them such as recordings/_background_noise_."
    )
    var noise: String?

    @Option(parsing: .unconditional, help: "Sample rate, in Hz.")
    var sampleRate = 16_000

    @Option(parsing: .unconditional, help: "Length of the window that the network hears, in seconds.")
    var clipSeconds = 1.0

    @OptionGroup var channels: ChannelOptions

    @Option(parsing: .unconditional, help: "Seed of the variations.")
    var seed: UInt64 = 1

    @Flag(help: "Print what was drawn as JSON.")
    var json = false

    @OptionGroup(title: "Augmentation") var augmentation: AugmentationOptions

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard (1...10_000).contains(count) else {
            throw ValidationError("--count is \(count), expected 1 to 10000")
        }
        guard (0.1...30).contains(clipSeconds) else {
            throw ValidationError("--clip-seconds is \(clipSeconds), expected 0.1 to 30")
        }
        let rates = AudioReader.supportedSampleRates
        guard rates.contains(sampleRate) else {
            throw ValidationError(
                "--sample-rate is \(sampleRate), expected \(rates.lowerBound) to \(rates.upperBound)")
        }
        guard !output.isEmpty, output != "-" else {
            throw ValidationError("--output is '\(output)', expected a folder")
        }
        do {
            try augmentation.settings.validate()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        let decoder = ClipDecoder.audioFiles(sampleRate: sampleRate, channel: channels.selection)
        let background =
            try noise.map { path throws(DataError) in
                try BackgroundNoise(decodingFilesIn: path, with: decoder, threads: processorCount())
            } ?? .none
        let variations = try ClipVariations(
            of: file, with: decoder, noise: background, augmentation: augmentation.settings,
            clipSeconds: clipSeconds)
        for note in background.notes { Terminal.note("note: \(note)") }
        for file in background.unreadable {
            Terminal.note("mynah: \(file.name.printable): \(file.reason.printable)")
        }
        if background.count == 0, augmentation.sound.noiseProbability > 0 {
            Terminal.note("note: no background noise is mixed in, for --noise gives none")
        }
        try makeFolder(output)
        try outputOptions.check(
            (1...count).compactMap { OutputFile("--output", place($0), .other) }, reading: [file])
        var report = VariationReport(source: file, sampleRate: sampleRate, seed: seed)
        for number in 0..<count {
            let (variation, samples) = variations.draw(number, seed: seed)
            let path = place(number + 1)
            try WAVEncoding.integer16.write(samples, sampleRate: sampleRate, to: path)
            let entry = VariationReport.Entry(file: path, variation, noise: background)
            report.variations.append(entry)
            if !json { try Terminal.print(entry.line) }
        }
        if json { try Terminal.print(jsonText(report, pretty: true)) }
    }

    /// The path of a variation, counted from 1: the recording's name without folder and extension, and the number.
    private func place(_ number: Int) -> String {
        let stem = String(file.pathName).withoutFileExtension
        return output.pathOf("\(stem)-\(number).wav")
    }
}
