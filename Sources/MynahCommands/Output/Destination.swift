import MynahBase

/// Where a long result goes: to standard output as it comes, or to a file that appears when it is complete.
struct Destination: ~Copyable {
    private static let blockSize = 1 << 16

    private var file: AtomicFile?
    private var block: [UInt8] = []

    /// Opens the file at `path`, or standard output for nil and `-`.
    init(_ path: String?) throws(FileError) {
        file = if let path, path != "-" { try AtomicFile(replacing: path) } else { nil }
    }

    /// Writes all of a text.
    static func write(_ text: String, to path: String) throws {
        var destination = try Destination(path)
        try destination.append(text)
        try destination.finish()
    }

    /// Adds text at the end.
    mutating func append(_ text: String) throws {
        block += text.utf8
        if block.count >= Self.blockSize { try flush() }
    }

    /// Adds bytes at the end.
    mutating func append(_ bytes: [UInt8]) throws {
        block += bytes
        if block.count >= Self.blockSize { try flush() }
    }

    /// Completes the result.
    consuming func finish() throws {
        try flush()
        try file?.commit()
    }

    private mutating func flush() throws {
        if file == nil {
            try Terminal.print(block)
        } else {
            try file?.append(block)
        }
        block.removeAll(keepingCapacity: true)
    }
}
