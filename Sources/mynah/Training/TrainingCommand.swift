import ArgumentParser
import Glibc
import MynahBase
import MynahNetwork
import MynahTraining

/// A command that trains, in a run folder from which it can go on, or without one.
protocol TrainingCommand: ParsableCommand {
    /// What stands behind the name of the program to call it: one word, or several.
    static var name: String { get }

    /// Where it leaves what it makes, and from where it goes on.
    var destination: RunOptions { get }

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
    static var name: String { configuration.commandName ?? "" }

    private static var nameWordCount: Int { name.split(separator: " ").count }

    /// Starts a training, or goes on with one.
    func run() throws {
        Interruption.outliveReaders()
        guard let resume = destination.resume else {
            let folder = try destination.newFolder.map {
                try RunFolder(creating: $0, for: Self.name, replacing: destination.replacing)
            }
            do {
                return try train(in: folder, arguments: Array(programArguments.dropFirst(Self.nameWordCount)))
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

    /// Runs a training that is prepared, to its end or until Ctrl-C.
    ///
    /// - Returns: whether it came to its end.
    func carryOut(
        _ job: some TrainingJob, to output: String, in runFolder: RunFolder?, arguments: [String],
        settings: TrainingSettings
    ) throws -> Bool {
        let run = TrainingRun(
            job: job, output: output, folder: runFolder, epochCount: settings.epochCount,
            checkpointMinutes: destination.checkpointMinutes)
        try run.requireRoom()
        if let runFolder, !runFolder.hasBegun {
            try runFolder.begin(arguments, threads: settings.threadCount, precision: settings.precision)
        }
        try run.run()
        return !Interruption.isRequested
    }
}
