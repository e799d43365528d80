import ArgumentParser
import Glibc
import MynahAudio
import MynahBase
public import MynahFeatures
import MynahModel
public import MynahReport

/// `mynah features`: what a front end makes of a file, as numbers or as a picture.
struct FeaturesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "features",
        abstract: "Write the features of a file, one row per frame, or draw them.",
        discussion: """
            Sound in any format and at any rate is converted to the rate of the front end: a preset or, with \
            --model, the one that the model was trained with, before the model normalizes its features. CSV \
            begins with a line of column names; time_s is the middle of the frame. NPY holds 32-bit numbers in \
            the shape (frames, features). JSON is one object with the settings of the front end and their hash. \
            With --plot, features are written only if --output or --format is given as well.

            EXAMPLE
              mynah features yes.wav > yes.csv
              mynah features --preset kaldi --output yes.npy yes.wav
              mynah features --plot yes.svg yes.wav
            """)

    @Argument(help: "An audio file or -.")
    var file: String

    @Option(help: "The format of the features; without it, by the ending of --output, or csv.")
    var format: FeatureFormat?

    @Option(name: [.short, .long], help: "Where the features are written; without it, to standard output.")
    var output: String?

    @Option(help: "Draw waveform, mel spectrogram and MFCC into this SVG file.")
    var plot: String?

    @Option(help: "A front end by name; without it, mynah.")
    var preset: FrontEndPreset?

    @Option(name: [.short, .long], help: "Take the front end of this model file.")
    var model: String?

    @OptionGroup var sound: SoundOptions

    @OptionGroup var outputOptions: OutputOptions

    private var outputs: [OutputFile] {
        [
            OutputFile(
                "--output", writtenFormat.map { _ in output ?? "-" }, .other, mayBeStandardOutput: true),
            OutputFile("--plot", plot, .other, mayBeStandardOutput: true),
        ].compactMap(\.self)
    }

    func validate() throws {
        if preset != nil, model != nil {
            throw ValidationError("--preset and --model both name a front end, expected one of them")
        }
        try outputOptions.checkNames(outputs, reading: [file])
        if writtenFormat == .npy, output ?? "-" == "-", isatty(STDOUT_FILENO) == 1 {
            throw ValidationError("npy is no text for a terminal: give --output, or pipe it on")
        }
    }

    func run() throws {
        try outputOptions.check(outputs, reading: [file])
        let frontEnd = try chosenFrontEnd()
        let settings = frontEnd.configuration
        var blocks = try sound.open(file, for: settings)
        var extractor = try BlockExtractor(settings)
        var drawing = try plot.map { _ in
            try FeaturePlot(settings, title: "\(file), front end \(frontEnd.name)")
        }
        var writer = try writtenFormat.map {
            try FeatureOutput(FeatureText($0, of: settings, file: file), to: output)
        }
        // From here on there are temporary files to remove.
        if output != nil { Interruption.watch() }

        var rows = FeatureMatrix(featureCount: settings.featureCount)
        var samples: [Float] = []
        var frameCount = 0
        var isAtEnd = false
        while !isAtEnd {
            if Interruption.isRequested { throw CommandError.interrupted }
            isAtEnd = try !blocks.read(into: &samples)
            rows.removeAll()
            if isAtEnd {
                extractor.finish(to: &rows)
            } else {
                extractor.append(samples, to: &rows)
            }
            frameCount += rows.frameCount
            drawing?.append(isAtEnd ? nil : samples, rows: rows)
            try writer?.append(rows)
        }
        if frameCount == 0 {
            let length = NumberText.fixed(settings.frameLengthMilliseconds, decimals: 0)
            Terminal.note(
                "mynah: \(file.printable): shorter than a frame of \(length) ms, so it has no features")
        }
        try writer.take()?.finish()
        if let plot, let drawing {
            try Destination.write(drawing.svg, to: plot)
        }
    }

    /// How features are written; nil if they are only drawn.
    private var writtenFormat: FeatureFormat? {
        if let format { return format }
        guard let output else { return plot == nil ? .csv : nil }
        return FeatureFormat.allCases.first { output.hasSuffix(".\($0)") } ?? .csv
    }

    private func chosenFrontEnd() throws -> (configuration: FrontEndConfiguration, name: String) {
        guard let model else {
            let preset = preset ?? .mynah
            return (preset.configuration(), preset.rawValue)
        }
        let loaded = try CommandModel(contentsOf: model)
        Terminal.note(
            """
            mynah: front end of \(model.printable): \(NumberText.grouped(loaded.frontEnd.sampleRate)) Hz, \(loaded.frontEnd.featureCount) features \
            a frame, hash \(loaded.frontEndHash)
            """)
        return (loaded.frontEnd, "of \(model)")
    }
}

extension FrontEndPreset: ExpressibleByArgument {}
extension FeatureFormat: ExpressibleByArgument {}
