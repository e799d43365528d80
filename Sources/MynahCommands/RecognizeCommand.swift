import ArgumentParser
import MynahAudio
import MynahBase
import MynahModel
import MynahRecognition
import MynahReport

/// `mynah recognize`: one line for each file.
struct RecognizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recognize",
        abstract: "Name the command in each file.",
        discussion: """
            Files may be of any format that libsndfile reads (WAV, FLAC, Ogg, Opus, MP3, AIFF, AU, …) and of any \
            sample rate. A folder stands for the audio files in it, - for standard input; put -- before a file \
            whose name begins with -. A file that cannot be recognized is reported in one line on standard \
            error, and the exit status is 1; the other files are still recognized.

            With --early, Mynah stops listening to a clip as soon as a label is that probable (with a model that \
            was not calibrated: has been for 0.1 s), and says after how many milliseconds that was. A model that \
            reads clips from both ends cannot decide early.

            With --verifier, the probabilities are those of two opinions: that of the model, and how much the letters that a \
            speech model hears are like those that it heard in the recordings by which the words were taught, with \
            mynah teach --verifier.

            EXAMPLE
              mynah recognize yes.wav recordings/
              sox -d -t wav - trim 0 1 | mynah recognize -
              mynah recognize --json --top 3 *.flac
              mynah recognize --early 0.95 yes.wav
              mynah recognize --model mine.safetensors --verifier models/speech.safetensors lights.wav
            """)

    @Argument(help: "Audio files, folders or -.")
    var files: [String]

    @OptionGroup var modelOptions: ModelOptions

    @Option(parsing: .unconditional, help: "How many labels to show, the most probable first.")
    var top = 1

    @Flag(help: "Print one JSON object per line: file, label, probability, top, seconds.")
    var json = false

    @Option(
        parsing: .unconditional,
        help: "Decide before the end, as soon as a label has this probability, 0.5 to 1.")
    var early: Float?

    @Option(
        help: "A speech model that has a say, too: the one with which the words were taught.")
    var verifier: String?

    @OptionGroup var sound: SoundOptions

    func validate() throws {
        if let early, !EarlyDecision.confidences.contains(early) {
            throw ValidationError("--early is \(early), expected 0.5 to 1")
        }
        guard early == nil || verifier == nil else {
            throw ValidationError("--early and --verifier do not go together: letters are heard at the end")
        }
        guard top >= 1 else { throw ValidationError("--top is \(top), expected at least 1") }
    }

    func run() throws {
        let method = try makeMethod(modelOptions.load())
        var hasFailed = false
        // What goes wrong with one file is told, and the next one is taken.
        func attempt(_ body: () throws -> Void) throws {
            do {
                try body()
            } catch let error as CommandError where error.endsOutput {
                throw error
            } catch {
                Terminal.error(error)
                hasFailed = true
            }
        }
        for argument in files {
            try attempt {
                for path in try AudioArguments.paths(matching: argument) {
                    try attempt {
                        for source in try AudioArguments.sources(path, rawSampleRate: sound.raw) {
                            try attempt { try recognize(source, by: method) }
                        }
                    }
                }
            }
        }
        if hasFailed { throw ExitCode.failure }
    }

    /// What recognizes: whole clips, or as much of them as it takes.
    private enum Method {
        case whole(Recognizer)
        case early(EarlyRecognizer)
    }

    private func makeMethod(_ model: CommandModel) throws -> Method {
        if let early { return .early(try EarlyRecognizer(model: model, confidence: early)) }
        return .whole(
            try Recognizer(model: model, verifier: try verifier.map(SpellingVerifier.init(contentsOf:))))
    }

    private func recognize(_ source: AudioSource, by method: Method) throws {
        let clock = ContinuousClock()
        let start = clock.now
        switch method {
        case .whole(let recognizer):
            let recognition = try recognizer.recognize(source, channel: sound.selection)
            try report(recognition, of: source.name, seconds: (clock.now - start) / .seconds(1))
        case .early(let recognizer):
            let result = try recognizer.recognize(source, channel: sound.selection)
            try report(
                result.recognition, of: source.name, seconds: (clock.now - start) / .seconds(1),
                isEarly: result.safeLabel != nil)
        }
    }

    /// - Parameter isEarly: whether the clip was left before its end; nil unless that was asked for.
    private func report(
        _ recognition: Recognition, of file: String, seconds: Double, isEarly: Bool? = nil
    ) throws {
        let candidates = recognition.top(top)
        if json {
            try Terminal.print(
                jsonText(
                    RecognitionLine(
                        recognition, of: file, top: top, seconds: seconds, isEarly: isEarly)))
            return
        }
        let labels = candidates.map { "\($0.label) \(NumberText.percent(Double($0.probability)))" }.joined(
            separator: ", ")
        let heard = isEarly.map { isEarly in
            let milliseconds = NumberText.fixed(1_000 * recognition.duration, decimals: 0)
            return isEarly ? " after \(milliseconds) ms" : " at the end, after \(milliseconds) ms"
        }
        let window =
            recognition.windowStart > 0
            ? " at \(NumberText.fixed(recognition.windowStart, decimals: 2)) s" : ""
        try Terminal.print(
            "\(file.printable): \(labels)\(heard ?? window) (\(NumberText.fixed(1000 * seconds, decimals: 1)) ms)"
        )
    }
}
