package import Glibc

// What the system knows of paths, asked for and answered as text.

/// The path with all links followed and without `.` and `..`; nil if nothing is there, with the reason in `errno`.
package func resolvedPath(_ path: String) -> String? {
    guard let resolved = path.withPath({ realpath($0, nil) }) else { return nil }
    defer { free(resolved) }
    return String(path: resolved)
}

/// Where a symbolic link leads, as it is written in it; nil if there is none at `path`.
package func linkDestination(of path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = path.withPath { readlink($0, &buffer, buffer.count) }
    return count < 0 ? nil : String(path: buffer[..<count].map { UInt8(truncatingIfNeeded: $0) })
}

/// The path with the symbolic links at its end followed, whether or not there is something at the end of them.
///
/// - Throws: `FileError.unwritable` for links that go round in circles.
package func linkEnd(_ path: String) throws(FileError) -> String {
    var end = path
    // As many as Linux follows.
    for _ in 0...40 {
        guard let link = linkDestination(of: end) else { return end }
        end = link.utf8.first == UInt8(ascii: "/") ? link : end.pathFolder.pathOf(link)
    }
    throw .unwritable(path: path, reason: systemMessage(ELOOP))
}

/// Whether something stands at a path, symbolic links followed.
package func fileExists(_ path: String) -> Bool { path.withPath { access($0, F_OK) } == 0 }

/// The value of a variable of the environment; nil if it is not there.
package func environmentVariable(_ name: String) -> String? { getenv(name).map { String(path: $0) } }

/// The folder for temporary files: `$TMPDIR`, or `/tmp`.
package func temporaryFolder() -> String {
    let folder = environmentVariable("TMPDIR") ?? ""
    return folder.isEmpty ? "/tmp" : folder
}

/// Makes a folder unless there is one at `path`; the one that holds it has to be there.
///
/// - Returns: whether it was made.
@discardableResult
package func makeFolder(_ path: String) throws(FileError) -> Bool {
    guard path.withPath({ mkdir($0, 0o777) }) != 0 else { return true }
    let code = errno
    guard code == EEXIST, let kind = FileKind(at: path) else {
        throw .unwritable(path: path, reason: systemMessage(code))
    }
    guard kind == .folder else { throw .wrongKind(path: path, kind: kind, expected: .folder) }
    return false
}

/// Creates an empty file under a name that no other has, open for reading and writing.
///
/// - Parameter permissions: as `chmod` takes them, of which the user's mask may take some away.
/// - Returns: the descriptor and the path; nil if the system does not let it be created, with the reason in `errno`.
package func createFile(in folder: String, permissions: mode_t) -> (descriptor: CInt, path: String)? {
    for _ in 0..<100 {
        let path = folder.pathOf(".mynah-\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp")
        let descriptor = path.withPath { open($0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, permissions) }
        if descriptor >= 0 { return (descriptor, path) }
        guard errno == EEXIST else { return nil }
    }
    return nil
}

/// Creates an empty file without a name, which vanishes when its descriptor is closed, however the process ends.
///
/// - Returns: the descriptor; nil if the system does not let it be created, with the reason in `errno`.
package func createNamelessFile(in folder: String) -> CInt? {
    guard let (descriptor, path) = createFile(in: folder, permissions: 0o600) else { return nil }
    _ = path.withPath { unlink($0) }
    return descriptor
}

/// The names of all entries of a folder but `.` and `..`, in the order of their bytes.
package func namesInFolder(_ path: String) throws(FileError) -> [String] {
    guard let folder = path.withPath({ opendir($0) }) else {
        throw FileError(opening: path, code: errno, expected: .folder)
    }
    defer { closedir(folder) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(folder) {
        // The record is as long as its name: copying the declared 256 bytes of it could read past its end.
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { continue }
        let name = String(
            path: (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self))
        if name != ".", name != ".." { names.append(name) }
        errno = 0
    }
    guard errno == 0 else { throw .unreadable(path: path, reason: systemMessage()) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}
