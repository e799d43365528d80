internal import CBuiltInModel
public import MynahModel

extension CommandModel {
    /// Reads the model that is built into the library: `models/commands.safetensors`.
    ///
    /// - Throws: `ModelError` when the library was built with a file that is not a model.
    public static func builtIn() throws(ModelError) -> CommandModel {
        let bytes = UnsafeRawBufferPointer(start: builtInModelBytes(), count: builtInModelByteCount())
        // The model has a copy of its weights.
        defer { builtInModelForget() }
        return try CommandModel(bytes: bytes.bytes, name: "built-in model")
    }
}
