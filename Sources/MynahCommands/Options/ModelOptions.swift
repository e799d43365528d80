import ArgumentParser
import MynahModel
import MynahRecognition

/// Which model a command works with.
struct ModelOptions: ParsableArguments {
    @Option(name: [.short, .long], help: "A model file; without it, the model built into mynah.")
    var model: String?

    /// The name for reports.
    var name: String { model ?? CommandModel.builtInName }

    /// The kind of the model; that of commands where the file tells none, whose fault shows when it is read.
    var kind: ModelKind { model.flatMap { ModelKind(ofFileAt: $0) } ?? .commands }

    /// Reads the model.
    func load() throws(ModelError) -> CommandModel {
        if let model { return try CommandModel(contentsOf: model) }
        return try CommandModel.builtIn()
    }
}

extension CommandModel {
    /// What options call the model that is built into mynah.
    static let builtInName = "built-in"

    /// The model of a file, or the one that is built in.
    init(named name: String) throws(ModelError) {
        self = name == Self.builtInName ? try .builtIn() : try CommandModel(contentsOf: name)
    }
}
