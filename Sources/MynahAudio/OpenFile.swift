import Glibc
import MynahBase

/// A regular file with contents, open for reading, that closes itself; what goes wrong with it is told in words of sound.
struct OpenFile: ~Copyable {
    private let file: RegularFile

    /// The name for messages.
    var name: String { file.path }

    /// Size when it was opened, in bytes, at least 1.
    var byteCount: Int { file.byteCount }

    var descriptor: Int32 { file.descriptor }

    /// Opens the file at `path`, and never waits for a writer as opening a pipe would.
    init(path: String) throws(AudioError) {
        try self.init { () throws(FileError) in try RegularFile(opening: path) }
    }

    /// Takes over `descriptor`, which is closed even when this throws.
    init(owning descriptor: Int32, name: String) throws(AudioError) {
        try self.init { () throws(FileError) in try RegularFile(owning: descriptor, name: name) }
    }

    /// Reads what `descriptor` is open for, and leaves that open.
    init(duplicating descriptor: Int32, name: String) throws(AudioError) {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .cannotRead(file: name, reason: systemMessage()) }
        try self.init(owning: copy, name: name)
    }

    private init(_ open: () throws(FileError) -> RegularFile) throws(AudioError) {
        let opened: RegularFile
        do throws(FileError) {
            opened = try open()
        } catch {
            throw AudioError(error)
        }
        guard opened.byteCount > 0 else { throw .emptyFile(file: opened.path) }
        file = opened
    }

    /// The bytes from `offset` on, at most `count`; fewer at the end of the file.
    func bytes(at offset: Int, count: Int) throws(AudioError) -> [UInt8] {
        do throws(FileError) {
            return try file.bytes(at: offset, count: count)
        } catch {
            throw AudioError(error)
        }
    }
}

extension AudioError {
    /// Why a file cannot be opened or read.
    fileprivate init(_ error: FileError) {
        self =
            switch error {
            case .notFound(let path, _): .fileNotFound(file: path)
            case .permissionDenied(let path): .permissionDenied(file: path)
            case .wrongKind(let path, .folder, _): .isDirectory(file: path)
            case .wrongKind(let path, let kind, _): .notRegularFile(file: path, kind: kind.rawValue)
            case .unreadable(let path, let reason): .cannotRead(file: path, reason: reason)
            case .tooLarge, .unwritable, .noTemporaryFile: preconditionFailure("\(error) of a file to read")
            }
    }
}
