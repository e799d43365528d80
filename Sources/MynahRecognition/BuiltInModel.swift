public import MynahModel

extension CommandModel {
    /// The model that is built into the library.
    public static func builtIn() throws(ModelError) -> CommandModel {
        try CommandModel(contentsOf: "models/commands.safetensors")
    }
}
