import MynahAudio
import MynahBase

/// The files in a folder that may hold audio, and in all folders within it, or a single file.
///
/// Hidden files are passed over. Links to folders are followed, each folder once (`FolderTree`).
package struct RecordingTree: Sendable {
    /// The files, folder by folder in the order of their names; those named are paths within the folder.
    package let files: [NegativeRecordings.File]

    /// What the user should know, one line each, safe to print.
    package let notes: [String]

    /// Folders within folders that are looked into.
    private static let depth = 64

    /// Finds the files at a path; what is no folder is taken for a file, whatever its name.
    ///
    /// - Throws: `DataError.unreadable` or `.tooManyFolders`.
    package init(at path: String) throws(DataError) {
        guard FileKind(at: path) == .folder else {
            files = [NegativeRecordings.File(path: path, name: String(path.pathName))]
            notes = []
            return
        }
        let tree = try FolderTree(of: path, depth: Self.depth)
        let prefix = path.hasSuffix("/") ? path : path + "/"
        files = Self.names(in: tree.root, of: tree).map {
            NegativeRecordings.File(path: prefix + $0, name: $0)
        }
        notes = tree.notes(below: path)
    }

    private static func names(in folder: FolderTree.Folder, of tree: FolderTree) -> [String] {
        let prefix = folder.path.isEmpty ? "" : folder.path + "/"
        let files = folder.files.filter { AudioFileName.mayHoldAudio($0.name) }.map {
            (name: $0.name, inner: [prefix + $0.name])
        }
        let folders = tree.folders(in: folder).map { (name: $0.name, inner: names(in: $0, of: tree)) }
        return (files + folders).sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }.flatMap(
            \.inner)
    }
}

/// The recordings of noise below a folder, however deep they lie.
struct NoiseTree {
    /// Folders within folders that are looked into.
    private static let depthLimit = 64

    /// The recordings, each folder's files before those of its folders, both sorted by the bytes of their names.
    ///
    /// Those are among them whose format cannot be read: who decodes them names them with the reason.
    private(set) var files: [NoiseFile] = []

    /// What was passed over.
    private(set) var ignored = IgnoredEntries()

    /// Folders that cannot be looked into, one line each.
    let notes: [String]

    /// Looks through the folder `path`; `name` is what its files are called by, in front of their own names.
    ///
    /// - Throws: `DataError.folderNotFound`, `.notAFolder` or `.unreadable` for the folder itself, and `.tooManyFolders`.
    init(below path: String, name: String) throws(DataError) {
        let tree = try FolderTree(of: path, depth: Self.depthLimit)
        notes = tree.notes(below: path)
        for folder in tree.depthFirst {
            let audio = folder.files.filter { AudioFileName.mayHoldAudio($0.name) }
            ignored.hidden += folder.hiddenCount
            ignored.other += folder.otherCount + folder.files.count - audio.count
            ignored.folders += folder.tooDeep
            files += audio.map { file in
                let inner = folder.place(of: file.name)
                return NoiseFile(
                    path: path.pathOf(inner), name: name.isEmpty ? inner : "\(name)/\(inner)",
                    byteCount: file.byteCount)
            }
        }
    }
}
