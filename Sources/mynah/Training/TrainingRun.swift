import MynahBase
import MynahData
import MynahModel
import MynahNetwork
import MynahTraining

/// A training at work: what is said of it, and what is written, while it goes on.
struct TrainingRun {
    let job: CommandTraining

    /// Where the best model is written.
    let output: String

    /// The folder for all that belongs to the training, if there is one.
    let folder: RunFolder?

    let epochCount: Int
    let checkpointMinutes: Double

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
            throw CommandError.stoppedWithCheckpoint(folder: folder.path)
        }
        // The file may be that of an epoch behind the checkpoint from which this run went on.
        if folder?.checkpoint != nil { try best.write(to: output) }
        tell(of: best)
        if Interruption.isRequested {
            Terminal.note(
                folder.map { "Go on with: mynah train --resume \($0.path.printable)" }
                    ?? "To be able to go on later, train with --run FOLDER.")
        }
    }

    private func tell(of kept: CommandModel) {
        let accuracy = kept.provenance.validationAccuracy
        Terminal.note(
            """
            \(Interruption.isRequested ? "Stopped. " : "")Kept \(output.printable), from epoch \
            \(kept.provenance.bestEpoch): \(validated(accuracy.correct, accuracy.total)).
            """)
    }

    private func train() throws -> CommandModel? {
        var written: CommandModel?
        do {
            return try train { written = $0 }
        } catch {
            // What an earlier epoch has brought is there, whatever has ended this one.
            if let written { tell(of: written) }
            throw error
        }
    }

    private func train(onWritten: (CommandModel) -> Void) throws -> CommandModel? {
        var progress = EpochProgress(epochCount: epochCount)
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
                Terminal.note(
                    """
                    epoch \(summary.epoch + 1)/\(epochCount): loss \
                    \(NumberText.fixed(summary.trainingLoss, decimals: 3)), validation loss \
                    \(NumberText.fixed(summary.validationLoss, decimals: 3)), \
                    \(validated(summary.validationCorrect, summary.validationTotal)), \
                    \(NumberText.fixed(progress.clipsPerSecond, decimals: 0)) clips/s\(model == nil ? "" : ", best so far")
                    """)
            }
        }
    }

    private func validated(_ correct: Int, _ total: Int) -> String {
        let share = 100 * Double(correct) / Double(max(1, total))
        return
            "\(NumberText.fixed(share, decimals: 2)) % of validation (\(NumberText.grouped(correct)) of \(NumberText.grouped(total)))"
    }
}
