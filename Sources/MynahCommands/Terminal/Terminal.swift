import Glibc
import MynahBase
import Synchronization

/// What the program says: results on standard output, messages on standard error, with colour and progress only on a
/// terminal.
///
/// All that goes to either is written here.
enum Terminal {
    /// Whether standard error is a terminal, or is passed on to one.
    static let isTerminal = isatty(STDERR_FILENO) == 1 || LauncherTerminal.descriptor != nil

    /// Whether standard error may be coloured (https://no-color.org).
    static let hasColor = isTerminal && isColorWelcome

    /// Whether standard output may be coloured.
    static let outputHasColor = isOutputTerminal && isColorWelcome

    private static let isOutputTerminal = isatty(STDOUT_FILENO) == 1

    private static let isColorWelcome = environmentVariable("NO_COLOR") ?? "" == ""

    /// Whether standard output is a pipe that nobody reads any more, or a terminal that is gone.
    static var isOutputClosed: Bool {
        var request = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&request, 1, 0) > 0 && request.revents & Int16(POLLERR | POLLHUP) != 0
    }

    /// Writes a line to standard error.
    static func note(_ line: String) {
        text(line + "\n")
    }

    /// Writes text of whole lines to standard error.
    static func text(_ text: String) {
        status.withLock { status in
            status.clear()
            write(text)
        }
    }

    /// Writes an error to standard error, on one line whatever it says.
    static func error(_ error: any Error) {
        note("mynah: \("\(error)".printable)")
    }

    /// Writes a line to standard output.
    ///
    /// - Throws: ``CommandError/cannotWriteOutput(reason:)``, for instance on a full disk.
    static func print(_ line: String) throws(CommandError) {
        try print(Array("\(line.escapingUndecodedBytes)\n".utf8))
    }

    private static let silence = Atomic(false)

    /// Whether nothing is said, since another process of the same command speaks.
    static var isSilent: Bool {
        get { silence.load(ordering: .relaxed) }
        set { silence.store(newValue, ordering: .relaxed) }
    }

    /// Writes bytes to standard output.
    ///
    /// - Throws: ``CommandError/cannotWriteOutput(reason:)``, for instance on a full disk.
    static func print(_ bytes: [UInt8]) throws(CommandError) {
        if isSilent { return }
        let failure = status.withLock { status in
            if isOutputTerminal { status.clear() }
            return bytes.withUnsafeBytes { writeFully(STDOUT_FILENO, $0) }
        }
        guard failure == 0 else { throw .cannotWriteOutput(reason: systemMessage(failure)) }
    }

    /// Writes to standard error; nobody is left to be told when that fails.
    private static func write(_ text: String) {
        if isSilent { return }
        _ = Array(text.escapingUndecodedBytes.utf8).withUnsafeBytes { writeFully(STDERR_FILENO, $0) }
    }
}

// MARK: - The status line

extension Terminal {
    /// The line at the bottom that shows how far work has come.
    private struct StatusLine {
        var isShown = false
        var lastDrawn: ContinuousClock.Instant?

        mutating func clear() {
            if isShown { Terminal.write(erase) }
            isShown = false
        }
    }

    private static let status = Mutex(StatusLine())

    /// The shortest time between two drawings, in which nobody could read more.
    private static let interval = Duration.milliseconds(100)

    /// Returns to the start of the line and erases it (ECMA-48: CR, EL).
    private static let erase = "\r\u{1B}[K"

    /// Draws the status line anew: on a terminal only, and ten times a second at most.
    ///
    /// It is as wide as the terminal is at the moment, since a line that has been broken into two cannot be drawn over.
    /// Whatever else is written takes its place.
    ///
    /// - Parameter line: makes the line, of as many columns as it is given at most; what is longer is cut.
    /// - Returns: whether it was drawn.
    @discardableResult
    static func showStatus(_ line: (_ columns: Int) -> String) -> Bool {
        guard isTerminal else { return false }
        return status.withLock { status in
            let now = ContinuousClock.now
            if let last = status.lastDrawn, now - last < interval { return false }
            status.lastDrawn = now
            status.isShown = true
            let columns = columns
            write(erase + line(columns).escapingUndecodedBytes.shortened(to: columns))
            return true
        }
    }

    /// Removes the status line.
    static func clearStatus() {
        status.withLock { $0.clear() }
    }

    /// A bar of which a share is filled; empty where there is no room for one.
    static func bar(filled share: Double, columns: Int) -> String {
        guard columns >= 4 else { return "" }
        let filled = Int((Double(columns) * max(0, min(1, share))).rounded())
        return String(repeating: "█", count: filled) + String(repeating: "░", count: columns - filled)
    }

    /// Columns for a status line: all but the last, in which some terminals already break the line; of 80 where the size is
    /// not known.
    private static var columns: Int {
        var size = winsize()
        let descriptor = LauncherTerminal.descriptor ?? STDERR_FILENO
        let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return max(1, (isKnown ? Int(size.ws_col) : 80) - 1)
    }
}
