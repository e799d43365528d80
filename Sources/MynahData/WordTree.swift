import MynahAudio
import MynahBase
import MynahModel

/// One folder of labelled recordings as it lies on disk: words and files, not yet any labels.
///
/// Four layouts are read:
///
/// - `word/file`, and `word/speaker/file`;
/// - `train/word/file`, with `validation` and `test` beside it under any of their usual names;
/// - either of them in a folder `audio`, as in `train/audio/word/file`;
/// - a table `labels.csv` or `labels.tsv` (`LabelTable`) of files anywhere in the folder.
///
/// A pack (`RecordingPack`) of any of them is read as what was packed.
struct WordTree {
    /// A recording.
    struct File {
        /// Where it lies within the tree.
        let path: String

        /// `word/file`, or `word/speaker/file`, as lists of splits name it.
        let listName: String

        /// Who speaks, by its folder or a table; nil where they do not tell.
        let speaker: String?

        /// What it is for, by its folder or a table; nil where they do not tell.
        let split: DataSplit?

        /// Size, in bytes.
        let byteCount: Int

        /// Its last name.
        var name: String {
            String(path.utf8.split(separator: UInt8(ascii: "/")).last.map(Substring.init) ?? "")
        }
    }

    /// The recordings of one word.
    struct Word {
        /// What is said.
        let name: String

        /// Its recordings, sorted by the bytes of their paths.
        fileprivate(set) var files: [File]
    }

    /// Where the tree lies, as the user wrote it, without a slash at the end.
    let path: String

    /// The words that have at least one recording, sorted by their bytes.
    private(set) var words: [Word] = []

    /// The recordings in `_background_noise_`, those of its folders included.
    private(set) var noise: [NoiseFile] = []

    /// What was passed over.
    private(set) var ignored = IgnoredEntries()

    /// What the user should know about the layout, one line each, safe to print.
    private(set) var notes: [String] = []

    /// The official lists, when there are any.
    private(set) var lists: SplitLists?

    /// Whether folders or a table say what recordings are for.
    private(set) var statesSplits = false

    /// Where the recordings are read from, unless they are files.
    private(set) var pack: RecordingPack?

    /// Whether folders, a table or lists say what recordings are for, and not the rule.
    var isStated: Bool { statesSplits || lists != nil }

    /// How many folders in folders are looked into: `train/audio/word/speaker`.
    private static let depth = 4

    /// The same for the files of a table.
    private static let tableDepth = 16

    /// Folders without any audio file, and names under which a folder appears again.
    private var emptyFolders: [String] = []
    private var repeatedFolders: [String] = []

    /// Audio files that lie beside the word folders instead of in them.
    private var looseFiles = 0

    /// Where words stand in `words` while they are gathered, by the bytes of their names.
    private var places: [[UInt8]: Int] = [:]

    /// Looks through a tree.
    ///
    /// - Throws: `DataError.folderNotFound`, `.notAFolder`, `.unreadable`, `.tooManyFolders`, `.badTable`, `.badPack` or
    ///   `.noWords`.
    init(scanning path: String) throws(DataError) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.path = String(trimmed)

