import MynahAudio
import MynahModel

/// One folder with a folder for each word, as it lies on disk: not yet any labels.
///
/// Only two levels are looked at, word folders and the files in them, so that a symbolic link that leads back into
/// the tree does no harm.
struct WordTree {
    /// The folder of one word.
    struct Word {
        /// The folder's name.
        let name: String

        /// Its audio files, sorted by the bytes of their names.
        let files: [FolderListing.Entry]
    }

    /// Where the tree lies, as the user wrote it, without a slash at the end.
    let path: String

    /// The folders that hold at least one audio file, sorted by the bytes of their names.
    private(set) var words: [Word] = []

    /// The recordings in `_background_noise_`, those of its folders included.
    private(set) var noise: [NoiseFile] = []

    /// What the user should know about the tree, one line each, safe to print.
    private(set) var notes: [String] = []

    /// Folders without any audio file, or that are another folder of this tree under a second name.
    private(set) var emptyFolders: [String] = []
    private(set) var repeatedFolders: [String] = []

    /// What was passed over.
    private(set) var ignored = IgnoredEntries()

    /// Audio files that lie beside the word folders instead of in them.
    private(set) var looseFiles = 0

    /// The official lists, when there are any.
    let lists: SplitLists?

    /// Looks through a tree.
    ///
    /// - Throws: `DataError.folderNotFound`, `.notAFolder`, `.unreadable`, or `.noWords`.
    init(scanning path: String) throws(DataError) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.path = String(trimmed)

        let root = try FolderListing(of: path)
        lists = try SplitLists(folder: self.path, fileNames: root.files.map(\.name))
        looseFiles = root.files.count { AudioFileName.isAudio($0.name) }
        ignored.hidden += root.hiddenCount
        ignored.other += root.otherCount + root.files.count - (lists?.fileCount ?? 0)

        // A folder with several names goes by its own name rather than by that of a link to it.
        var names = [root.identity: ""]
        for folder in root.folders.filter({ !$0.isLink }) + root.folders.filter(\.isLink)
        where names[folder.identity] == nil {
            names[folder.identity] = folder.name
        }
        for folder in root.folders {
            guard names[folder.identity] == folder.name else {
                repeatedFolders.append(folder.name)
                continue
            }
            if folder.name == StandardLabel.backgroundNoiseFolder {
                do {
                    let tree = try NoiseTree(below: "\(self.path)/\(folder.name)", name: folder.name)
                    noise = tree.files
                    notes += tree.notes
                    ignored.add(tree.ignored)
                } catch {
                    notes.append("\(error)")
                }
                continue
            }
            let listing = try FolderListing(of: "\(self.path)/\(folder.name)")
            let audio = listing.files.filter { AudioFileName.isAudio($0.name) }
            ignored.hidden += listing.hiddenCount
            ignored.other += listing.otherCount + listing.files.count - audio.count
            ignored.folders += listing.folders.count
            if audio.isEmpty {
                emptyFolders.append(folder.name)
            } else {
                words.append(Word(name: folder.name, files: audio))
            }
        }
        if words.isEmpty { throw .noWords(folder: self.path, looseFiles: looseFiles) }
    }
}

/// Entries of a labelled folder that are neither word nor clip.
public struct IgnoredEntries: Codable, Hashable, Sendable {
    /// Files and folders whose names start with a dot.
    public internal(set) var hidden = 0

    /// Files that are not audio by their extensions, devices, broken links, and names that are not UTF-8.
    public internal(set) var other = 0

    /// Folders inside word folders.
    public internal(set) var folders = 0

    mutating func add(_ more: IgnoredEntries) {
        hidden += more.hidden
        other += more.other
        folders += more.folders
    }
}
