import Glibc
import MynahBase

/// What the program says to a person: on standard error, with colour and progress only on a terminal.
enum Terminal {
    /// Whether standard error is a terminal.
    static let isTerminal = isatty(STDERR_FILENO) == 1

    /// Whether standard error may be coloured (https://no-color.org).
    static let hasColor = isTerminal && isColorWelcome

    /// Whether standard output may be coloured.
    static let outputHasColor = isatty(STDOUT_FILENO) == 1 && isColorWelcome

    private static let isColorWelcome: Bool = {
        environmentVariable("NO_COLOR") ?? "" == ""
    }()

    /// Width of the terminal in columns; 80 where it is not known.
    static var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// Whether standard output is a pipe that nobody reads any more.
    static var isOutputClosed: Bool {
        var request = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&request, 1, 0) > 0 && request.revents & Int16(POLLERR | POLLHUP) != 0
    }

    /// Writes a line to standard error.
    static func note(_ line: String) {
        status(line + "\n")
    }

    /// Writes an error to standard error, on one line whatever it says.
    static func error(_ error: any Error) {
        note("mynah: \("\(error)".printable)")
    }

    /// Writes text to standard error without a line break.
    static func status(_ text: String) {
        // Nobody is left to be told when standard error fails.
        _ = write(Array(text.escapingUndecodedBytes.utf8), to: STDERR_FILENO)
    }

    /// Writes a line to standard output.
    ///
    /// - Throws: ``CommandError/cannotWriteOutput(reason:)``, for instance on a full disk.
    static func print(_ line: String) throws(CommandError) {
        try print(Array("\(line.escapingUndecodedBytes)\n".utf8))
    }

    /// Writes bytes to standard output.
    ///
    /// - Throws: ``CommandError/cannotWriteOutput(reason:)``, for instance on a full disk.
    static func print(_ bytes: [UInt8]) throws(CommandError) {
        if let number = write(bytes, to: STDOUT_FILENO) {
            throw .cannotWriteOutput(reason: systemMessage(number))
        }
    }

    /// Writes all bytes, and returns the error number if that fails.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno != EINTR { return errno }
            rest = rest.dropFirst(max(0, count))
        }
        return nil
    }
}
