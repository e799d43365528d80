internal import Glibc

/// A file that is written so that at every moment either the old or the new content stands at its path, in full.
///
/// The content goes to a temporary name in the same folder, which ``commit()`` gives the file its own name. Until then
/// what stood at the path is untouched, and without it the temporary file is removed.
package struct AtomicFile: ~Copyable {
    private let path: String
    private let target: String
    private let folder: String
    private let temporary: String
    private let descriptor: CInt
    private var isOpen = true
    private var isTemporary = true

    /// Creates the temporary file, with the permissions that the user's mask leaves.
    ///
    /// A symbolic link is followed. Anything but a regular file is refused, for renaming would replace a device such
    /// as `/dev/null`.
    package init(replacing path: String) throws(ModelError) {
        if let kind = FileKind(at: path), kind != .regular {
            throw .notRegularFile(file: path, kind: kind.rawValue)
        }
        let target = Self.resolved(path)
        let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "./"
        let (descriptor, temporary) = try Self.create(in: folder, for: path)
        self.path = path
        self.target = target
        self.folder = folder
        self.descriptor = descriptor
        self.temporary = temporary
    }

    deinit {
        if isOpen { close(descriptor) }
        if isTemporary { unlink(temporary) }
    }

    /// Adds bytes at the end.
    package func append(_ bytes: [UInt8]) throws(ModelError) {
        let isComplete = bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = Glibc.write(
                    descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
                if count > 0 {
                    done += count
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
        guard isComplete else { throw .unwritable(file: path, reason: String(cString: strerror(errno))) }
    }

    /// Bytes so far, also those of an ``append(_:)`` that did not come to its end.
    package var byteCount: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Keeps the first `byteCount` bytes, the first of which become `head`: what stands at the start of a file may depend
    /// on what could be written.
    package func cut(to byteCount: Int, head: [UInt8]) throws(ModelError) {
        guard ftruncate(descriptor, byteCount) == 0,
            pwrite(descriptor, head, head.count, 0) == head.count
        else { throw .unwritable(file: path, reason: String(cString: strerror(errno))) }
    }

    /// Waits until the disk has the content, and renames.
    package consuming func commit() throws(ModelError) {
        let isSafe = fsync(descriptor) == 0
        let failure = errno
        // Network file systems report a full disk only when the file is closed.
        let isClosed = close(descriptor) == 0
        isOpen = false
        guard isSafe, isClosed, rename(temporary, target) == 0 else {
            throw .unwritable(file: path, reason: String(cString: strerror(isSafe ? errno : failure)))
        }
        isTemporary = false
        Self.synchronize(folder: folder)
    }

    /// Writes all bytes of a file.
    static func write(_ bytes: [UInt8], to path: String) throws(ModelError) {
        let file = try AtomicFile(replacing: path)
        try file.append(bytes)
        try file.commit()
    }

    private static func create(in folder: String, for path: String) throws(ModelError) -> (CInt, String) {
        for _ in 0..<100 {
            let name = "\(folder).mynah-\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
            let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor >= 0 { return (descriptor, name) }
            guard errno == EEXIST else { break }
        }
        throw .unwritable(file: path, reason: String(cString: strerror(errno)))
    }

    /// Makes the new name itself survive a loss of power; the file is already safe, so failure is no error.
    private static func synchronize(folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// The path with symbolic links followed, or the path itself if nothing stands there yet.
    private static func resolved(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
