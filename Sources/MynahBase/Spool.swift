import Glibc

/// Bytes in a temporary file without a name, which lies in `$TMPDIR`, or `/tmp`, and vanishes with the process however
/// that ends.
package struct Spool: ~Copyable {
    private let folder: String
    private let descriptor: CInt
    private var isOpen = true

    /// Makes an empty one.
    package init() throws(FileError) {
        let folder = temporaryFolder()
        guard let descriptor = createNamelessFile(in: folder) else {
            throw .noTemporaryFile(folder: folder, reason: systemMessage())
        }
        self.folder = folder
        self.descriptor = descriptor
    }

    deinit {
        if isOpen { close(descriptor) }
    }

    /// Adds bytes at the end.
    package func append(_ bytes: some Collection<UInt8>) throws(FileError) {
        let failure =
            bytes.withContiguousStorageIfAvailable { writeFully(descriptor, UnsafeRawBufferPointer($0)) }
            ?? Array(bytes).withUnsafeBytes { writeFully(descriptor, $0) }
        guard failure == 0 else {
            throw .noTemporaryFile(folder: folder, reason: systemMessage(failure))
        }
    }

    /// Hands over all bytes from the first on, block by block.
    package func read(_ body: ([UInt8]) throws -> Void) throws {
        var offset = 0
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            var failure: CInt = 0
            let count = block.withUnsafeMutableBytes {
                readFully(descriptor, into: $0, at: offset, failure: &failure)
            }
            guard failure == 0 else {
                throw FileError.noTemporaryFile(folder: folder, reason: systemMessage(failure))
            }
            if count == 0 { return }
            try body(Array(block.prefix(count)))
            offset += count
        }
    }

    /// Hands over the descriptor, which the caller has to close.
    package consuming func release() -> CInt {
        isOpen = false
        return descriptor
    }
}
