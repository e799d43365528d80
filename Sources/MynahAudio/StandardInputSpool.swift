import Glibc
import MynahBase

/// Copies a pipe into a temporary file without a name, since most audio formats cannot be read without seeking.
enum StandardInputSpool {
    /// The most that is kept of an input, in bytes, so that an endless one does not fill the disk.
    static let maximumByteCount = 8 << 30

    /// Reads `input` to its end and opens the copy.
    static func open(
        _ input: Int32 = STDIN_FILENO, maximumByteCount: Int = maximumByteCount
    ) throws(AudioError) -> OpenFile {
        guard isatty(input) == 0 else { throw .standardInputIsTerminal }
        let copy: Spool
        do throws(FileError) {
            copy = try Spool()
        } catch {
            throw AudioError(spooling: error)
        }
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
                throw .cannotRead(file: "-", reason: systemMessage())
            }
            if count == 0 { break }
            total += count
            guard total <= maximumByteCount else {
                throw .standardInputTooLarge(maximumBytes: maximumByteCount)
            }
            do throws(FileError) {
                try copy.append(block[..<count])
            } catch {
                throw AudioError(spooling: error)
            }
        }
        return try OpenFile(owning: copy.release(), name: "-")
    }
}

extension AudioError {
    /// What went wrong with the temporary copy of standard input.
    fileprivate init(spooling error: FileError) {
        guard case .noTemporaryFile(let folder, let reason) = error else {
            preconditionFailure("\(error) of a temporary file")
        }
        self = .cannotSpool(folder: folder, reason: reason)
    }
}
