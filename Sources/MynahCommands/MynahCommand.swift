import ArgumentParser
import Glibc
import MynahBase

/// Runs the program `mynah`, which lies in a library so that other programs can share its subcommands.
package func runMynah() {
    MynahCommand.main()
}

/// The program `mynah`: nothing but its subcommands.
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
            TeachCommand.self, ForgetCommand.self, WordsCommand.self, NegativesCommand.self,
            PackCommand.self, TrainCommand.self, TrainSpeechCommand.self, IntentCommand.self,
            AverageCommand.self, CalibrateCommand.self, EvaluateCommand.self, CompareCommand.self,
            ComposeCommand.self, AlignCommand.self, HarvestCommand.self, SynthesizeCommand.self,
            ReviewCommand.self, LearnCommand.self,
            VerifyCommand.self, ExplainCommand.self, FeaturesCommand.self, InspectCommand.self,
        ])

    /// Runs the subcommand that the arguments name.
    ///
    /// Wrong usage is told with the usage, at exit status 64; whatever fails later costs one line, at exit status 1.
    static func main() {
        prepareProcess()
        do {
            var command = try parseAsRoot(programArguments)
            try command.run()
        } catch {
            exit(withError: tell(error, of: self))
        }
    }

    /// Sets what a program relies on, before anything else.
    static func prepareProcess() {
        StandardStreams.occupy()
        SignalSetup.prepare()
        AudioNotices.start()
    }

    /// Prints help where it was asked for, and what went wrong elsewhere.
    ///
    /// - Returns: the exit status.
    static func tell(_ error: any Error, of program: any ParsableCommand.Type) -> ExitCode {
        let code = program.exitCode(for: error)
        let text = program.fullMessage(for: error)
        if code == .failure, !(error is ExitCode) {
            Terminal.error(error)
        } else if code != .success, !text.isEmpty {
            // Arguments are repeated in it, whatever is in them.
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            Terminal.note(lines.map { String($0).printable }.joined(separator: "\n"))
        } else if !text.isEmpty {
            do {
                try Terminal.print(text)
            } catch {
                return tell(error, of: program)
            }
        }
        return code
    }
}
