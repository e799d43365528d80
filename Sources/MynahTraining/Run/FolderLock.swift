import Glibc
import MynahBase

/// The right of one process to write into a folder.
///
/// It is a lock on a file in there, which the system takes back when the process ends, however it ends. The file stays, and
/// names the process that had the lock last.
final class FolderLock {
    private let descriptor: Int32

    /// Takes the lock of `folder`, whose file lies at `path`.
    ///
    /// - Throws: ``RunFolderError/inUse(folder:by:)`` when another process has it,
    ///   `FileError`.
    init(of folder: String, at path: String) throws {
        let descriptor = path.withPath { open($0, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666) }
        guard descriptor >= 0 else {
            throw FileError.unwritable(path: path, reason: systemMessage())
        }
        self.descriptor = descriptor
        guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else {
            let owner = Array("process \(getpid()) on \(Machine.name)\n".utf8)
            // The text only helps to find the process: the lock holds without it.
            if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, owner, owner.count, 0) }
            return
        }
        let code = errno
        switch code {
        case EWOULDBLOCK:
            throw RunFolderError.inUse(folder: folder, by: Self.owner(descriptor))
        // Some network file systems know no locks; that is no reason not to train.
        case ENOLCK, ENOSYS, EOPNOTSUPP: break
        default: throw FileError.unwritable(path: path, reason: systemMessage(code))
        }
    }

    deinit {
        close(descriptor)
    }

    /// Who has the lock, as the file says.
    private static func owner(_ descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let line = String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return line.isEmpty ? nil : line
    }
}
