import ArgumentParser
import MynahBase
import MynahFeatures
import MynahModel
import MynahRecognition
import MynahReport

/// `mynah inspect`: what is in a model file.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract:
            "Show what a model file holds: labels, symbols or intents, front end, layers, cost, and where it comes from.",
        discussion: """
            EXAMPLE
              mynah inspect my-words.safetensors
              mynah inspect
            """)

    @Argument(help: "A model file; without it, the model built into mynah.")
    var model: String?

    @Flag(help: "Print the same as JSON.")
    var json = false

    func run() throws {
        if let model {
            switch ModelKind(ofFileAt: model) {
            case .speech:
                let inspection = SpeechModelInspection(of: try SpeechModel(contentsOf: model), name: model)
                return try Terminal.print(json ? jsonText(inspection, pretty: true) : inspection.text)
            case .intents:
                let inspection = IntentModelInspection(of: try IntentModel(contentsOf: model), name: model)
                return try Terminal.print(json ? jsonText(inspection, pretty: true) : inspection.text)
            case .commands, nil: break
            }
        }
        let loaded = try model.map { try CommandModel(contentsOf: $0) } ?? CommandModel.builtIn()
        let inspection = ModelInspection(of: loaded, name: model ?? "built-in")
        try Terminal.print(json ? jsonText(inspection, pretty: true) : inspection.text)
    }
}
