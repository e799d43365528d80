/// A model of any kind, as its file keeps it.
package protocol StoredModel {
    /// The weights, in the order of the network's layout.
    var parameters: [Float] { get }

    /// The model as a file.
    var fileBytes: [UInt8] { get }

    /// SHA-256 of the file, as 64 hexadecimal digits.
    var hash: String { get }

    /// Reads a file from memory; `name` stands for it in errors.
    init(bytes: RawSpan, name: String) throws(ModelError)
}

extension CommandModel: StoredModel {}
extension SpeechModel: StoredModel {}
