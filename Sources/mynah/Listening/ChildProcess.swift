@preconcurrency import Glibc

/// A program that runs beside this one, in a process group of its own.
///
/// It is started by `posix_spawnp` itself: swift-subprocess would need tasks, and with them an asynchronous program, for
/// what are a dozen calls here.
struct ChildProcess {
    /// How a process ended.
    enum Ending: Equatable {
        case status(Int32)
        case signal(Int32)
    }

    private let processID: pid_t

    /// Starts a program, which is looked for in `PATH`.
    ///
    /// It gets no input and none of the open files; what it writes to its standard output goes to standard error, so that
    /// ours holds nothing but events.
    ///
    /// - Parameters:
    ///   - words: the program and its arguments, at least one.
    ///   - variables: what is added to the environment.
    /// - Returns: nil with the error number in `failure` where it cannot be started.
    init?(_ words: [String], adding variables: [String: String], failure: inout Int32) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        Self.closeAtStart()

        // The program ignores the end of its reader, which a command must not inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGINT, SIGTERM, SIGPIPE, SIGXFSZ] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        var processID: pid_t = 0
        failure = Self.withCStrings(words) { arguments in
            Self.withCStrings(Self.environment(adding: variables)) { environment in
                posix_spawnp(&processID, words[0], &actions, &attributes, arguments, environment)
            }
        }
        guard failure == 0 else { return nil }
        self.processID = processID
    }

    /// How it ended; nil while it runs.
    ///
    /// Must not be called again once it has returned an ending.
    func ending() -> Ending? {
        var status: Int32 = 0
        guard waitpid(processID, &status, WNOHANG) == processID else { return nil }
        let signal = status & 0x7f
        return signal == 0 ? .status(status >> 8 & 0xff) : .signal(signal)
    }

    /// Sends a signal to it and to what it has started.
    func send(_ signal: Int32) {
        kill(-processID, signal)
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
            let assignment = String(cString: text)
            let name = assignment.prefix { $0 != "=" }
            if variables[String(name)] == nil { result.append(assignment) }
            entry += 1
        }
        return result + variables.map { "\($0.key)=\($0.value)" }
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = strings.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        return body(&pointers)
    }
}
