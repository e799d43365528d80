import MynahEvaluation
import MynahModel

/// Tables that a user wrote, as text.
enum TextFile {
    /// Reads a table of words, of at most `TruthTable.maximumByteCount` bytes of UTF-8.
    ///
    /// - Throws: `EvaluationError.unreadableTruth`, `ModelError` when the file cannot be opened.
    static func read(_ path: String) throws -> String {
        let file = try RegularFile(opening: path)
        guard file.byteCount <= TruthTable.maximumByteCount else {
            throw EvaluationError.unreadableTruth(
                file: path,
                reason: "\(file.byteCount) bytes, expected at most \(TruthTable.maximumByteCount)")
        }
        var bytes: [UInt8] = []
        try file.read(upTo: file.byteCount, appendingTo: &bytes)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw EvaluationError.unreadableTruth(file: path, reason: "is no text in UTF-8")
        }
        return text
    }
}
