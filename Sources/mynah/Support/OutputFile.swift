import Glibc
import MynahBase

/// Checks of output paths before long work starts.
enum OutputFile {
    /// Makes sure that a file can be created beside `path`, so that hours of training are not lost at their end.
    ///
    /// - Throws: ``CommandError/cannotWriteFile(path:reason:)``.
    static func requireWritable(_ path: String) throws(CommandError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw .cannotWriteFile(path: path, reason: "is no regular file")
        }
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard stat(folder, &status) == 0 else {
            throw .cannotWriteFile(path: path, reason: "the folder \(folder.printable) does not exist")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .cannotWriteFile(path: path, reason: "\(folder.printable) is no folder")
        }
        // For instance a name that is too long.
        guard stat(path, &status) == 0 || errno == ENOENT else {
            throw .cannotWriteFile(path: path, reason: String(cString: strerror(errno)))
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw .cannotWriteFile(path: path, reason: String(cString: strerror(errno)))
        }
    }

    /// Makes sure that files of some sizes, in bytes, fit beside the file at `path`, all of them together.
    ///
    /// Room for them is taken and given back: this also finds quotas and limits of the size of a file.
    ///
    /// - Throws: ``CommandError/cannotWriteFile(path:reason:)``.
    static func requireRoom(for byteCounts: [Int], beside path: String) throws(CommandError) {
        let target = realpath(path, nil).map { resolved in
            defer { free(resolved) }
            return String(cString: resolved)
        }
        let folder = (target ?? path).lastIndex(of: "/").map { String((target ?? path)[...$0]) } ?? "./"
        var descriptors: [Int32] = []
        defer { for descriptor in descriptors { close(descriptor) } }
        for byteCount in byteCounts {
            var template = Array("\(folder).mynah-XXXXXX".utf8CString)
            let descriptor = mkstemp(&template)
            guard descriptor >= 0 else {
                throw .cannotWriteFile(path: path, reason: String(cString: strerror(errno)))
            }
            unlink(template)
            descriptors.append(descriptor)
            let code = posix_fallocate(descriptor, 0, off_t(byteCount))
            // A file system that cannot take room in advance is no full one.
            guard code == 0 || code == EINVAL || code == EOPNOTSUPP || code == EINTR else {
                let sum = byteCounts.reduce(0, +)
                throw .cannotWriteFile(
                    path: path,
                    reason: "\(String(cString: strerror(code))) (\(NumberText.grouped(sum)) bytes are needed)"
                )
            }
        }
    }

    /// Makes a folder if there is none at `path`; the one that holds it has to be there.
    ///
    /// - Returns: whether it was made.
    /// - Throws: ``CommandError/cannotWriteFile(path:reason:)``.
    @discardableResult
    static func makeFolder(_ path: String) throws(CommandError) -> Bool {
        guard mkdir(path, 0o777) != 0 else { return true }
        let code = errno
        var status = stat()
        guard code == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .cannotWriteFile(
                path: path, reason: code == EEXIST ? "is no folder" : String(cString: strerror(code)))
        }
        return false
    }
}
