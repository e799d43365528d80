import Glibc

/// Why work with a file failed: the one error for all of Mynah's file work, which the errors of the libraries hold.
public enum FileError: Error, Hashable, Sendable {
    /// Nothing has this path; `expected` is what was looked for.
    case notFound(path: String, expected: FileKind = .regular)

    /// The file, or a folder above it, may not be read by this user.
    case permissionDenied(path: String)

    /// Something of another kind than `expected` stands at the path.
    case wrongKind(path: String, kind: FileKind, expected: FileKind)

    /// The system does not let it be read, for another reason.
    case unreadable(path: String, reason: String)

    /// The file has more bytes than are read of its kind.
    case tooLarge(path: String, limitBytes: Int)

    /// The system does not let the file be written; what stood there before is untouched.
    case unwritable(path: String, reason: String)

    /// A temporary file cannot be made, written or read.
    case noTemporaryFile(folder: String, reason: String)

    /// The error for a path that cannot be opened for reading, by the number that the system gave.
    package init(opening path: String, code: CInt, expected: FileKind) {
        self =
            switch code {
            case ENOENT: .notFound(path: path, expected: expected)
            case ENOTDIR:
                if let kind = FileKind(at: path) {
                    .wrongKind(path: path, kind: kind, expected: expected)
                } else {
                    .notFound(path: path, expected: expected)
                }
            case EACCES, EPERM: .permissionDenied(path: path)
            default: .unreadable(path: path, reason: systemMessage(code))
            }
    }
}

extension FileError: CustomStringConvertible {
    /// One line: which file, what is wrong, what was expected.
    public var description: String {
        switch self {
        case .notFound(let path, let expected):
            "\(path.printable): no such \(expected == .folder ? "folder" : "file")"
        case .permissionDenied(let path):
            "\(path.printable): permission to read it is denied"
        case .wrongKind(let path, let kind, let expected):
            "\(path.printable): is \(kind.rawValue), expected \(expected.rawValue)"
        case .unreadable(let path, let reason):
            "\(path.printable): cannot be read: \(reason)"
        case .tooLarge(let path, let limitBytes):
            "\(path.printable): is larger than \(limitBytes) bytes, the most that is read of such a file"
        case .unwritable(let path, let reason):
            "\(path.printable): cannot be written: \(reason)"
        case .noTemporaryFile(let folder, let reason):
            "\(folder.printable): a temporary file cannot be kept there: \(reason)"
        }
    }
}

/// The operating system's words for an error number.
package func systemMessage(_ code: CInt = errno) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    // strerror_r, as strerror shares its text between threads.
    guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
}
