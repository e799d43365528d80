import ArgumentParser
import FoundationEssentials
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
    ///   - beginning: how the training was started, now or before.
    func train(in runFolder: RunFolder?, asStarted beginning: TrainingStart) throws
}

/// How a training was started; what goes on later ends in the same file as what never stopped.
struct TrainingStart {
    /// What stood behind the name of the program.
    let command: String

    /// What stood behind the command.
    let arguments: [String]

    /// When that was, in ISO 8601.
    let date: String

    /// What a model keeps of it.
    func origin(attribution: String?) -> CommandTraining.Origin {
        var origin = CommandTraining.Origin(
            attribution: attribution,
            commandLine: commandLineText(command.split(separator: " ").map(String.init) + arguments))
        origin.date = date
        return origin
    }
}

extension TrainingCommand {
    static var name: String { configuration.commandName ?? "" }

    private static var nameWordCount: Int { name.split(separator: " ").count }

    /// Starts a training, or goes on with one.
    func run() throws {
        Interruption.outliveReaders()
        guard let resume = destination.resume else {
            let folder = try (Ranks.isFirst ? destination.newFolder : nil).map {
                try RunFolder(creating: $0, for: Self.name) { files in
                    try destination.replacing.check(files.compactMap { OutputFile("--run", $0, .other) })
                }
            }
            do {
                return try train(
                    in: folder,
                    asStarted: TrainingStart(
                        command: Self.name,
                        arguments: Array(programArguments.dropFirst(Self.nameWordCount)),
                        date: currentDateText()))
            } catch {
                folder?.abandon()
                throw error
            }
        }
        // The folder may lie on a disk that the first process alone sees.
        let runFolder = Ranks.isFirst ? try RunFolder(resuming: resume, by: Self.name) : nil
        let configuration = try JSONDecoder().decode(
            RunFolder.Configuration.self,
            from: Data(
                Ranks.all.fromFirst(try runFolder.map { Array(try jsonText($0.configuration()).utf8) } ?? []))
        )
        guard var command = try Self.parseAsRoot(configuration.arguments) as? Self else {
            throw RunFolderError.unusable(
                folder: resume, reason: "run.json holds no arguments of mynah \(Self.name)")
        }
        // So many threads as the run had were chosen for one process.
        command.takeUp(
            threads: Ranks.all.size > 1 ? nil : configuration.threads, precision: configuration.precision)
        guard configuration.workingDirectory.withPath({ chdir($0) }) == 0 else {
            throw RunFolderError.unusable(
                folder: resume, reason: "\(configuration.workingDirectory.printable) is gone")
        }
        try command.train(
            in: runFolder,
            asStarted: TrainingStart(
                command: Self.name, arguments: configuration.arguments,
                date: configuration.date ?? currentDateText()))
    }

    /// Runs a training that is prepared, to its end or until Ctrl-C.
    ///
    /// - Returns: the best model of a training that came to its end, to be reported of where there is a folder for it.
    func carryOut<Job: ToldTraining>(
        _ job: Job, to output: String, in folder: RunFolder?, asStarted beginning: TrainingStart,
        settings: TrainingSettings
    ) throws -> Job.Model? {
        let run = TrainingRun(
            job, output: output, folder: folder, checkpointMinutes: destination.checkpointMinutes,
            communicator: Ranks.all)
        try run.requireRoom()
        if let folder, !folder.hasBegun {
            try folder.begin(
                beginning.arguments, date: beginning.date, threads: settings.threadCount,
                precision: settings.precision)
        }
        Interruption.watch()
        Terminal.note(
            """
            network: \(NumberText.grouped(job.network.parameterLayout.parameterCount)) parameters; each epoch \
            \(NumberText.grouped(job.exampleCounts.training)) examples, validated on \(NumberText.grouped(job.exampleCounts.validation))
            """)
        var kept: Job.Model?
        var wasStopped = false
        var progress = TrainingProgress<Job>(epochCount: settings.epochCount)
        let (start, waitedBefore) = (ContinuousClock.now, Ranks.all.waitedSeconds)
        do {
            let best = try run.run(shouldStop: { Interruption.isRequested }) { event in
                progress.tell(event)
                if let folder, case .epoch(let log, _) = event { try folder.writeCurves(of: log) }
            }
            guard let best else {
                guard let folder else { throw CommandError.stoppedBeforeFirstModel }
                throw CommandError.stoppedWithCheckpoint(folder: folder.path, command: folder.command)
            }
            if Ranks.all.size > 1 {
                let share =
                    (Ranks.all.waitedSeconds - waitedBefore) / ((ContinuousClock.now - start) / .seconds(1))
                Terminal.note(
                    "\(NumberText.percent(share)) of the time went by in waiting for other processes.")
            }
            wasStopped = Ranks.all.isAnywhere(Interruption.isRequested)
            tell(of: best, in: output, wasStopped: wasStopped, as: Job.self)
            kept = best
        } catch {
            // What an earlier epoch has brought is there, whatever has ended this one.
            if let written = progress.written {
                tell(of: written, in: output, wasStopped: Interruption.isRequested, as: Job.self)
            }
            throw error
        }
        guard wasStopped else { return Ranks.all.isAnywhere(folder != nil) ? kept : nil }
        Terminal.note(
            folder.map { "Go on with: \(Ranks.programCall) \($0.command) --resume \($0.path.printable)" }
                ?? "To be able to go on later, train with --run FOLDER.")
        return nil
    }

    private func tell<Job: ToldTraining>(
        of kept: Job.Model, in output: String, wasStopped: Bool, as: Job.Type
    ) {
        let accuracy = kept.provenance.validationAccuracy
        Terminal.note(
            """
            \(wasStopped ? "Stopped. " : "")Kept \(output.printable), from epoch \
            \(kept.provenance.bestEpoch): \(Job.validated(accuracy.correct, accuracy.total)).
            """)
    }
}
