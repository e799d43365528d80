import ArgumentParser
import MynahBase
import MynahData
import MynahTeaching

/// `mynah words`: the words that a model was taught; renaming one, and undoing a change.
struct WordsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "words",
        abstract: "List the words that a model was taught, rename one, or undo the last change.",
        discussion: """
            --undo takes back what mynah teach, mynah forget or --rename did last; given again, what came before that. \
            What was taught is put aside then, not deleted.

            EXAMPLE
              mynah words --model mine.safetensors
              mynah words --rename lights=lamp --model mine.safetensors
              mynah words --undo --model mine.safetensors
            """)

    @OptionGroup var options: TeachingOptions

    @Option(help: ArgumentHelp("Give a word another name.", valueName: "word=name"))
    var rename: String?

    @Flag(help: "Undo the last change.")
    var undo = false

    @Flag(help: "Print the list as JSON.")
    var json = false

    func validate() throws {
        guard !(undo && rename != nil) else {
            throw ValidationError("--undo and --rename do not go together")
        }
        guard !(json && (undo || rename != nil)) else { throw ValidationError("--json is for the list") }
        if let rename, !rename.contains("=") {
            throw ValidationError("--rename is '\(rename.printable)', expected WORD=NAME")
        }
    }

    func run() throws {
        let enrolment = try options.enrolment(mustExist: true)
        if undo {
            let (change, advice) = try enrolment.undo()
            Terminal.note("Undid: \(change)")
            return Self.tellModel(options.model, advice)
        }
        let words = try enrolment.words()
        if let rename {
            // Both may contain `=`; which one is between them, the words decide.
            let old =
                words.map(\.word).filter { rename.hasPrefix("\($0)=") }.max { $0.count < $1.count }
                ?? String(rename.prefix { $0 != "=" })
            let advice = try enrolment.rename(old, to: String(rename.dropFirst(old.count + 1)))
            return Self.tellModel(options.model, advice)
        }
        if json {
            return try Terminal.print(
                jsonText(words.map { WordLine(word: $0.word, takes: $0.takes) }, pretty: true))
        }
        for (word, takes) in words {
            try Terminal.print("\(word.printable): \(takes.map(\.printable).joined(separator: " "))")
        }
    }

    /// Says what became of the model.
    static func tellModel(_ model: String, _ advice: EnrolmentAdvice?) {
        guard let advice else {
            return Terminal.note("No words are left: \(model.printable) is gone")
        }
        Terminal.note("Wrote \(model.printable): \(listed(advice.words.map(\.word), limit: 20))")
    }
}

/// An element of `mynah words --json`.
private struct WordLine: Encodable {
    let word: String
    let takes: [String]
}
