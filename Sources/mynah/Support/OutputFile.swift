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

    /// Makes a folder if there is none at `path`; the one that holds it has to be there.
    ///
    /// - Throws: ``CommandError/cannotWriteFile(path:reason:)``.
    static func makeFolder(_ path: String) throws(CommandError) {
        guard mkdir(path, 0o777) != 0 else { return }
        let code = errno
        var status = stat()
        guard code == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .cannotWriteFile(
                path: path, reason: code == EEXIST ? "is no folder" : String(cString: strerror(code)))
        }
    }
}
