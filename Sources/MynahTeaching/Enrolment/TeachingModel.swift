internal import CTeachingModel
package import MynahModel

extension CommandModel {
    /// Reads the model that words are taught to: `models/words.safetensors`, which has learnt to tell hundreds of words apart, so that
    /// its read-out differs for words that it has not met, too.
    ///
    /// - Throws: `ModelError` when the library was built with a file that is not a model.
    package static func builtInForTeaching() throws(ModelError) -> CommandModel {
        let bytes = UnsafeRawBufferPointer(start: teachingModelBytes(), count: teachingModelByteCount())
        return try CommandModel(bytes: bytes.bytes, name: "built-in model of words")
    }
}
