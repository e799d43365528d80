import Glibc
import MynahBase
import MynahRecognition

/// The user's commands for words, while they run: whatever they do, listening goes on.
struct WordCommands {
    /// Commands that may run at the same time.
    static let maximumCount = 8

    /// Seconds after which a command is asked to end.
    static let timeLimitSeconds = 10

    /// Seconds until the next step against a command that does not end, and those that it has left when the program ends.
    private static let graceSeconds = 1

    private struct Running {
        enum Step {
            case runs
            case isAsked
            case isKilled
        }

        let word: String
        let process: ChildProcess
        var step = Step.runs

        /// When the next step against it is due.
        var deadline = ContinuousClock.now + .seconds(timeLimitSeconds)
    }

    private let commands: [String: [[String]]]
    private var running: [Running] = []

    /// When the commands that are left are asked to end, once the program was.
    private var end: ContinuousClock.Instant?

    /// Takes the words and their commands, each of which is a program with its arguments; a word may have several.
    init(_ commands: [String: [[String]]]) {
        self.commands = commands
    }

    /// Starts the commands of a word, if it has some.
    ///
    /// - Parameter waitsForRoom: whether a command waits until another one has ended, where too many run, instead of
    ///   being left out.
    mutating func start(for word: String, _ detection: Detection, waitsForRoom: Bool) {
        start(
            for: word,
            variables: [
                "MYNAH_WORD": word,
                "MYNAH_CONFIDENCE": NumberText.fixed(Double(detection.confidence), decimals: 4),
                "MYNAH_TIME": NumberText.fixed(detection.end, decimals: 3),
            ], input: [], waitsForRoom: waitsForRoom)
    }

    /// Starts the commands of a word or an intent, if it has some.
    ///
    /// - Parameters:
    ///   - variables: what is added to their environment.
    ///   - input: what they may read from standard input.
    mutating func start(for word: String, variables: [String: String], input: [UInt8], waitsForRoom: Bool) {
        for command in commands[word] ?? [] {
            while waitsForRoom, running.count >= Self.maximumCount, !Interruption.isRequested { pause() }
            guard running.count < Self.maximumCount else {
                Self.report(word, "not started, since \(Self.maximumCount) commands are still running")
                continue
            }
            var failure: Int32 = 0
            let process = ChildProcess(
                command, adding: variables, input: input, failure: &failure)
            if let process {
                running.append(Running(word: word, process: process))
            } else {
                Self.report(word, "\(command[0]): \(systemMessage(failure))")
            }
        }
    }

    /// Supervises the running commands: reports those that failed, and ends those that hang.
    mutating func supervise() {
        guard !running.isEmpty else { return }
        let now = ContinuousClock.now
        if Interruption.isRequested { end = end ?? now + .seconds(Self.graceSeconds) }
        let end = end
        running = running.compactMap { command in
            // What has been asked to end is left unreaped until the next step is due: until then its number stays its own,
            // and what it has started can be reached by it.
            if command.step != .isAsked, let ending = command.process.ending {
                if command.step == .runs { Self.report(command.word, ending) }
                return nil
            }
            let isOver = command.step == .runs && end.map { now >= $0 } ?? false
            guard isOver || now >= command.deadline else { return command }
            var command = command
            command.deadline = now + .seconds(Self.graceSeconds)
            switch command.step {
            case .runs:
                Self.report(
                    command.word,
                    isOver
                        ? "ended, since listening is over"
                        : "ended, since it ran for \(Self.timeLimitSeconds) s")
                command.process.send(SIGTERM)
                command.step = .isAsked
            case .isAsked:
                command.process.send(SIGKILL)
                command.step = .isKilled
            case .isKilled:
                Self.report(command.word, "cannot be ended, and is left to itself")
                return nil
            }
            return command
        }
    }

    /// Waits until all commands have ended.
    mutating func waitForAll() {
        while !running.isEmpty { pause() }
    }

    private mutating func pause() {
        usleep(5_000)
        supervise()
    }

    private static func report(_ word: String, _ ending: ChildProcess.Ending) {
        switch ending {
        case .status(0), .unknown: break
        case .status(let status): report(word, "ended with status \(status)")
        case .signal(let signal): report(word, "ended by signal \(signal)")
        }
    }

    private static func report(_ word: String, _ what: String) {
        Terminal.note("mynah: command for \(word.printable): \(what.printable)")
    }
}
