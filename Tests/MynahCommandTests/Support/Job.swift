import Foundation
import Glibc
import MynahTestSupport

/// A process that a test has started.
final class Job {
    struct NotStarted: Error { let reason: String }
    struct NeverSaid: Error { let text: String, errors: String }

    let processID: pid_t
    private static let starting = NSLock()
    private let files: TemporaryFolder
    private let outputFile: String
    private let start = ContinuousClock.now
    private var peakKilobytes = 0
    private var hasEnded = false

    /// Starts a program, named by its path, in a process group of its own.
    ///
    /// Its standard output is the file `output`, or a descriptor, or else a temporary file that its ``Outcome`` shows.
    init(
        _ command: [String], input: [UInt8]? = nil, environment: [String: String] = [:],
        folder: String? = nil,
        output: String? = nil, outputDescriptor: Int32? = nil
    ) throws {
        files = try TemporaryFolder()
        outputFile = output ?? files.file("output")
        // A process that another thread starts in between would inherit the pipe and keep it open.
        Self.starting.lock()
        defer { Self.starting.unlock() }
        let inputPipe = try input.map(Self.pipe(holding:))
        defer { if let inputPipe { close(inputPipe) } }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let inputPipe {
            posix_spawn_file_actions_adddup2(&actions, inputPipe, STDIN_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        let flags = O_WRONLY | O_CREAT | O_APPEND
        if let outputDescriptor {
            posix_spawn_file_actions_adddup2(&actions, outputDescriptor, STDOUT_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, outputFile, flags, 0o600)
        }
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, files.file("errors"), flags, 0o600)

        // The test runner may treat signals in its own way, which processes inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        let command = folder.map { ["/usr/bin/env", "--chdir=\($0)"] + command } ?? command
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let variables = ["PATH": path].merging(environment) { $1 }.map { "\($0)=\($1)" }
        var processID: pid_t = 0
        let failure = Self.withCStrings(command) { arguments in
            Self.withCStrings(variables) { variables in
                posix_spawn(&processID, command[0], &actions, &attributes, arguments, variables)
            }
        }
        guard failure == 0 else {
            throw NotStarted(reason: "\(command[0]): \(String(cString: strerror(failure)))")
        }
        self.processID = processID
    }

    deinit {
        guard !hasEnded else { return }
        kill(processID, SIGKILL)
        var status: Int32 = 0
        waitpid(processID, &status, 0)
    }

    /// What it has written to standard error so far.
    var errors: String { Self.text(of: files.file("errors")) }

    /// Sends a signal to it.
    func send(_ signal: Int32) { kill(processID, signal) }

    /// Waits until standard error contains a text.
    func waitUntilErrors(contain text: String, timeLimit: Double = 60) throws {
        while !errors.contains(text) {
            guard ContinuousClock.now - start < .seconds(timeLimit), poll() == nil else {
                throw NeverSaid(text: text, errors: errors)
            }
            usleep(2_000)
        }
    }

    /// Waits for its end, for which it has so many seconds since its start.
    func wait(timeLimit: Double = 60) -> Outcome {
        var ending = poll()
        while ending == nil {
            if ContinuousClock.now - start > .seconds(timeLimit) {
                kill(processID, SIGKILL)
                var status: Int32 = 0
                waitpid(processID, &status, 0)
                hasEnded = true
                ending = .timeLimit
                break
            }
            usleep(1_000)
            ending = poll()
        }
        return Outcome(
            ending: ending ?? .timeLimit, output: Self.text(of: outputFile), errors: errors,
            peakKilobytes: peakKilobytes, seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// How it has ended; nil while it runs.
    private func poll() -> Outcome.Ending? {
        // The peak that the system reports at the end also counts the memory of the process that started this one.
        if let line = Self.text(of: "/proc/\(processID)/status").split(separator: "\n")
            .first(where: { $0.hasPrefix("VmHWM:") })
        {
            peakKilobytes = max(peakKilobytes, Int(line.split(separator: " ").dropLast().last ?? "") ?? 0)
        }
        var status: Int32 = 0
        guard waitpid(processID, &status, WNOHANG) == processID else { return nil }
        hasEnded = true
        let signal = status & 0x7f
        return signal == 0 ? .status(Int(status >> 8) & 0xff) : .signal(signal)
    }

    /// The reading end of a pipe that holds some bytes and then ends.
    private static func pipe(holding bytes: [UInt8]) throws -> Int32 {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw NotStarted(reason: "no pipe") }
        defer { close(ends[1]) }
        // All is written before anyone reads, which a pipe of Linux allows up to 64 KiB.
        guard bytes.count <= 1 << 16, write(ends[1], bytes, bytes.count) == bytes.count else {
            throw NotStarted(reason: "\(bytes.count) bytes do not fit into a pipe")
        }
        return ends[0]
    }

    private static func text(of file: String) -> String {
        guard let bytes = FileManager.default.contents(atPath: file) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = strings.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        return body(&pointers)
    }
}
