import ArgumentParser
import MynahBase
import MynahData
import MynahModel
import MynahReport
import MynahTeaching

/// `mynah teach`: a word of one's own, from a few recordings.
struct TeachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "teach",
        abstract: "Teach a word by a few recordings, from files or from the microphone.",
        discussion: """
            A network that comes with mynah and tells hundreds of words apart stays as it is, and its last layer is learnt anew \
            from all recordings, in some seconds. A new model knows nothing but what it is taught, beside _unknown_ and \
            _silence_; a word that is there is added to. The recordings are kept beside the model, and nothing of \
            them is ever deleted: mynah words lists them, and undoes changes. What is said of a word is measured by \
            leaving each recording out once.

            Without FILES, --record takes them from the microphone, one after the other; a take that is too quiet, \
            clipped, cut off or drowned by its background is recorded again. Such a file is learnt from all the same, \
            with a warning.

            EXAMPLE
              mynah teach lights lights-*.wav --model mine.safetensors
              mynah teach music --record 5 --model mine.safetensors
              mynah listen --model mine.safetensors
            """)

    @Argument(help: "The word.")
    var word: String

    @Argument(help: "Recordings of it, of up to 60 s each.")
    var files: [String] = []

    @OptionGroup var options: TeachingOptions

    @Option(
        name: .customLong("from"),
        help:
            "Another model whose network is used where there is no model yet: a file, or built-in for that of commands."
    )
    var start: String?

    @Option(parsing: .unconditional, help: "Record so many takes from the microphone, 1 to 50.")
    var record: Int?

    @Option(parsing: .unconditional, help: "Length of a take from the microphone, in seconds, 1 to 10.")
    var seconds = 2.0

    @Option(help: "Which microphone, by its number or part of its name.")
    var device: String?

    @Option(help: "Who speaks, where the name of a file, as in anna_nohash_0.wav, does not say so.")
    var speaker = "me"

    @Flag(help: "Print what is said of all words as JSON.")
    var json = false

    func validate() throws {
        guard files.isEmpty != (record == nil) else {
            throw ValidationError(
                files.isEmpty ? "files or --record are missing" : "--record goes without files")
        }
        guard (1...50).contains(record ?? 1) else {
            throw ValidationError("--record is \(record ?? 1), expected 1 to 50")
        }
        guard (1...10).contains(seconds) else {
            throw ValidationError("--seconds is \(seconds), expected 1 to 10")
        }
        guard record != nil || device == nil else { throw ValidationError("--device needs --record") }
    }

    func run() throws {
        let enrolment = try options.enrolment(from: start, mustExist: false)
        let advice: EnrolmentAdvice
        if let record {
            advice = try TakeRecording(
                word: word, speaker: speaker, device: device, seconds: seconds, count: record
            ).run(enrolment)
        } else {
            let paths = try files.flatMap { try AudioArguments.paths(matching: $0) }
            let (receptions, learnt) = try enrolment.teach(word, files: paths, speaker: speaker)
            for reception in receptions { Self.tell(reception) }
            advice = learnt
        }
        if json {
            try Terminal.print(jsonText(advice, pretty: true))
        } else if let own = advice[word] {
            try Terminal.print(own.text(negativeCount: advice.negativeCount))
        }
        Terminal.note("Wrote \(options.model.printable): \(listed(advice.words.map(\.word), limit: 20))")
    }

    private static func tell(_ reception: Enrolment.Reception) {
        if reception.isRepeated {
            Terminal.note(
                "note: \(reception.path.printable): the same recording as \(reception.name.printable), which counts once"
            )
        }
        guard !reception.faults.isEmpty else { return }
        Terminal.note(
            "note: \(reception.path.printable): \(reception.faults.map(\.description).joined(separator: ", "))"
        )
    }
}