        if RecordingPack.isPack(self.path) {
            try addPack()
            sort()
            return
        }
        var tree = try FolderTree(of: self.path, depth: Self.depth)
        if let table = LabelTable.fileNames.first(where: { name in
            tree.root.files.contains { $0.name == name }
        }) {
            tree = try FolderTree(of: self.path, depth: Self.tableDepth)
            try add(table: table, of: tree)
        } else {
            try add(tree)
        }
        sort()
        addNotes(tree)
    }

    private mutating func sort() {
        words.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for index in words.indices {
            words[index].files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        }
    }

    // MARK: Pack

    private mutating func addPack() throws(DataError) {
        var words: [Word] = []
        var noise: [NoiseFile] = []
        let pack = try RecordingPack(opening: path) { recording in
            if recording.word == StandardLabel.backgroundNoiseFolder {
                noise.append(
                    NoiseFile(
                        path: "\(path)/\(recording.source)", name: recording.source,
                        byteCount: recording.byteCount))
                return
            }
            let file = File(
                path: recording.source, listName: recording.key, speaker: recording.speaker,
                split: recording.split, byteCount: recording.byteCount)
            let key = Array(recording.word.utf8)
            if let place = places[key] {
                words[place].files.append(file)
            } else {
                places[key] = words.count
                words.append(Word(name: recording.word, files: [file]))
            }
        }
        if words.isEmpty { throw .badPack(path: path, reason: "holds no word") }
        (self.words, self.noise, self.pack) = (words, noise, pack)
        statesSplits = pack.description.statesSplits
        if !statesSplits {
            lists = try SplitLists(
                folder: path, fileNames: SplitLists.fileNames.filter { fileExists(path.pathOf($0)) })
        }
        notes.append(
            "\(path.printable): a pack of \(counted(pack.recordingCount, "recording")) at \(pack.sampleRate) Hz"
        )
    }

    // MARK: Folders

    private mutating func add(_ tree: FolderTree) throws(DataError) {
        let counts = Self.audioCounts(tree)
        let root = tree.root
        let parts = Self.inner(of: root, tree, counts)
        if Self.areSplits(parts) {
            let filled = parts.filter {
                !Self.inner(of: Self.wordRoot($0, tree, counts), tree, counts).isEmpty
            }
            statesSplits = Set(filled.map { DataSplit(folderName: $0.name) }).count > 1
            if statesSplits {
                notes.append(
                    "\(path.printable): split by its folders \(listed(filled.map(\.name), limit: 10))")
            }
            try pass(root, of: tree)
            for part in parts {
                try addPart(
                    part, of: tree, counts, split: statesSplits ? DataSplit(folderName: part.name) : nil)
            }
        } else {
            try addPart(root, of: tree, counts, split: nil)
        }
        let used = words.reduce(0) { $0 + $1.files.count }
        let noisy = tree.folders.indices.filter { Self.isNoise(tree.folders[$0]) }.map { counts[$0] }
        let deep = max(0, counts[0] - used - noisy.reduce(0, +) - looseFiles)
        if words.isEmpty {
            throw .noWords(
                folder: self.path, looseFiles: looseFiles, deepFiles: deep,
                firstDeepFile: deep > 0 ? Self.firstAudio(tree, counts, below: root) : nil)
        }
        if deep > 0 {
            notes.append(
                "\(self.path.printable): \(counted(deep, "audio file")) in folders too deep, not used")
        }
    }

    /// The folders in a folder that hold recordings, and not of noise.
    private static func inner(
        of folder: FolderTree.Folder, _ tree: FolderTree, _ counts: [Int]
    ) -> [FolderTree.Folder] {
        folder.inner.lazy.filter { counts[$0] > 0 }.map { tree.folders[$0] }.filter { !isNoise($0) }
    }

    /// The folder that holds the folders of words: the one given, or the folder `audio` in it.
    private static func wordRoot(
        _ folder: FolderTree.Folder, _ tree: FolderTree, _ counts: [Int]
    ) -> FolderTree.Folder {
        let inner = inner(of: folder, tree, counts)
        guard inner.count == 1, inner[0].name.lowercased() == "audio" else { return folder }
        // Directly in the set, a folder of recordings is a word, whatever its name.
        return folder.path.isEmpty && hasAudio(inner[0]) ? folder : inner[0]
    }

    /// Whether folders are the parts of a set that is split already, and not words.
    private static func areSplits(_ folders: [FolderTree.Folder]) -> Bool {
        let splits = folders.map { DataSplit(folderName: $0.name) }
        guard !splits.isEmpty, splits.allSatisfy({ $0 != nil }) else { return false }
        return splits.contains(.training)
            ? zip(folders, splits).allSatisfy { $1 != .training || !hasAudio($0) }
            : folders.count > 1 && !folders.contains(where: hasAudio)
    }

    /// Adds a set, or one split of it.
    private mutating func addPart(
        _ folder: FolderTree.Folder, of tree: FolderTree, _ counts: [Int], split: DataSplit?
    ) throws(DataError) {
        let wordRoot = Self.wordRoot(folder, tree, counts)
        if wordRoot.path != folder.path { try pass(folder, of: tree) }
        try addWords(in: wordRoot, of: tree, split: split)
    }

    /// Adds the words whose folders lie in a folder.
    private mutating func addWords(
        in folder: FolderTree.Folder, of tree: FolderTree, split: DataSplit?
    ) throws(DataError) {
        try pass(folder, of: tree)
        let prefix = folder.path.isEmpty ? "" : folder.path + "/"
        for word in tree.folders(in: folder) where !Self.isNoise(word) {
            var files: [File] = []
            func add(_ part: FolderTree.Folder, speaker: String?) {
                for file in part.files where AudioFileName.isAudio(file.name) {
                    let path = "\(part.path)/\(file.name)"
                    files.append(
                        File(
                            path: path, listName: String(path.dropFirst(prefix.count)), speaker: speaker,
                            split: split, byteCount: file.byteCount))
                }
            }
            add(word, speaker: nil)
            ignored.add(word)
            for speaker in tree.folders(in: word) {
                guard Self.hasAudio(speaker) else {
                    ignored.folders += 1
                    continue
                }
                add(speaker, speaker: speaker.name)
                ignored.add(speaker)
                ignored.folders += speaker.inner.count + speaker.tooDeep
            }
            ignored.folders += word.tooDeep + word.repeated.count
            if files.isEmpty {
                emptyFolders.append(word.name)
            } else if let index = places[Array(word.name.utf8)] {
                words[index].files += files
            } else {
                places[Array(word.name.utf8)] = words.count
                words.append(Word(name: word.name, files: files))
            }
        }
        repeatedFolders += folder.repeated
    }

    /// Takes what lies beside the folders of words: lists of splits, noise, and what is not used.
    private mutating func pass(_ folder: FolderTree.Folder, of tree: FolderTree) throws(DataError) {
        looseFiles += folder.files.count { AudioFileName.isAudio($0.name) }
        ignored.hidden += folder.hiddenCount
        ignored.other += folder.otherCount + folder.files.count
        for inner in tree.folders(in: folder) where Self.isNoise(inner) { addNoise(inner) }
        guard lists == nil, !statesSplits else { return }
        let place = folder.path.isEmpty ? path : "\(path)/\(folder.path)"
        lists = try SplitLists(folder: place, fileNames: folder.files.map(\.name))
        ignored.other -= lists?.fileCount ?? 0
    }

    private mutating func addNoise(_ folder: FolderTree.Folder) {
        do {
            let tree = try NoiseTree(below: "\(path)/\(folder.path)", name: folder.path)
            noise += tree.files
            notes += tree.notes
            ignored.add(tree.ignored)
        } catch {
            notes.append("\(error)")
        }
    }

    private static func isNoise(_ folder: FolderTree.Folder) -> Bool {
        folder.name == StandardLabel.backgroundNoiseFolder
    }

    private static func hasAudio(_ folder: FolderTree.Folder) -> Bool {
        folder.files.contains { AudioFileName.isAudio($0.name) }
    }

    /// The audio files in each folder, those of the folders in it included.
    private static func audioCounts(_ tree: FolderTree) -> [Int] {
        var counts = tree.folders.map { folder in folder.files.count { AudioFileName.isAudio($0.name) } }
        // A folder stands behind the one that it lies in.
        for index in counts.indices.reversed() {
            for inner in tree.folders[index].inner { counts[index] += counts[inner] }
        }
        return counts
    }

    /// The path of the first audio file below a folder that does not lie in the folder itself.
    private static func firstAudio(
        _ tree: FolderTree, _ counts: [Int], below folder: FolderTree.Folder
    ) -> String? {
        guard let next = folder.inner.first(where: { counts[$0] > 0 }) else { return nil }
        let inner = tree.folders[next]
        if let file = inner.files.first(where: { AudioFileName.isAudio($0.name) }) {
            return "\(inner.path)/\(file.name)"
        }
        return firstAudio(tree, counts, below: inner)
    }

    // MARK: Table

    private mutating func add(table name: String, of tree: FolderTree) throws(DataError) {
        let file = "\(path)/\(name)"
        let table = try LabelTable(contentsOf: file)
        var sizes: [[UInt8]: Int] = [:]
        for folder in tree.folders {
            for file in folder.files {
                sizes[Array((folder.path.isEmpty ? file.name : "\(folder.path)/\(file.name)").utf8)] =
                    file.byteCount
            }
        }
        var missing: [LabelTable.Row] = []
        var named: Set<[UInt8]> = []
        for row in table.rows {
            let key = Array(row.path.utf8)
            guard let byteCount = sizes[key] else {
                missing.append(row)
                continue
            }
            named.insert(key)
            let recording = File(
                path: row.path, listName: row.path, speaker: row.speaker, split: row.split,
                byteCount: byteCount)
            if row.label == StandardLabel.backgroundNoiseFolder {
                noise.append(
                    NoiseFile(path: "\(path)/\(row.path)", name: row.path, byteCount: byteCount))
            } else if let place = places[Array(row.label.utf8)] {
                words[place].files.append(recording)
            } else {
                places[Array(row.label.utf8)] = words.count
                words.append(Word(name: row.label, files: [recording]))
            }
        }
        if words.isEmpty {
            throw .badTable(
                path: file,
                reason: missing.first.map {
                    "none of its \(counted(table.rows.count, "file")) is in the folder; the first is line \($0.line), \($0.path.quoted)"
                } ?? "names no recordings, expected lines of path,label")
        }
        statesSplits = table.statesSplits
        notes.append("\(path.printable): labels\(table.statesSplits ? " and splits" : "") from \(name)")
        if let first = missing.first {
            notes.append(
                "\(file.printable): \(missing.count) of its files are not there; the first is line \(first.line), "
                    + first.path.quoted)
        }
        for folder in tree.folders {
            let isNoise = folder.path == StandardLabel.backgroundNoiseFolder
            for file in folder.files where AudioFileName.isAudio(file.name) {
                let inner = folder.path.isEmpty ? file.name : "\(folder.path)/\(file.name)"
                if named.contains(Array(inner.utf8)) { continue }
                if isNoise {
                    noise.append(
                        NoiseFile(path: "\(path)/\(inner)", name: inner, byteCount: file.byteCount))
                } else {
                    looseFiles += 1
                }
            }
            ignored.hidden += folder.hiddenCount
            ignored.other += folder.otherCount
        }
        if looseFiles > 0 {
            notes.append(
                "\(path.printable): \(counted(looseFiles, "audio file")) without a line in \(name), not used")
            looseFiles = 0
        }
    }

    // MARK: Notes

    private mutating func addNotes(_ tree: FolderTree) {
        let place = path.printable
        if !emptyFolders.isEmpty {
            notes.append("\(place): no audio files in \(listed(emptyFolders, limit: 10))")
        }
        if !repeatedFolders.isEmpty {
            notes.append(
                "\(place): \(listed(repeatedFolders, limit: 10)) only links to another folder of the set, not used"
            )
        }
        if looseFiles > 0 {
            notes.append("\(place): \(counted(looseFiles, "audio file")) beside the word folders, not used")
        }
        // Folders of noise have been looked into once more, and tell of themselves.
        notes += tree.notes(below: path) { !$0.contains(StandardLabel.backgroundNoiseFolder + "/") }
        for word in words {
            if let label = StandardLabel.meant(by: word.name) {
                notes.append(
                    "\(place): \(word.name.quoted) is taken for a word; call it \(label) if that is what it holds"
                )
            }
        }
    }
}

