package import Glibc

/// What stands at a path.
public enum FileKind: String, Hashable, Sendable {
    /// A file with contents of its own.
    case regular = "a regular file"

    /// A folder.
    case folder = "a directory"

    /// A pipe with a name.
    case pipe = "a named pipe"

    /// A socket.
    case socket = "a socket"

    /// A terminal, a disk or another device.
    case device = "a device"

    /// A symbolic link that is not followed.
    case link = "a symbolic link"

    /// Something else.
    case other = "of an unknown kind"

    package init(_ mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .folder
        case S_IFIFO: self = .pipe
        case S_IFSOCK: self = .socket
        case S_IFCHR, S_IFBLK: self = .device
        case S_IFLNK: self = .link
        default: self = .other
        }
    }

    /// The kind of what stands at `path`, symbolic links followed; nil if there is nothing, with the reason in `errno`.
    package init?(at path: String) {
        guard let status = FileStatus(of: path) else { return nil }
        self = status.kind
    }
}

/// What the system says of a file.
package struct FileStatus {
    /// Device and inode: the same for all paths that lead to one file or folder.
    package struct Identity: Hashable, Sendable {
        package let device: dev_t
        package let inode: ino_t
    }

    package let kind: FileKind

    /// Size in bytes.
    package let byteCount: Int

    package let identity: Identity

    /// Who may do what with it, as `chmod` takes it.
    package let permissions: mode_t

    package let owner: uid_t
    package let group: gid_t

    /// Of what stands at a path; nil if there is nothing, with the reason in `errno`.
    ///
    /// - Parameter followsLinks: whether a symbolic link stands for what it leads to.
    package init?(of path: String, followsLinks: Bool = true) {
        var status = stat()
        guard path.withPath({ followsLinks ? stat($0, &status) : lstat($0, &status) }) == 0 else {
            return nil
        }
        self.init(status)
    }

    /// Of an open file; nil if it is not open, with the reason in `errno`.
    package init?(ofDescriptor descriptor: CInt) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        kind = FileKind(status.st_mode)
        byteCount = Int(status.st_size)
        identity = Identity(device: status.st_dev, inode: status.st_ino)
        permissions = status.st_mode & 0o7777
        owner = status.st_uid
        group = status.st_gid
    }
}
