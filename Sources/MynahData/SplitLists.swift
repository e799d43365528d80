import MynahBase

/// The lists `validation_list.txt` and `testing_list.txt` that lie at the root of some data sets.
///
/// A line is `word/file.wav`. Names are compared without their extensions, so that a list stays right for a set that
/// was coded anew. Where at least one list is present the lists alone decide: a clip in neither is for training.
struct SplitLists {
    /// The names of the lists.
    static let fileNames = [DataSplit.validation, .testing].map { "\($0)_list.txt" }

    private var splits: [String: DataSplit] = [:]

    /// Number of list files: one or two.
    private(set) var fileCount = 0

    /// Clips that stand in both lists; they are for testing, so that no choice sees them.
    private(set) var inBoth = 0

    /// Reads the lists of a folder; `nil` when it has none.
    init?(folder: String, fileNames: [String]) throws(DataError) {
        for split in [DataSplit.validation, .testing] {
            let name = "\(split)_list.txt"
            guard fileNames.contains(name) else { continue }
            fileCount += 1
            for line in try TextLines(listAt: "\(folder)/\(name)").lines {
                let entry = Self.key(of: line.text.trimmed)
                guard !entry.isEmpty else { continue }
                if let other = splits.updateValue(split, forKey: entry), other != split { inBoth += 1 }
            }
        }
        if fileCount == 0 { return nil }
    }

    /// The number of different clips that the lists name.
    var count: Int { splits.count }

    /// The split of the clip `word/file`, and whether a list names it.
    func split(of relativePath: String) -> (split: DataSplit, isListed: Bool) {
        let split = splits[Self.key(of: relativePath)]
        return (split ?? .training, split != nil)
    }

    /// `word/file.wav` without its extension and without a leading `./`.
    static func key(of path: String) -> String {
        var bytes = path.utf8[...]
        if bytes.starts(with: "./".utf8) { bytes = bytes.dropFirst(2) }
        return String(String(Substring(bytes)).withoutFileExtension)
    }
}

extension TextLines {
    /// Reads a list of clips.
    ///
    /// - Throws: `DataError.unreadable`, which names the line where there is one to name.
    init(listAt path: String) throws(DataError) {
        do {
            try self.init(contentsOf: path, limitBytes: 64 << 20, holdsNames: true)
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
    }
}
