internal import Glibc

/// Writing a file so that at every moment either the old or the new content stands at its path, in full.
enum AtomicFile {
    /// Writes `bytes` to a temporary name in the same folder, waits until the disk has them, and renames.
    ///
    /// On an error the temporary file is removed and what stood at `path` is untouched. A symbolic link is followed.
    /// Anything but a regular file is refused, for renaming would replace a device such as `/dev/null`.
    static func write(_ bytes: [UInt8], to path: String) throws(ModelError) {
        if let kind = FileKind(at: path), kind != .regular {
            throw .notRegularFile(file: path, kind: kind.rawValue)
        }
        let target = resolved(path)
        let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "./"
        let (descriptor, temporary) = try create(in: folder, for: path)
        let written = writeAll(bytes, to: descriptor) && fsync(descriptor) == 0
        let writeError = errno
        // Network file systems report a full disk only when the file is closed.
        let closed = close(descriptor) == 0
        guard written, closed, rename(temporary, target) == 0 else {
            let code = written ? errno : writeError
            unlink(temporary)
            throw .unwritable(file: path, reason: String(cString: strerror(code)))
        }
        synchronize(folder: folder)
    }

    /// Creates a file of a new name, with the permissions that the user's mask leaves.
    private static func create(in folder: String, for path: String) throws(ModelError) -> (CInt, String) {
        for _ in 0..<100 {
            let name = "\(folder).mynah-\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
            let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor >= 0 { return (descriptor, name) }
            guard errno == EEXIST else { break }
        }
        throw .unwritable(file: path, reason: String(cString: strerror(errno)))
    }

    /// Writes everything and says whether that succeeded; `errno` tells why not.
    private static func writeAll(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        bytes.withUnsafeBytes { buffer in
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
