import Glibc

/// Bytes that are kept in a temporary file without a name until their number is known.
///
/// The file lies in `$TMPDIR`, or `/tmp`, and vanishes with the process however that ends.
struct Spool: ~Copyable {
    private let folder: String
    private let descriptor: Int32

    /// Makes an empty one.
    init() throws(CommandError) {
        let variable = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        let folder = variable.isEmpty ? "/tmp" : variable
        var template = Array("\(folder)/mynah-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Self.failure(in: folder) }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.folder = folder
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Adds bytes at the end.
    func append(_ bytes: [UInt8]) throws(CommandError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            }
            guard count >= 0 || errno == EINTR else { throw Self.failure(in: folder) }
            written += max(0, count)
        }
    }

    /// Hands over all bytes from the first on, block by block.
    func read(_ body: ([UInt8]) throws -> Void) throws {
        var offset = 0
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = pread(descriptor, &block, block.count, offset)
            guard count >= 0 || errno == EINTR else { throw Self.failure(in: folder) }
            if count == 0 { return }
            try body(Array(block.prefix(max(0, count))))
            offset += max(0, count)
        }
    }

    private static func failure(in folder: String) -> CommandError {
        .cannotSpool(folder: folder, reason: String(cString: strerror(errno)))
    }
}
