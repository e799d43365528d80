internal import Glibc

/// A text file that a person or another program has written, as its lines.
///
/// The text is UTF-8. A byte-order mark is passed over, also at the start of a line in the middle, where it lies when
/// files are joined. Lines end with LF, CR LF or CR.
package struct TextLines: Sendable {
    /// One line.
    package struct Line: Hashable, Sendable {
        /// Its place in the file, counted from 1.
        package let number: Int

        /// What stands in it, without its end.
        package let text: String
    }

    /// All lines, the empty ones included; none for an empty file.
    package let lines: [Line]

    /// The bytes of the file.
    package let bytes: [UInt8]

    /// Reads a file of at most `limitBytes` bytes.
    ///
    /// Only regular files are read: a pipe would have to be waited for.
    ///
    /// - Throws: `TextFault`, the first one of the file.
    package init(contentsOf path: String, limitBytes: Int, holdsNames: Bool = false) throws(TextFault) {
        try self.init(bytes: Self.read(path, limitBytes: limitBytes), holdsNames: holdsNames)
    }

    /// Takes the bytes of a file apart.
    ///
    /// - Parameter holdsNames: whether the lines are names of files, which need not be UTF-8.
    /// - Throws: `TextFault.otherEncoding`.
    package init(bytes: [UInt8], holdsNames: Bool = false) throws(TextFault) {
        self.bytes = bytes
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
            throw .otherEncoding(line: 1, found: "text in UTF-16")
        }
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        var lines: [Line] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex { $0 == 0x0a || $0 == 0x0d } ?? bytes.count
            var line = bytes[start..<end]
            if line.starts(with: mark) { line = line.dropFirst(mark.count) }
            let number = lines.count + 1
            // Text without a mark is told by its zero bytes, which no table has.
            if line.contains(0) { throw .otherEncoding(line: number, found: "zero bytes, as UTF-16 has") }
            let text = String(path: line)
            guard holdsNames || !text.hasUndecodedBytes || String(validating: line, as: UTF8.self) != nil
            else {
                throw .otherEncoding(line: number, found: "bytes that are not UTF-8")
            }
            lines.append(
                Line(number: number, text: holdsNames ? text : String(decoding: line, as: UTF8.self)))
            start = end + 1
            if end + 1 < bytes.count, bytes[end] == 0x0d, bytes[end + 1] == 0x0a { start += 1 }
        }
        self.lines = lines
    }

    /// The text without byte-order marks, its lines ended by LF.
    package var text: String { lines.map(\.text).joined(separator: "\n") }

    private static func read(_ path: String, limitBytes: Int) throws(TextFault) -> [UInt8] {
        let descriptor = path.withPath { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
        guard descriptor >= 0 else { throw .unreadable(reason: systemMessage()) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .unreadable(reason: systemMessage())
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(reason: "is no regular file") }
        guard status.st_size <= limitBytes else {
            throw .tooLong(byteCount: Int(status.st_size), limit: limitBytes)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.st_size))
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &block, block.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .unreadable(reason: systemMessage())
            }
            bytes += block[..<count]
            // It may grow while it is read.
            guard bytes.count <= limitBytes else { throw .tooLong(byteCount: bytes.count, limit: limitBytes) }
        }
    }
}

/// What can be wrong with a text file, whatever stands in it.
package enum TextFault: Error, Hashable, Sendable {
    /// The system does not hand it over.
    case unreadable(reason: String)

    /// It is longer than any real one.
    case tooLong(byteCount: Int, limit: Int)

    /// A line, counted from 1, that is not in UTF-8.
    case otherEncoding(line: Int, found: String)
}

extension TextFault: CustomStringConvertible {
    /// What is wrong, without the name of the file.
    package var description: String {
        switch self {
        case .unreadable(let reason): reason
        case .tooLong(let byteCount, let limit): "\(byteCount) bytes, expected at most \(limit)"
        case .otherEncoding(let line, let found): "line \(line) holds \(found), expected UTF-8"
        }
    }
}
