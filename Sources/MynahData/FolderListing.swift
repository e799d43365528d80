import Glibc
import MynahBase

/// The entries of one folder, sorted by the bytes of their names.
struct FolderListing {
    /// One regular file, or one folder.
    struct Entry {
        let name: String
        let byteCount: Int
        let identity: FileStatus.Identity

        /// Whether the entry is a symbolic link to a folder; not looked up for files.
        let isLink: Bool
    }

    /// Regular files, also behind symbolic links.
    private(set) var files: [Entry] = []

    /// Folders, also behind symbolic links.
    private(set) var folders: [Entry] = []

    /// Entries whose names start with a dot.
    private(set) var hiddenCount = 0

    /// Devices, pipes and broken links.
    private(set) var otherCount = 0

    /// The folder itself.
    let identity: FileStatus.Identity

    /// Lists a folder.
    ///
    /// - Throws: `DataError.folderNotFound`, `.notAFolder` or `.unreadable`.
    init(of path: String) throws(DataError) {
        let names: [String]
        do {
            names = try namesInFolder(path)
        } catch {
            switch error {
            case .notFound: throw .folderNotFound(path: path)
            case .wrongKind: throw .notAFolder(path: path)
            case .unreadable(_, let reason): throw .unreadable(path: path, reason: reason)
            case .permissionDenied: throw .unreadable(path: path, reason: systemMessage(EACCES))
            case .tooLarge, .unwritable, .noTemporaryFile: preconditionFailure("\(error) of a folder to list")
            }
        }
        guard let own = FileStatus(of: path) else {
            throw .unreadable(path: path, reason: systemMessage())
        }
        identity = own.identity
        for name in names { add(name, in: path) }
    }

    private mutating func add(_ name: String, in folder: String) {
        guard name.utf8.first != UInt8(ascii: ".") else {
            hiddenCount += 1
            return
        }
        let path = folder.pathOf(name)
        guard let status = FileStatus(of: path) else {
            otherCount += 1
            return
        }
        func entry(isLink: Bool) -> Entry {
            Entry(name: name, byteCount: status.byteCount, identity: status.identity, isLink: isLink)
        }
        switch status.kind {
        case .regular: files.append(entry(isLink: false))
        case .folder:
            folders.append(entry(isLink: FileStatus(of: path, followsLinks: false)?.kind == .link))
        default: otherCount += 1
        }
    }
}
