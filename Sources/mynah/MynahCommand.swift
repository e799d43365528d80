import ArgumentParser

/// The program: nothing but its subcommands.
@main
struct MynahCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mynah",
        abstract: "Recognizes spoken commands, learns new ones, and says how well it does.",
        discussion: """
            EXAMPLE
              mynah recognize yes.wav
              mynah train recordings --output my-words.safetensors
              mynah evaluate recordings --model my-words.safetensors
            """,
        version: mynahVersion,
        subcommands: [
            RecognizeCommand.self, TrainCommand.self, EvaluateCommand.self, FeaturesCommand.self,
            InspectCommand.self,
        ])
}

/// Version of Mynah, which goes into models and reports.
let mynahVersion = "0.1.0"