/// Entries of a labelled folder that are neither word nor clip.
package struct IgnoredEntries: Codable, Hashable, Sendable {
    /// Files and folders whose names start with a dot.
    package internal(set) var hidden = 0

    /// Files that are not audio by their extensions, devices and broken links.
    package internal(set) var other = 0

    /// Folders that hold no recordings of the set, inside those of words and speakers.
    package internal(set) var folders = 0

    mutating func add(_ more: IgnoredEntries) {
        hidden += more.hidden
        other += more.other
        folders += more.folders
    }

    /// Adds what is no audio file in a folder of recordings.
    fileprivate mutating func add(_ folder: FolderTree.Folder) {
        hidden += folder.hiddenCount
        other += folder.otherCount + folder.files.count { !AudioFileName.isAudio($0.name) }
    }
}

extension StandardLabel {
    /// The standard name that a folder's name comes close to, such as `_background_noise_` for `Background noise`; nil for
    /// others, and for the standard names themselves.
    static func meant(by name: String) -> String? {
        func letters(_ name: String) -> String { name.lowercased().filter(\.isLetter) }
        let spelled = letters(name)
        if spelled == "noise" || spelled == "noises" { return backgroundNoiseFolder }
        return [backgroundNoiseFolder, unknown, silence].first { $0 != name && letters($0) == spelled }
    }
}
