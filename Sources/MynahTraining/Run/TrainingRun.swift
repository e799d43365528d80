package import MynahBase
package import MynahModel
package import MynahNetwork

/// A model that a training makes.
package protocol TrainedModel: Sendable {
    /// Where it comes from.
    var provenance: TrainingProvenance { get }

    /// Writes it as a whole, or not at all.
    func write(to path: String) throws(ModelError)
}

extension CommandModel: TrainedModel {}
extension SpeechModel: TrainedModel {}
extension IntentModel: TrainedModel {}

/// A training that can be run, whatever it is that is learnt.
package protocol TrainingJob {
    associatedtype Model: TrainedModel

    /// Shape of the network.
    var network: NetworkDescription { get }

    /// Examples per epoch of training, and of validation.
    var exampleCounts: (training: Int, validation: Int) { get }

    /// Sizes of the files that training writes, in bytes.
    var fileByteCounts: (model: Int, checkpoint: Int) { get }

    /// What tells this training from others.
    var fingerprint: String { get }

    /// Trains; hands over each model that is better than all before it.
    func run(
        from checkpoint: String?, shouldStop: () -> Bool, report: (TrainingEvent, Model?) throws -> Void
    ) throws -> Model?
}

extension CommandTraining: TrainingJob {}
extension SpeechTraining: TrainingJob {}
extension IntentTraining: TrainingJob {}

/// A training at work: while it goes on, the best model, the log and checkpoints are written.
package struct TrainingRun<Job: TrainingJob> {
    /// How far a run has come.
    package enum Progress {
        /// A step is done: so many of the epoch's examples, so many of them a second; epochs are counted from 0.
        case step(epoch: Int, examplesDone: Int, exampleCount: Int, perSecond: Double)

        /// An epoch is done, and all that comes of it is written: its line, the last of the log, and its model when it is
        /// the best so far.
        case epoch(log: [RunFolder.LogLine], best: Job.Model?)

        /// The run was asked to stop, and has written where it is.
        case stopped
    }

    /// What is trained.
    package let job: Job

    /// Where the best model is written.
    package let output: String

    /// The folder for all that belongs to the training, if there is one.
    package let folder: RunFolder?

    /// Longest time between checkpoints, in minutes.
    package let checkpointMinutes: Double

    /// The processes that train together, of which the first one writes.
    private let communicator: any Communicator

    /// Prepares a run; nothing is written yet.
    ///
    /// - Parameters:
    ///   - folder: none in all processes but the first.
    ///   - communicator: that of the job.
    package init(
        _ job: Job, output: String, folder: RunFolder?, checkpointMinutes: Double,
        communicator: any Communicator = SingleProcess()
    ) {
        self.job = job
        self.output = output
        self.folder = folder
        self.checkpointMinutes = checkpointMinutes
        self.communicator = communicator
    }

    /// Makes sure that what training writes will fit: each file, and its successor under a temporary name.
    package func requireRoom() throws(FileError) {
        guard communicator.isFirst else { return }
        let models = [job.fileByteCounts.model, job.fileByteCounts.model]
        guard let folder else { return try AtomicFile.requireRoom(for: models, beside: output) }
        let checkpoints = [job.fileByteCounts.checkpoint, job.fileByteCounts.checkpoint]
        if output == folder.file(.best) {
            try AtomicFile.requireRoom(for: checkpoints + models, beside: folder.file(.checkpoint))
        } else {
            try AtomicFile.requireRoom(for: models, beside: output)
            try AtomicFile.requireRoom(for: checkpoints, beside: folder.file(.checkpoint))
        }
    }

    /// Trains to the end, or until asked to stop; from the folder's checkpoint, if there is one.
    ///
    /// - Parameters:
    ///   - shouldStop: asked before each step; of several processes any may wish it.
    ///   - report: hears how far the run has come; what it throws ends the run.
    /// - Returns: the best model, which is written; nil when stopped within the first epoch.
    /// - Throws: ``TrainingError``, `ModelError`, `FileError`; what `report` throws. What was written before stays.
    package func run(shouldStop: () -> Bool, report: (Progress) throws -> Void) throws -> Job.Model? {
        let start = folder?.checkpoint
        let keepsCheckpoints = communicator.isAnywhere(folder != nil)
        var rate = ExampleRate()
        var log: [RunFolder.LogLine]?
        var lastCheckpoint = ContinuousClock.now
        var isCheckpointDue = false
        func write(_ checkpoint: TrainingEvent.Checkpoint) throws {
            guard keepsCheckpoints else { return }
            // All processes have a part of the state.
            let state = checkpoint()
            if let folder {
                try CheckpointFile.write(state, training: job.fingerprint, to: folder.file(.checkpoint))
            }
            lastCheckpoint = .now
        }
        /// What all processes do next: they have to stop, and to write checkpoints, at the same step.
        func isStopAgreed() -> Bool {
            let isDue = ContinuousClock.now - lastCheckpoint > .seconds(60 * checkpointMinutes)
            let wishes = communicator.allGather([Wish(isStop: shouldStop(), isCheckpoint: isDue)])
            isCheckpointDue = wishes[0].isCheckpoint
            return wishes.contains { $0.isStop }
        }
        let best = try job.run(from: start, shouldStop: isStopAgreed) { event, model in
            switch event {
            case .step(let epoch, let done, let count, let checkpoint):
                rate.count(epoch: epoch, examplesDone: done)
                if isCheckpointDue { try write(checkpoint) }
                try report(
                    .step(epoch: epoch, examplesDone: done, exampleCount: count, perSecond: rate.perSecond))
            case .stopped(let checkpoint):
                try write(checkpoint)
                try report(.stopped)
            case .epoch(let summary, _, let checkpoint):
                if communicator.isFirst { try model?.write(to: output) }
                let line = RunFolder.LogLine(
                    epoch: summary.epoch + 1, trainingLoss: summary.trainingLoss,
                    validationLoss: summary.validationLoss, validationCorrect: summary.validationCorrect,
                    validationTotal: summary.validationTotal, clipsPerSecond: rate.perSecond,
                    isBest: model != nil)
                let lines = try (log ?? folder?.log(before: summary.epoch) ?? []) + [line]
                log = lines
                try folder?.write(lines)
                try write(checkpoint)
                try report(.epoch(log: lines, best: model))
            }
        }
        // The file is that of the best epoch, which did not know how many would follow.
        if communicator.isFirst { try best?.write(to: output) }
        return best
    }
}

/// What a process wishes before a step.
private struct Wish: BitwiseCopyable {
    let isStop: Bool
    let isCheckpoint: Bool
}

/// Examples per second over the current epoch so far.
private struct ExampleRate {
    private(set) var perSecond = 0.0
    private var epoch = -1
    private var epochStart = ContinuousClock.now
    private var lastStep = ContinuousClock.now

    mutating func count(epoch: Int, examplesDone: Int) {
        if epoch != self.epoch {
            // The first step has no start to count from: it starts the count.
            self.epoch = epoch
            epochStart = lastStep
        }
        lastStep = .now
        let seconds = (lastStep - epochStart) / .seconds(1)
        if seconds > 0 { perSecond = Double(examplesDone) / seconds }
    }
}
