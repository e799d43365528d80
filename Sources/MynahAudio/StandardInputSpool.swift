import Glibc

/// Copies a pipe into a temporary file without a name, since most audio formats cannot be read without seeking.
///
/// The copy goes to `$TMPDIR`, or `/tmp`, and vanishes with the process however that ends.
enum StandardInputSpool {
    /// The most that is kept of an input, in bytes, so that an endless one does not fill the disk.
    static let maximumByteCount = 8 << 30

    /// Reads `input` to its end and opens the copy.
    static func open(
        _ input: Int32 = STDIN_FILENO, maximumByteCount: Int = maximumByteCount
    ) throws(AudioError) -> OpenFile {
        guard isatty(input) == 0 else { throw .standardInputIsTerminal }
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        let copy = try temporaryFile(in: folder.isEmpty ? "/tmp" : folder)
        do throws(AudioError) {
            try transfer(
                from: input, to: copy, folder: folder.isEmpty ? "/tmp" : folder,
                maximumByteCount: maximumByteCount)
        } catch {
            close(copy)
            throw error
        }
        return try OpenFile(owning: copy, name: "-")
    }

    private static func transfer(
        from input: Int32, to copy: Int32, folder: String, maximumByteCount: Int
    ) throws(AudioError) {
        var block = [UInt8](repeating: 0, count: 1 << 16)
        var total = 0
        while true {
            let count = read(input, &block, block.count)
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EAGAIN {
                    // Another process that shares the pipe may have set it to return at once.
                    var request = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
                    poll(&request, 1, -1)
                    continue
                }
                throw .cannotRead(file: "-", reason: systemMessage(errno))
            }
            if count == 0 { return }
            total += count
            guard total <= maximumByteCount else {
                throw .standardInputTooLarge(maximumBytes: maximumByteCount)
            }
            var written = 0
            while written < count {
                let result = block.withUnsafeBytes { bytes in
                    write(copy, bytes.baseAddress.map { $0 + written }, count - written)
                }
                if result < 0 {
                    if errno == EINTR { continue }
                    throw .cannotSpool(folder: folder, reason: systemMessage(errno))
                }
                written += result
            }
        }
    }

    private static func temporaryFile(in folder: String) throws(AudioError) -> Int32 {
        var template = Array("\(folder)/mynah-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw .cannotSpool(folder: folder, reason: systemMessage(errno)) }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }
}
