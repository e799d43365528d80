import ArgumentParser

/// `mynah intent`: from words to what they ask for.
struct IntentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intent",
        abstract: "Learn what phrases ask for, and read them: the intent, and the details it names.",
        discussion: """
            EXAMPLE
              mynah intent doctor home
              mynah intent train home --output home.safetensors
              mynah intent evaluate home --model home.safetensors
              mynah intent parse --model home.safetensors "turn the kitchen light on"
            """,
        subcommands: [
            IntentTrainCommand.self, IntentEvaluateCommand.self, IntentParseCommand.self,
            IntentDoctorCommand.self,
        ])
}
