import ArgumentParser
import Glibc

/// The program: nothing but its subcommands.
@main
struct MynahCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mynah",
        abstract: "Recognizes spoken commands, learns new ones, and measures how well it does.",
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
            var command = try parseAsRoot()
            try command.run()
        } catch {
            guard exitCode(for: error) == .failure, !(error is ExitCode) else { exit(withError: error) }
            Terminal.error(error)
            exit(withError: ExitCode.failure)
        }
    }
}

/// Version of Mynah, which goes into models and reports.
let mynahVersion = "0.1.0"
