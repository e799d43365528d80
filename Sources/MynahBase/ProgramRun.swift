import Glibc

/// Another program, run to its end within a limit of time.
package enum ProgramRun {
    /// Why there is no result.
    package enum Fault: Error, Equatable, Sendable {
        /// It cannot be started.
        case notStarted(reason: String)

        /// It ended with a status other than 0; `message` is the last line that it wrote to standard error.
        case status(Int32, message: String)

        /// A signal ended it.
        case signal(Int32)

        /// It was ended, since it had run for so many seconds.
        case timeLimit(seconds: Double)

        /// It was ended, since the caller no longer wants it.
        case stopped
    }

    /// Seconds until the next step against a program that does not end.
    private static let graceSeconds = 1.0

    /// The most that is read of what it writes, in bytes.
    private static let outputLimitBytes = 4 << 20

    /// Whether a program of this name is found in `PATH`.
    package static func isInstalled(_ name: String) -> Bool {
        (environmentVariable("PATH") ?? "").split(separator: ":").contains { folder in
            let path = String(folder).pathOf(name)
            return FileKind(at: path) == .regular && path.withPath { access($0, X_OK) } == 0
        }
    }

    /// Starts a program, which no shell has a part in, and waits for its end.
    ///
    /// - Parameters:
    ///   - words: the program, looked for in `PATH`, and its arguments.
    ///   - input: what it may read from standard input, some kilobytes at most.
    ///   - limitSeconds: how long it may run, above 0.
    ///   - shouldStop: asked some hundred times a second; `true` ends it.
    /// - Returns: what it wrote to standard output, 4 MiB at most.
    package static func output(
        of words: [String], input: [UInt8] = [], limitSeconds: Double,
        shouldStop: () -> Bool = { false }
    ) throws(Fault) -> [UInt8] {
        let folder = temporaryFolder()
        guard let output = createNamelessFile(in: folder) else {
            throw .notStarted(reason: "\(folder): \(systemMessage())")
        }
        defer { close(output) }
        guard let errors = createNamelessFile(in: folder) else {
            throw .notStarted(reason: "\(folder): \(systemMessage())")
        }
        defer { close(errors) }
        var code: Int32 = 0
        let process = ChildProcess(
            words, adding: [:], input: input, output: output, errors: errors, failure: &code)
        guard let process else { throw .notStarted(reason: systemMessage(code)) }
        switch try ending(of: process, limitSeconds: limitSeconds, shouldStop: shouldStop) {
        case .status(0), .unknown: return contents(of: output)
        case .status(let status): throw .status(status, message: lastLine(of: errors))
        case .signal(let signal): throw .signal(signal)
        }
    }

    private static func ending(
        of process: ChildProcess, limitSeconds: Double, shouldStop: () -> Bool
    ) throws(Fault) -> ChildProcess.Ending {
        let deadline = ContinuousClock.now + .seconds(limitSeconds)
        while true {
            if let ending = process.ending { return ending }
            let isWanted = !shouldStop()
            if !isWanted || ContinuousClock.now > deadline {
                end(process)
                throw isWanted ? .timeLimit(seconds: limitSeconds) : .stopped
            }
            usleep(2_000)
        }
    }

    /// Ends a process and what it has started, whether it likes it or not.
    private static func end(_ process: ChildProcess) {
        for signal in [SIGTERM, SIGKILL] {
            process.send(signal)
            let deadline = ContinuousClock.now + .seconds(graceSeconds)
            while ContinuousClock.now < deadline {
                if process.ending != nil { return }
                usleep(2_000)
            }
        }
    }

    private static func contents(of descriptor: CInt) -> [UInt8] {
        let byteCount = min(FileStatus(ofDescriptor: descriptor)?.byteCount ?? 0, outputLimitBytes)
        var failure: CInt = 0
        return [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, filled in
            filled = readFully(
                descriptor, into: UnsafeMutableRawBufferPointer(buffer), at: 0, failure: &failure)
        }
    }

    private static func lastLine(of descriptor: CInt) -> String {
        String(path: contents(of: descriptor)).split(whereSeparator: \.isNewline)
            .last { !$0.allSatisfy(\.isWhitespace) }.map { String($0.prefix(200)) } ?? ""
    }
}

extension ProgramRun.Fault: CustomStringConvertible {
    /// What went wrong, without the name of the program; safe to print.
    package var description: String {
        switch self {
        case .notStarted(let reason): "cannot be started: \(reason.printable)"
        case .status(let status, let message):
            "ended with status \(status)\(message.isEmpty ? "" : ": \(message.printable)")"
        case .signal(let signal): "ended by signal \(signal)"
        case .timeLimit(let seconds): "ended, since it ran for \(NumberText.plain(seconds)) s"
        case .stopped: "ended, since it was no longer wanted"
        }
    }
}
