import MynahBase
package import MynahModel

/// Clips that are not to be trained on, as a text file that a person may edit.
///
/// Each line is `word/file`, then, behind a tab, a reason that nobody reads but people. Lines that begin with `#` and
/// empty ones say nothing.
public struct ExclusionList: Hashable, Sendable {
    /// The clips, `word/file`.
    package let clips: Set<String>

    /// SHA-256 of the file, 64 lower-case hexadecimal digits.
    package let hash: String

    /// Reads a list.
    ///
    /// - Throws: `DataError.unreadable`, or `.invalidExclusion` for a line that is no `word/file`.
    public init(contentsOf path: String) throws(DataError) {
        let list = try TextLines(listAt: path)
        hash = SHA256.hexDigest(of: list.bytes)
        var clips: Set<String> = []
        for line in list.lines {
            let name = String(line.text.prefix { $0 != "\t" }).trimmed
            guard let first = name.first, first != "#" else { continue }
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count >= 2, parts.allSatisfy({ !$0.isEmpty }) else {
                throw .invalidExclusion(path: path, line: line.number)
            }
            clips.insert(name)
        }
        self.clips = clips
    }

    /// What a model keeps of it.
    package var record: TrainingProvenance.Setting {
        TrainingProvenance.Setting(name: "exclusion list, SHA-256", value: hash)
    }
}
