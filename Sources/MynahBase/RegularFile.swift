import Glibc

/// A regular file, open for reading, that closes itself.
package struct RegularFile: ~Copyable {
    /// Where the file was opened, or another name for messages.
    package let path: String

    /// Size when it was opened, in bytes.
    package let byteCount: Int

    package let descriptor: CInt

    /// Opens a file, and never waits for a writer as opening a pipe would.
    package init(opening path: String) throws(FileError) {
        let descriptor = path.withPath { open($0, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) }
        guard descriptor >= 0 else {
            let code = errno
            // A socket cannot even be opened.
            if let kind = FileKind(at: path), kind != .regular {
                throw .wrongKind(path: path, kind: kind, expected: .regular)
            }
            throw FileError(opening: path, code: code, expected: .regular)
        }
        try self.init(owning: descriptor, name: path)
    }

    /// Takes over `descriptor`, which is closed even when this throws.
    package init(owning descriptor: CInt, name: String) throws(FileError) {
        guard let status = FileStatus(ofDescriptor: descriptor) else {
            let reason = systemMessage()
            close(descriptor)
            throw .unreadable(path: name, reason: reason)
        }
        guard status.kind == .regular else {
            close(descriptor)
            throw .wrongKind(path: name, kind: status.kind, expected: .regular)
        }
        self.path = name
        self.byteCount = status.byteCount
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Reads the bytes from `offset` until `destination` is full.
    package func read(
        at offset: Int, into destination: UnsafeMutableRawBufferPointer
    ) throws(FileError) {
        var failure: CInt = 0
        let count = readFully(descriptor, into: destination, at: offset, failure: &failure)
        guard failure == 0 else { throw .unreadable(path: path, reason: systemMessage(failure)) }
        guard count == destination.count else {
            throw .unreadable(path: path, reason: "it became shorter while it was read")
        }
    }

    /// Reads bytes from the start of the file to the end of `bytes`, which hold what comes before, until they are
    /// `count`.
    package func read(upTo count: Int, appendingTo bytes: inout [UInt8]) throws(FileError) {
        let offset = bytes.count
        try bytes.append(addingCapacity: count - offset) {
            (output: inout OutputSpan<UInt8>) throws(FileError) in
            try output.withUnsafeMutableBufferPointer { (buffer, filled) throws(FileError) in
                let free = UnsafeMutableRawBufferPointer(buffer)
                try read(at: offset, into: .init(rebasing: free[..<(count - offset)]))
                filled = count - offset
            }
        }
    }

    /// The bytes from `offset` on, at most `count`; fewer at the end of the file.
    package func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        let wanted = max(0, min(count, byteCount - offset))
        var failure: CInt = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            filled = readFully(
                descriptor, into: UnsafeMutableRawBufferPointer(buffer), at: offset, failure: &failure)
        }
        guard failure == 0 else { throw .unreadable(path: path, reason: systemMessage(failure)) }
        return bytes
    }

    /// All bytes of the file at `path`, of which there may be at most so many.
    package static func contents(of path: String, limitBytes: Int) throws(FileError) -> [UInt8] {
        let file = try RegularFile(opening: path)
        guard file.byteCount <= limitBytes else { throw .tooLarge(path: path, limitBytes: limitBytes) }
        var bytes: [UInt8] = []
        try file.read(upTo: file.byteCount, appendingTo: &bytes)
        return bytes
    }
}

/// Reads at `offset` until `buffer` is full or the file ends.
///
/// - Returns: the number of bytes; `failure` is set to `errno` if the system failed to read the rest.
package func readFully(
    _ descriptor: CInt, into buffer: UnsafeMutableRawBufferPointer, at offset: Int, failure: inout CInt
) -> Int {
    var filled = 0
    while filled < buffer.count, let base = buffer.baseAddress {
        let count = pread(descriptor, base + filled, buffer.count - filled, off_t(offset + filled))
        if count < 0 {
            if errno == EINTR { continue }
            failure = errno
            break
        }
        if count == 0 { break }
        filled += count
    }
    return filled
}

/// Writes all bytes, to a file or to whatever standard output is.
///
/// A parent such as Node or ssh may have set the descriptor, which it shares with the program, to return at once where there
/// is no room.
///
/// - Returns: 0, or `errno` if the system failed to write some of them.
package func writeFully(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> CInt {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
        let count = Glibc.write(descriptor, base + done, bytes.count - done)
        if count >= 0 {
            done += count
        } else if errno == EAGAIN {
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            poll(&request, 1, -1)
        } else if errno != EINTR {
            return errno
        }
    }
    return 0
}
