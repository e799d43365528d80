import Glibc
import MynahBase

/// The entries of one folder, sorted by the bytes of their names.
struct FolderListing {
    /// Device and inode: the same for all paths that lead to one file or folder.
    struct Identity: Hashable {
        let device: dev_t
        let inode: ino_t
    }

    /// One regular file, or one folder.
    struct Entry {
        let name: String
        let byteCount: Int
        let identity: Identity

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
    let identity: Identity

    /// Lists a folder.
    ///
    /// - Throws: `DataError.folderNotFound`, `.notAFolder` or `.unreadable`.
    init(of path: String) throws(DataError) {
        let descriptor = path.withPath { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT: throw .folderNotFound(path: path)
            case ENOTDIR: throw .notAFolder(path: path)
            case let code: throw .unreadable(path: path, reason: systemMessage(code))
            }
        }
        guard let stream = fdopendir(descriptor) else {
            let reason = systemMessage()
            close(descriptor)
            throw .unreadable(path: path, reason: reason)
        }
        defer { closedir(stream) }
        guard let own = Self.status(descriptor, ".") else {
            throw .unreadable(path: path, reason: systemMessage())
        }
        identity = own.identity

        errno = 0
        while let record = readdir(stream) {
            // The record is as long as its name: copying the declared 256 bytes of it could read past its end.
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { continue }
            let name = (UnsafeRawPointer(record) + offset).assumingMemoryBound(to: CChar.self)
            add(name, in: descriptor)
            errno = 0
        }
        guard errno == 0 else { throw .unreadable(path: path, reason: systemMessage()) }
        files.sort(by: Self.precedes)
        folders.sort(by: Self.precedes)
    }

    private mutating func add(_ cName: UnsafePointer<CChar>, in descriptor: CInt) {
        if strcmp(cName, ".") == 0 || strcmp(cName, "..") == 0 { return }
        if cName[0] == CChar(UInt8(ascii: ".")) {
            hiddenCount += 1
            return
        }
        guard let status = Self.status(descriptor, cName) else {
            otherCount += 1
            return
        }
        func entry(isLink: Bool) -> Entry {
            Entry(
                name: String(path: cName), byteCount: status.byteCount, identity: status.identity,
                isLink: isLink)
        }
        switch status.kind {
        case S_IFREG: files.append(entry(isLink: false))
        case S_IFDIR:
            let own = Self.status(descriptor, cName, AT_SYMLINK_NOFOLLOW)
            folders.append(entry(isLink: own?.kind == S_IFLNK))
        default: otherCount += 1
        }
    }

    private static func status(
        _ descriptor: CInt, _ name: UnsafePointer<CChar>, _ flags: CInt = 0
    ) -> (kind: mode_t, byteCount: Int, identity: Identity)? {
        var status = stat()
        guard fstatat(descriptor, name, &status, flags) == 0 else { return nil }
        let identity = Identity(device: status.st_dev, inode: status.st_ino)
        return (status.st_mode & S_IFMT, Int(status.st_size), identity)
    }

    /// Whether the first name comes first, byte by byte: `<` on strings would compare normalised characters.
    private static func precedes(_ first: Entry, _ second: Entry) -> Bool {
        first.name.utf8.lexicographicallyPrecedes(second.name.utf8)
    }
}
