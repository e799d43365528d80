import ArgumentParser
import MynahBase
import MynahLanguage
import MynahModel
import MynahReport

/// `mynah intent parse`: what a text asks for.
struct IntentParseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse",
        abstract: "Read texts, and print a JSON object a line: intent, probability, slots.",
        discussion: """
            Without TEXT, each line of standard input is read, as it comes. The range of a slot counts Unicode scalars; its \
            value is that of the list which has the text as one of its forms, or the text itself. The intent is _none_ where \
            no other reaches the model's threshold.

            EXAMPLE
              mynah intent parse --model home.safetensors "turn the kitchen light on"
              mynah intent parse --model home.safetensors < phrases.txt | jq .intent
            """)

    @Argument(help: "The texts.")
    var texts: [String] = []

    @Option(name: [.short, .long], help: "A model of intents, as mynah intent train makes it.")
    var model: String

    @Option(
        parsing: .unconditional,
        help: "The probability that an intent needs, 0 to 1; without it, the one that was found in training.")
    var threshold: Float?

    func validate() throws {
        if let threshold, !(0...1).contains(threshold) {
            throw ValidationError("--threshold is \(threshold), expected 0 to 1")
        }
    }

    func run() throws {
        Interruption.outliveReaders()
        let parser = IntentParser(try IntentModel(contentsOf: model), threshold: threshold)
        var hasFailed = false
        func read(_ text: String, _ name: String) throws {
            let result = Result { () throws(LanguageError) in try parser.parse(text) }
            switch result {
            case .success(let understanding): try Terminal.print(jsonText(understanding))
            case .failure(let error):
                Terminal.note("mynah: \(name): \(error)")
                hasFailed = true
            }
        }
        for text in texts { try read(text, text.quoted) }
        if texts.isEmpty {
            var input = StandardInputLines()
            while let line = try input.next() { try read(line.text, "line \(line.number)") }
        }
        if hasFailed { throw ExitCode.failure }
    }
}
