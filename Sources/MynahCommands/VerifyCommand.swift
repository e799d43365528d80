import ArgumentParser
import MynahBase
import MynahData
import MynahEvaluation
import MynahModel
import MynahRecognition
import MynahReport

/// `mynah verify`: whether a model hears in a stream what it hears in a file, tried out.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that a model hears the same in files and streams, on this machine.",
        discussion: """
            The model file is read and written, its front end is compared with known hashes, and its network \
            follows a sound as a clip and as a stream: cut in 1,000 random ways, put aside and taken up again, \
            and for an hour without a reset. The exit status is 1 if a check fails. A model that reads clips \
            from both ends cannot follow a stream; only its file and front end are checked. Of a speech model it is also \
            checked that a sentence is spelled the same alone and in a batch, and of a model of intents, that one is read so.

            EXAMPLE
              mynah verify my-words.safetensors
              mynah verify
            """)

    @Argument(help: "A model file; without it, the model built into mynah.")
    var model: String?

    @Option(help: "Also measure what never resetting costs, on this folder with one folder for each word.")
    var folder: String?

    @OptionGroup var data: LabelledDataOptions

    @Flag(help: "Print one JSON object per line: name, outcome, detail.")
    var json = false

    func run() throws {
        var hasFailed = false
        var failure: (any Error)?
        func tell(_ check: VerificationCheck) {
            if check.outcome == .failed { hasFailed = true }
            do {
                try Terminal.print(json ? jsonText(check) : check.text)
            } catch {
                failure = failure ?? error
            }
        }
        func finish() throws {
            if let failure { throw failure }
            if hasFailed { throw ExitCode.failure }
        }
        if let model, let kind = ModelKind(ofFileAt: model), kind != .commands {
            guard folder == nil else {
                throw CommandError.otherKindOfModel(model: model, kind: kind, option: "--folder")
            }
            guard Ranks.isFirst else { return }
            if kind == .speech {
                try SpeechVerification(try SpeechModel(contentsOf: model)).run(tell)
            } else {
                IntentVerification(try IntentModel(contentsOf: model)).run(tell)
            }
            return try finish()
        }
        let loaded = try model.map { try CommandModel(contentsOf: $0) } ?? CommandModel.builtIn()
        var verification = ModelVerification(loaded)
        verification.threads = data.threads
        verification.communicator = Ranks.all
        let clips = try folder.map { try data.evaluation(of: loaded, folder: $0, split: .validation) }
        try verification.run(tell)
        // A stream that is never reset is one piece of work.
        if let clips, Ranks.isFirst {
            tell(
                VerificationCheck(neverReset: try clips.resetComparison(bootstrap: ClusterBootstrap(seed: 1)))
            )
        }
        try finish()
    }
}
