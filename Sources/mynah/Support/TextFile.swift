import MynahBase
import MynahEvaluation
import MynahModel

/// Tables that a user wrote, as text.
enum TextFile {
    /// Reads a table of words, of at most `TruthTable.maximumByteCount` bytes of UTF-8.
    ///
    /// - Throws: `EvaluationError.unreadableTruth`, `FileError`.
    static func read(_ path: String) throws -> String {
        let bytes = try RegularFile.contents(of: path, limitBytes: TruthTable.maximumByteCount)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw EvaluationError.unreadableTruth(file: path, reason: "is no text in UTF-8")
        }
        return text
    }
}
