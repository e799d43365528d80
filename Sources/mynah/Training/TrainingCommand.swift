import ArgumentParser
import Glibc
import MynahBase
import MynahNetwork

/// A command that trains, in a run folder from which it can go on, or without one.
protocol TrainingCommand: ParsableCommand {
    /// Takes over what the machine chose when the training was started.
    mutating func takeUp(threads: Int?, precision: ProductPrecision?)

    /// Trains.
    ///
    /// - Parameters:
    ///   - runFolder: the folder for all that belongs to the training.
    ///   - arguments: those with which the training was started.
    func train(in runFolder: RunFolder?, arguments: [String]) throws
}

extension TrainingCommand {
    /// The subcommand.
    static var name: String { configuration.commandName ?? "" }

    /// Starts a training, or goes on with one.
    func start(newFolder: String?, resume: String?, outputOptions: OutputOptions) throws {
        Interruption.outliveReaders()
        guard let resume else {
            let folder = try newFolder.map {
                try RunFolder(creating: $0, for: Self.name, replacing: outputOptions)
            }
            do {
                return try train(in: folder, arguments: Array(programArguments.dropFirst()))
            } catch {
                folder?.abandon()
                throw error
            }
        }
        let runFolder = try RunFolder(resuming: resume, by: Self.name)
        let configuration = try runFolder.configuration()
        guard var command = try Self.parseAsRoot(configuration.arguments) as? Self else {
            throw CommandError.badRun(
                folder: resume, reason: "run.json holds no arguments of mynah \(Self.name)")
        }
        command.takeUp(threads: configuration.threads, precision: configuration.precision)
        guard configuration.workingDirectory.withPath({ chdir($0) }) == 0 else {
            throw CommandError.badRun(
                folder: resume, reason: "\(configuration.workingDirectory.printable) is gone")
        }
        try command.train(in: runFolder, arguments: configuration.arguments)
    }

    /// Checks what was asked for a run.
    func checkRun(newFolder: String?, checkpointMinutes: Double) throws {
        guard newFolder != "", newFolder != "-" else {
            throw ValidationError("--run is '\(newFolder ?? "")', expected the name of a folder")
        }
        guard (0.01...100_000).contains(checkpointMinutes) else {
            throw ValidationError("--checkpoint-minutes is \(checkpointMinutes), expected 0.01 to 100000")
        }
    }
}
