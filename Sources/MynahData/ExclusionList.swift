import MynahBase
package import MynahModel

/// Clips that are not to be trained on, as a text file that a person may edit.
///
/// Each line is `word/file`, then, behind a tab, a reason that nobody reads but people. Lines that begin with `#` and
/// empty ones say nothing.
public struct ExclusionList: Hashable, Sendable {
    /// The clips, `word/file`.
    public let clips: Set<String>

    /// SHA-256 of the file, 64 lower-case hexadecimal digits.
    public let hash: String

    /// Reads a list.
    ///
    /// - Throws: `DataError.unreadable`, or `.invalidExclusion` for a line that is no `word/file`.
    public init(contentsOf path: String) throws(DataError) {
        let bytes = try readSmallFile(path, limitBytes: 64 << 20)
        hash = SHA256.hexDigest(of: bytes)
        var clips: Set<String> = []
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            var line = line
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            let name = line.prefix { $0 != UInt8(ascii: "\t") }
            let parts = name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
                throw .invalidExclusion(path: path, line: number)
            }
            clips.insert(String(path: name))
        }
        self.clips = clips
    }

    /// What a model keeps of it.
    package var record: TrainingProvenance.Setting {
        TrainingProvenance.Setting(name: "exclusion list, SHA-256", value: hash)
    }
}
