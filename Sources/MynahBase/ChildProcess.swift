@preconcurrency import Glibc

/// A program that runs beside this one, in a process group of its own.
///
/// It is started by `posix_spawnp` itself: swift-subprocess would need tasks, and with them an asynchronous program, for
/// what are a dozen calls here.
package final class ChildProcess {
    /// How a process ended.
    package enum Ending: Equatable {
        case status(Int32)
        case signal(Int32)
        /// Somebody else has taken note of its end, so that nothing is known of it.
        case unknown
    }

    private let processID: pid_t
    private var knownEnding: Ending?

    /// Starts a program, which is looked for in `PATH`.
    ///
    /// It gets no input but what is given, none of the open files, and signals at their defaults; what it writes to its standard output goes
    /// to standard error, so that ours holds nothing but events, unless files are given for both.
    ///
    /// - Parameters:
    ///   - words: the program and its arguments, at least one.
    ///   - variables: what is added to the environment.
    ///   - input: what it may read from standard input, some kilobytes at most.
    ///   - output: an open file for its standard output.
    ///   - errors: an open file for its standard error.
    /// - Returns: nil with the error number in `failure` where it cannot be started.
    package init?(
        _ words: [String], adding variables: [String: String], input: [UInt8] = [], output: CInt? = nil,
        errors: CInt? = nil, failure: inout Int32
    ) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var source: Int32 = -1
        defer { if source >= 0 { close(source) } }
        if input.isEmpty {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        } else {
            guard let pipe = Self.pipe(holding: input) else {
                failure = errno
                return nil
            }
            source = pipe
            posix_spawn_file_actions_adddup2(&actions, source, STDIN_FILENO)
        }
        posix_spawn_file_actions_adddup2(&actions, output ?? STDERR_FILENO, STDOUT_FILENO)
        if let errors { posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO) }
        Self.closeAtStart()

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var unblocked = sigset_t()
        sigemptyset(&unblocked)
        posix_spawnattr_setsigmask(&attributes, &unblocked)
        var defaults = SignalSetup.defaultsForChildren
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        var processID: pid_t = 0
        failure = Self.withCStrings(words) { arguments in
            Self.withCStrings(Self.environment(adding: variables)) { environment in
                guard let program = arguments[0] else { return EINVAL }
                return posix_spawnp(&processID, program, &actions, &attributes, arguments, environment)
            }
        }
        guard failure == 0 else { return nil }
        self.processID = processID
    }

    /// The end to read from of a pipe that holds bytes and ends behind them; nil, with the reason in `errno`, where there is no
    /// room for so many (Linux gives a pipe 64 KiB; pipe(7)).
    private static func pipe(holding bytes: [UInt8]) -> Int32? {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[1]) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let count = bytes.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
        guard count == bytes.count else {
            close(ends[0])
            errno = ENOBUFS
            return nil
        }
        return ends[0]
    }

    /// How it ended; nil while it runs.
    package var ending: Ending? {
        if let knownEnding { return knownEnding }
        var status: Int32 = 0
        switch waitpid(processID, &status, WNOHANG) {
        case processID:
            let signal = status & 0x7f
            knownEnding = signal == 0 ? .status(status >> 8 & 0xff) : .signal(signal)
        case -1 where errno != EINTR: knownEnding = .unknown
        default: break
        }
        return knownEnding
    }

    /// Sends a signal to it and to what it has started.
    ///
    /// Once its ``ending`` is known, this does nothing: its number may belong to somebody else by then.
    package func send(_ signal: Int32) {
        if knownEnding == nil { kill(-processID, signal) }
    }

    /// Has our files closed in every program that is started from now on, also those that libraries have opened.
    private static func closeAtStart() {
        for descriptor in STDERR_FILENO + 1..<Int32(min(1_024, max(64, sysconf(Int32(_SC_OPEN_MAX))))) {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }

    private static func environment(adding variables: [String: String]) -> [String] {
        var result: [String] = []
        var entry = environ
        while let text = entry.pointee {
            let assignment = String(path: text)
            let name = assignment.prefix { $0 != "=" }
            if variables[String(name)] == nil { result.append(assignment) }
            entry += 1
        }
        return result + variables.map { "\($0.key)=\($0.value)" }
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = strings.map { $0.withPath { strdup($0) } } + [nil]
        defer { pointers.forEach { free($0) } }
        return body(&pointers)
    }
}
