import ArgumentParser
import Glibc
import MynahBase
import MynahModel
import MynahNetwork
import MynahReport
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
                try RunFolder(creating: $0, for: Self.name) { files in
                    try destination.replacing.check(files.compactMap { OutputFile("--run", $0, .other) })
                }
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
            throw RunFolderError.unusable(
                folder: resume, reason: "run.json holds no arguments of mynah \(Self.name)")
        }
        command.takeUp(threads: configuration.threads, precision: configuration.precision)
        guard configuration.workingDirectory.withPath({ chdir($0) }) == 0 else {
            throw RunFolderError.unusable(
                folder: resume, reason: "\(configuration.workingDirectory.printable) is gone")
        }
        try command.train(in: runFolder, arguments: configuration.arguments)
    }

    /// Runs a training that is prepared, to its end or until Ctrl-C.
    ///
    /// - Returns: whether it came to its end.
    func carryOut<Job: ToldTraining>(
        _ job: Job, to output: String, in folder: RunFolder?, arguments: [String], settings: TrainingSettings
    ) throws -> Bool {
        let run = TrainingRun(
            job, output: output, folder: folder, checkpointMinutes: destination.checkpointMinutes)
        try run.requireRoom()
        if let folder, !folder.hasBegun {
            try folder.begin(arguments, threads: settings.threadCount, precision: settings.precision)
        }
        Interruption.watch()
        Terminal.note(
            """
            network: \(NumberText.grouped(job.network.parameterLayout.parameterCount)) parameters; each epoch \
            \(NumberText.grouped(job.exampleCounts.training)) examples, validated on \(NumberText.grouped(job.exampleCounts.validation))
            """)
        var progress = TrainingProgress<Job>(epochCount: settings.epochCount)
        do {
            let best = try run.run(shouldStop: { Interruption.isRequested }) { event in
                progress.tell(event)
                if let folder, case .epoch(let log, _) = event { try folder.writeCurves(of: log) }
            }
            guard let best else {
                guard let folder else { throw CommandError.stoppedBeforeFirstModel }
                throw CommandError.stoppedWithCheckpoint(folder: folder.path, command: folder.command)
            }
            tell(of: best, in: output, as: Job.self)
        } catch {
            // What an earlier epoch has brought is there, whatever has ended this one.
            if let written = progress.written { tell(of: written, in: output, as: Job.self) }
            throw error
        }
        guard Interruption.isRequested else { return true }
        Terminal.note(
            folder.map { "Go on with: mynah \($0.command) --resume \($0.path.printable)" }
                ?? "To be able to go on later, train with --run FOLDER.")
        return false
    }

    private func tell<Job: ToldTraining>(of kept: Job.Model, in output: String, as: Job.Type) {
        let accuracy = kept.provenance.validationAccuracy
        Terminal.note(
            """
            \(Interruption.isRequested ? "Stopped. " : "")Kept \(output.printable), from epoch \
            \(kept.provenance.bestEpoch): \(Job.validated(accuracy.correct, accuracy.total)).
            """)
    }
}
