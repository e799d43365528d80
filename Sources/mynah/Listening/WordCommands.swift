import Glibc
import MynahBase
import MynahRecognition

/// The user's commands for words, while they run: whatever they do, listening goes on.
struct WordCommands {
    /// Commands that may run at the same time.
    static let maximumCount = 8

    /// Seconds after which a command is asked to end, and after which it is ended.
    static let timeLimitSeconds = 10
    private static let graceSeconds = 1

    private struct Running {
        let word: String
        let process: ChildProcess
        let start: ContinuousClock.Instant
        var wasAsked = false
    }

    private let commands: [String: [String]]
    private var running: [Running] = []

    /// Takes the words and their commands, each of which is a program with its arguments.
    init(_ commands: [String: [String]]) {
        self.commands = commands
    }

    /// Whether a command could be started now.
    var hasRoom: Bool { running.count < Self.maximumCount }

    /// Starts the command of a word, if it has one.
    mutating func start(for word: String, _ detection: Detection) {
        guard let command = commands[word] else { return }
        guard hasRoom else {
            Self.report(word, "not started, since \(Self.maximumCount) commands are still running")
            return
        }
        var failure: Int32 = 0
        let process = ChildProcess(
            command,
            adding: [
                "MYNAH_WORD": word,
                "MYNAH_CONFIDENCE": NumberText.fixed(Double(detection.confidence), decimals: 4),
                "MYNAH_TIME": NumberText.fixed(detection.end, decimals: 3),
            ], failure: &failure)
        guard let process else {
            Self.report(word, "\(command[0]): \(String(cString: strerror(failure)))")
            return
        }
        running.append(Running(word: word, process: process, start: .now))
    }

    /// Supervises the running commands: reports those that failed, and ends those that hang.
    mutating func supervise() {
        guard !running.isEmpty else { return }
        let now = ContinuousClock.now
        running = running.compactMap { command in
            var command = command
            switch command.process.ending() {
            case .status(0): return nil
            case .status(let status):
                Self.report(command.word, "ended with status \(status)")
                return nil
            case .signal(let signal):
                if !command.wasAsked { Self.report(command.word, "ended by signal \(signal)") }
                return nil
            case nil: break
            }
            if now - command.start >= .seconds(Self.timeLimitSeconds + Self.graceSeconds) {
                command.process.send(SIGKILL)
            } else if now - command.start >= .seconds(Self.timeLimitSeconds), !command.wasAsked {
                Self.report(command.word, "ended, since it ran for \(Self.timeLimitSeconds) s")
                command.process.send(SIGTERM)
                command.wasAsked = true
            }
            return command
        }
    }

    /// Waits until a command has ended, or all have.
    mutating func wait(forAll: Bool) {
        while forAll ? !running.isEmpty : !hasRoom {
            usleep(5_000)
            supervise()
        }
    }

    private static func report(_ word: String, _ what: String) {
        Terminal.note("mynah: command for \(word.printable): \(what.printable)")
    }
}
