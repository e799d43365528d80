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
