import Glibc
import MynahBase

/// The lines of standard input, as they come.
struct StandardInputLines {
    /// The longest line that is read, in bytes.
    private static let limitBytes = 1 << 20

    private var bytes: [UInt8] = []
    private var isAtEnd = false
    private var number = 0

    /// A line, counted from 1.
    struct Line {
        let number: Int
        let text: String
    }

    /// The next line; nil at the end.
    ///
    /// Lines end with LF or CR LF; a byte-order mark in front of the first one is passed over.
    ///
    /// - Throws: ``CommandError/badInput(line:reason:)`` for a line that is too long or not UTF-8.
    mutating func next() throws -> Line? {
        while true {
            if let end = bytes.firstIndex(of: 0x0a) {
                defer { bytes.removeSubrange(...end) }
                return try line(bytes[..<end])
            }
            if isAtEnd {
                guard !bytes.isEmpty else { return nil }
                defer { bytes = [] }
                return try line(bytes[...])
            }
            guard bytes.count <= Self.limitBytes else {
                throw CommandError.badInput(
                    line: number + 1, reason: "has more than \(Self.limitBytes) bytes")
            }
            var block = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(STDIN_FILENO, &block, block.count)
            if count > 0 { bytes += block[..<count] }
            if count < 0, errno != EINTR {
                throw CommandError.badInput(line: number + 1, reason: "cannot be read: \(systemMessage())")
            }
            isAtEnd = count == 0
        }
    }

    private mutating func line(_ bytes: ArraySlice<UInt8>) throws -> Line {
        number += 1
        var bytes = bytes
        if bytes.last == 0x0d { bytes.removeLast() }
        do throws(TextFault) {
            return Line(number: number, text: try TextLines(bytes: Array(bytes)).lines.first?.text ?? "")
        } catch {
            guard case .otherEncoding(_, let found) = error else { throw error }
            throw CommandError.badInput(line: number, reason: "holds \(found), expected UTF-8")
        }
    }
}
