import ArgumentParser
import MynahModel
import MynahRecognition

/// Which model a command works with.
struct ModelOptions: ParsableArguments {
    @Option(name: [.short, .long], help: "A model file; without it, the model built into mynah.")
    var model: String?

    /// The name for reports.
    var name: String { model ?? "built-in" }

    /// Reads the model.
    func load() throws(ModelError) -> CommandModel {
        if let model { return try CommandModel(contentsOf: model) }
        return try CommandModel.builtIn()
    }
}
