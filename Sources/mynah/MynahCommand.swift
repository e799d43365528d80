import ArgumentParser
import Glibc
import MynahBase

/// The program: nothing but its subcommands.
@main
struct MynahCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mynah",
        abstract: "Recognizes spoken commands, learns new ones, and says how well it does.",
        discussion: """
            EXAMPLE
              mynah recognize yes.wav
              mynah listen
              mynah train recordings --output my-words.safetensors
              mynah evaluate recordings --model my-words.safetensors
            """,
        version: mynahVersion,
        subcommands: [
            RecognizeCommand.self, ListenCommand.self, DoctorCommand.self, AugmentCommand.self,
            TrainCommand.self,
            CalibrateCommand.self, EvaluateCommand.self, CompareCommand.self, ComposeCommand.self,
            VerifyCommand.self, ExplainCommand.self,
            FeaturesCommand.self, InspectCommand.self,
        ])

    /// Runs the subcommand that the arguments name.
    ///
    /// Wrong usage is told with the usage, at exit status 64; whatever fails later costs one line, at exit status 1.
    static func main() {
        // Otherwise a limit on the size of files would end the process where an error can be told.
        signal(SIGXFSZ, SIG_IGN)
        AudioNotices.start()
        do {
            var command = try parseAsRoot(programArguments)
            try command.run()
        } catch {
            let code = exitCode(for: error)
            if code == .failure, !(error is ExitCode) {
                Terminal.error(error)
            } else {
                tell(fullMessage(for: error), isWanted: code == .success)
            }
            exit(withError: code)
        }
    }

    /// Prints help where it was asked for, and what is wrong with the arguments elsewhere.
    private static func tell(_ text: String, isWanted: Bool) {
        guard !text.isEmpty else { return }
        if isWanted {
            // Nobody is left to be told when standard output fails.
            try? Terminal.print(text)
        } else {
            // Arguments are repeated in it, whatever is in them.
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            Terminal.note(lines.map { String($0).printable }.joined(separator: "\n"))
        }
    }
}

/// Version of Mynah, which goes into models and reports.
let mynahVersion = "0.1.0"
