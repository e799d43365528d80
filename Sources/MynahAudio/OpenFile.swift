import Glibc
import MynahBase

/// A regular file, open for reading, that closes itself.
struct OpenFile: ~Copyable {
    /// The name for messages.
    let name: String

    /// Size when it was opened, in bytes, at least 1.
    let byteCount: Int

    let descriptor: Int32

    /// Opens the file at `path`, which must be a regular file with contents.
    init(path: String) throws(AudioError) {
        // Without O_NONBLOCK, opening a named pipe would wait for a writer.
        let descriptor = path.withPath { open($0, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) }
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: throw .fileNotFound(file: path)
            case EACCES, EPERM: throw .permissionDenied(file: path)
            case let code: throw .cannotOpen(file: path, reason: systemMessage(code))
            }
        }
        try self.init(owning: descriptor, name: path)
    }

    /// Takes over `descriptor`, which is closed even when this throws.
    init(owning descriptor: Int32, name: String) throws(AudioError) {
        var status = stat()
        let result = fstat(descriptor, &status)
        let failure: AudioError? =
            if result != 0 {
                .cannotOpen(file: name, reason: systemMessage(errno))
            } else if status.st_mode & S_IFMT == S_IFDIR {
                .isDirectory(file: name)
            } else if let kind = specialFileKind(status.st_mode) {
                .notRegularFile(file: name, kind: kind)
            } else if status.st_size == 0 {
                .emptyFile(file: name)
            } else {
                nil
            }
        if let failure {
            close(descriptor)
            throw failure
        }
        self.name = name
        self.byteCount = Int(status.st_size)
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The bytes from `offset` on, at most `count`; fewer at the end of the file.
    func bytes(at offset: Int, count: Int) throws(AudioError) -> [UInt8] {
        let wanted = max(0, min(count, byteCount - offset))
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            let result = readFully(
                descriptor, into: UnsafeMutableRawBufferPointer(buffer), at: offset, failure: &failure)
            filled = result
        }
        guard failure == 0 else { throw .cannotRead(file: name, reason: systemMessage(failure)) }
        return bytes
    }
}

/// What a file is that is neither regular nor a directory.
private func specialFileKind(_ mode: mode_t) -> String? {
    switch mode & S_IFMT {
    case S_IFREG: nil
    case S_IFIFO: "named pipe"
    case S_IFSOCK: "socket"
    case S_IFCHR, S_IFBLK: "device"
    default: "special file"
    }
}
