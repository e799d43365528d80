import MynahBase
import MynahData
import MynahModel
import MynahNetwork
import MynahTraining

/// A model that a training makes.
protocol TrainedModel {
    /// Where it comes from.
    var provenance: TrainingProvenance { get }

    /// Writes it as a whole, or not at all.
    func write(to path: String) throws(ModelError)
}

extension CommandModel: TrainedModel {}
extension SpeechModel: TrainedModel {}
extension IntentModel: TrainedModel {}

/// A training that can be run, whatever it is that is learnt.
protocol TrainingJob {
    associatedtype Model: TrainedModel

    /// Shape of the network.
    var network: NetworkDescription { get }

    /// Examples per epoch of training, and of validation.
    var exampleCounts: (training: Int, validation: Int) { get }

    /// Sizes of the files that training writes, in bytes.
    var fileByteCounts: (model: Int, checkpoint: Int) { get }

    /// What tells this training from others.
    var fingerprint: String { get }

    /// What the examples are called, and the result of a validation in words.
    static var examples: String { get }
    static func validated(_ correct: Int, _ total: Int) -> String

    /// Trains; hands over each model that is better than all before it.
    func run(
        from checkpoint: String?, shouldStop: () -> Bool, report: (TrainingEvent, Model?) throws -> Void
    ) throws -> Model?
}

extension CommandTraining: TrainingJob {
    static var examples: String { "clips" }

    static func validated(_ correct: Int, _ total: Int) -> String {
        let share = 100 * Double(correct) / Double(max(1, total))
        return
            "\(NumberText.fixed(share, decimals: 2)) % of validation (\(NumberText.grouped(correct)) of \(NumberText.grouped(total)))"
    }
}

extension SpeechTraining: TrainingJob {
    static var examples: String { "sentences" }

    static func validated(_ correct: Int, _ total: Int) -> String {
        guard total > 0 else { return "no validation" }
        let share = 100 * Double(total - correct) / Double(total)
        return
            "symbol error rate \(NumberText.fixed(share, decimals: 2)) % in validation (\(NumberText.grouped(total - correct)) of \(NumberText.grouped(total)))"
    }
}

extension IntentTraining: TrainingJob {
    static var examples: String { "phrases" }

    static func validated(_ correct: Int, _ total: Int) -> String {
        guard total > 0 else { return "no validation" }
        let share = 100 * Double(correct) / Double(total)
        return
            "\(NumberText.fixed(share, decimals: 2)) % of validation read rightly (\(NumberText.grouped(correct)) of \(NumberText.grouped(total)))"
    }
}

/// A training at work: what is said of it, and what is written, while it goes on.
struct TrainingRun<Job: TrainingJob> {
    let job: Job

    /// Where the best model is written.
    let output: String

    /// The folder for all that belongs to the training, if there is one.
    let folder: RunFolder?

    let epochCount: Int
    let checkpointMinutes: Double

    /// Makes sure that what training writes will fit: each file, and its successor under a temporary name.
    func requireRoom() throws(FileError) {
        let models = [job.fileByteCounts.model, job.fileByteCounts.model]
        guard let folder else { return try OutputFile.requireRoom(for: models, beside: output) }
        let checkpoints = [job.fileByteCounts.checkpoint, job.fileByteCounts.checkpoint]
        if output == folder.file(.best) {
            try OutputFile.requireRoom(for: checkpoints + models, beside: folder.file(.checkpoint))
        } else {
            try OutputFile.requireRoom(for: models, beside: output)
            try OutputFile.requireRoom(for: checkpoints, beside: folder.file(.checkpoint))
        }
    }

    /// Trains to the end or until Ctrl-C.
    func run() throws {
        Interruption.watch()
        Terminal.note(
            """
            network: \(NumberText.grouped(job.network.parameterLayout.parameterCount)) parameters; each epoch \
            \(NumberText.grouped(job.exampleCounts.training)) examples, validated on \(NumberText.grouped(job.exampleCounts.validation))
            """)
        guard let best = try train() else {
            guard let folder else { throw CommandError.stoppedBeforeFirstModel }
            throw CommandError.stoppedWithCheckpoint(folder: folder.path, command: folder.command)
        }
        // The file may be that of an epoch behind the checkpoint from which this run went on.
        if folder?.checkpoint != nil { try best.write(to: output) }
        tell(of: best)
        if Interruption.isRequested {
            Terminal.note(
                folder.map { "Go on with: mynah \($0.command) --resume \($0.path.printable)" }
                    ?? "To be able to go on later, train with --run FOLDER.")
        }
    }

    private func tell(of kept: Job.Model) {
        let accuracy = kept.provenance.validationAccuracy
        Terminal.note(
            """
            \(Interruption.isRequested ? "Stopped. " : "")Kept \(output.printable), from epoch \
            \(kept.provenance.bestEpoch): \(Job.validated(accuracy.correct, accuracy.total)).
            """)
    }

    private func train() throws -> Job.Model? {
        var written: Job.Model?
        do {
            return try train { written = $0 }
        } catch {
            // What an earlier epoch has brought is there, whatever has ended this one.
            if let written { tell(of: written) }
            throw error
        }
    }

    private func train(onWritten: (Job.Model) -> Void) throws -> Job.Model? {
        var progress = EpochProgress(epochCount: epochCount, examples: Job.examples)
        var log: [RunFolder.LogLine]?
        var lastCheckpoint = ContinuousClock.now
        func write(_ checkpoint: TrainingEvent.Checkpoint) throws {
            guard let folder else { return }
            try CheckpointFile.write(
                checkpoint(), training: job.fingerprint, to: folder.file(.checkpoint))
            lastCheckpoint = .now
        }
        return try job.run(
            from: folder?.checkpoint, shouldStop: { Interruption.isRequested }
        ) { event, model in
            switch event {
            case .step(let epoch, let clipsDone, let clipCount, let checkpoint):
                progress.show(epoch: epoch, clipsDone: clipsDone, clipCount: clipCount)
                if ContinuousClock.now - lastCheckpoint > .seconds(60 * checkpointMinutes) {
                    try write(checkpoint)
                }
            case .stopped(let checkpoint):
                progress.clear()
                try write(checkpoint)
            case .epoch(let summary, _, let checkpoint):
                progress.clear()
                if let model {
                    try model.write(to: output)
                    onWritten(model)
                }
                let line = RunFolder.LogLine(
                    epoch: summary.epoch + 1, trainingLoss: summary.trainingLoss,
                    validationLoss: summary.validationLoss, validationCorrect: summary.validationCorrect,
                    validationTotal: summary.validationTotal, clipsPerSecond: progress.clipsPerSecond,
                    isBest: model != nil)
                if let folder {
                    let lines = try (log ?? folder.log(before: summary.epoch)) + [line]
                    log = lines
                    try folder.write(lines)
                }
                try write(checkpoint)
                let validationLoss =
                    summary.validationTotal > 0
                    ? "validation loss \(NumberText.fixed(summary.validationLoss, decimals: 3)), " : ""
                Terminal.note(
                    """
                    epoch \(summary.epoch + 1)/\(epochCount): loss \
                    \(NumberText.fixed(summary.trainingLoss, decimals: 3)), \(validationLoss)\
                    \(Job.validated(summary.validationCorrect, summary.validationTotal)), \
                    \(NumberText.fixed(progress.clipsPerSecond, decimals: progress.rateDecimals)) \(Job.examples)/s\(model == nil ? "" : ", best so far")
                    """)
            }
        }
    }
}
