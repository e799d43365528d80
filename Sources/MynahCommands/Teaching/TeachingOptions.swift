import ArgumentParser
import MynahBase
import MynahModel
import MynahRecognition
import MynahTeaching

/// Which words are changed, and how they are learnt.
struct TeachingOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help:
            "The model of the words that are taught; their recordings lie beside it, for mine.safetensors in mine.recordings."
    )
    var model: String

    @Option(
        help: ArgumentHelp(
            "What words are told from, for a model with another front end than the built-in one.",
            discussion:
                "A folder of recordings in which none of the words is said, or a file that mynah negatives has made."
        ))
    var negatives: String?

    @Option(
        help: ArgumentHelp(
            "A speech model that spells the recordings, so that it can have a say when the words are recognized.",
            discussion:
                "As models/speech.safetensors, with which mynah recognize --verifier names words then."))
    var verifier: String?

    @Option(
        parsing: .unconditional, help: "Seed of the variations that are learnt from beside the recordings.")
    var seed: UInt64 = 1

    @Option(parsing: .unconditional, help: "Number of threads; without it, one per core.")
    var threads = Ranks.threadCount

    func validate() throws {
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads is \(threads), expected 1 to 1024")
        }
        guard !model.isEmpty, model != "-" else {
            throw ValidationError("--model is '\(model)', expected the name of a file")
        }
    }

    /// Opens the words of the model.
    ///
    /// - Parameters:
    ///   - start: the model to begin with where there is none yet.
    ///   - mustExist: whether there has to be a model or recordings of one.
    func enrolment(from start: String? = nil, mustExist: Bool) throws -> Enrolment {
        if mustExist, !fileExists(model), !fileExists("\(model.withoutFileExtension).recordings") {
            throw FileError.notFound(path: model, expected: .regular)
        }
        if fileExists(model), let kind = ModelKind(ofFileAt: model), kind != .commands {
            throw CommandError.otherKindOfModel(model: model, kind: kind, option: "teaching of words")
        }
        var enrolment = try Enrolment(
            at: model, from: try start.map { name throws(ModelError) in try CommandModel(named: name) },
            negatives: negatives, verifier: try verifier.map(SpellingVerifier.init(contentsOf:)))
        enrolment.seed = seed
        enrolment.threadCount = threads
        enrolment.commandLine = commandLineText()
        return enrolment
    }
}
