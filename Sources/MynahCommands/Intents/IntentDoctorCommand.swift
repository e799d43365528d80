import ArgumentParser
import MynahBase
import MynahData
import MynahReport

/// `mynah intent doctor`: what is wrong with phrases, before a network learns them.
struct IntentDoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find contradictory, double and unbalanced phrases in a folder for mynah intent train.",
        discussion: """
            Nothing in the folder is changed. The exit status is 1 where a phrase has two intents, or is kept for the last \
            trial and learnt from as well; other findings are no failures.

            EXAMPLE
              mynah intent doctor home
            """)

    @Argument(help: "The folder, or a file of phrases.")
    var folder: String

    @Option(parsing: .unconditional, help: "How many findings of a kind are named.")
    var limit = 10

    @Flag(help: "Print the findings as JSON.")
    var json = false

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit is \(limit), expected 0 or more") }
    }

    func run() throws {
        let collection = try PhraseCollection(reading: folder)
        let examination = PhraseExamination(of: collection)
        if json {
            try Terminal.print(jsonText(examination, pretty: true))
        } else {
            let summary = PhraseSummary(of: collection, PhraseDivision(of: collection))
            for note in collection.notes { Terminal.note("note: \(note)") }
            try Terminal.print(summary.text + "\n" + examination.text(limit: limit))
        }
        if examination.hasErrors { throw ExitCode.failure }
    }
}
