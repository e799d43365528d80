import Foundation
import MynahBase
import MynahNetwork
import MynahTestSupport
import Testing

@testable import MynahTraining

/// Checkpoints that lie: each is refused in one line, or training goes on from it.
@Suite final class CheckpointTests {
    private let path = NSTemporaryDirectory() + "mynah-checkpoint-\(UUID().uuidString)"

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Everything that has a state: convolutions, a recurrent layer, states that are carried on.
    private func trainer(
        optimizer: OptimizerKind = .adamW
    ) throws -> Trainer<ClipTask<PulseOrderExamples, PulseOrderExamples>> {
        var settings = TrainingSettings()
        settings.epochCount = 4
        settings.batchSize = 24
        settings.threadCount = 2
        settings.carryShare = 0.9
        settings.optimizer = optimizer
        let network = NetworkDescription(
            inputSize: 3, layers: [.gru(hiddenSize: 4, bidirectional: false)], readOut: .last, classCount: 2)
        return try Trainer(
            network: network, settings: settings, training: PulseOrderExamples(),
            validation: PulseOrderExamples(count: 31, seed: 2))
    }

    private func write(_ state: TrainingState) throws -> [UInt8] {
        try CheckpointFile.write(state, training: "this one", to: path)
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// A checkpoint from within the first epoch, one from its end, and one from within the third.
    private func checkpoints(
        of trainer: Trainer<ClipTask<PulseOrderExamples, PulseOrderExamples>>
    ) throws -> [[UInt8]] {
        var files: [[UInt8]] = []
        _ = try trainer.runFromStart(shouldStop: { false }) { event in
            switch event {
            case .step(let epoch, let clipsDone, _, let checkpoint):
                if clipsDone == 72, epoch != 1 { files.append(try write(checkpoint())) }
            case .epoch(let summary, _, let checkpoint):
                if summary.epoch == 0 { files.append(try write(checkpoint())) }
            case .stopped: break
            }
        }
        return files
    }

    /// Reads a file as a checkpoint, and trains for a step from what it holds.
    private func goOn(
        _ file: [UInt8], _ trainer: Trainer<ClipTask<PulseOrderExamples, PulseOrderExamples>>
    ) throws {
        try Data(file).write(to: URL(fileURLWithPath: path))
        let state = try CheckpointFile.read(path, of: trainer, fingerprint: "this one")
        var steps = 0
        _ = try trainer.run(from: state, shouldStop: { steps > 0 }) { event in
            if case .step = event { steps += 1 }
        }
    }

    @Test(arguments: OptimizerKind.allCases) func whatWasWrittenIsTaken(_ optimizer: OptimizerKind) throws {
        let trainer = try trainer(optimizer: optimizer)
        let files = try checkpoints(of: trainer)
        #expect(files.count == 4)
        for file in files { try goOn(file, trainer) }
    }

    /// By field, with sizes that agree: what a mutation of bytes never reaches.
    ///
    /// `MYNAH_MUTATED_CHECKPOINTS` sets their number.
    @Test func liesAreRefused() throws {
        let trainer = try trainer()
        let mutator = SafetensorsMutator(originals: try checkpoints(of: trainer))
        let count =
            ProcessInfo.processInfo.environment["MYNAH_MUTATED_CHECKPOINTS"].flatMap { Int($0) } ?? 3_000
        var generator = SeededGenerator(seed: 30)
        var (taken, reasons) = (0, Set<String>())
        for _ in 0..<count {
            do {
                try goOn(mutator.mutatedFile(using: &generator), trainer)
                taken += 1
            } catch let error as TrainingError {
                let line = error.description
                #expect(!line.contains { $0.isNewline } && line.utf8.count < 1_000, "\(line)")
                reasons.insert(String(line.filter { !$0.isNumber }.suffix(40)))
            }
        }
        // Neither is everything refused, nor all for the same reason.
        #expect(taken > count / 100 && taken < count / 2, "\(taken) of \(count)")
        #expect(reasons.count > 10)
    }

    @Test func eachLieHasItsLine() throws {
        let trainer = try trainer()
        let file = try checkpoints(of: trainer)[2]
        func message(_ change: (inout TrainingState) -> Void) throws -> String {
            try Data(file).write(to: URL(fileURLWithPath: path))
            var state = try CheckpointFile.read(path, of: trainer, fingerprint: "this one")
            change(&state)
            _ = try write(state)
            do {
                _ = try CheckpointFile.read(path, of: trainer, fingerprint: "this one")
                return "none"
            } catch {
                let start = "\(path): the checkpoint cannot be used: "
                #expect(error.description.hasPrefix(start))
                return String(error.description.dropFirst(start.count))
            }
        }
        #expect(try message { _ in } == "none")
        #expect(
            try message { $0.stepCount += 1 }.hasPrefix("stands at step 16, clip 72 of epoch 2, expected"))
        #expect(
            try message { $0.clipsDone = .max }.hasPrefix("stands at step 15, clip 9223372036854775807 of"))
        #expect(try message { $0.epoch = 5 }.contains("in 4 epochs"))
        #expect(try message { $0.loss = -1 } == "has a loss of -1.0")
        #expect(try message { $0.best = nil } == "has no best weights after 2 epochs")
        #expect(try message { $0.best?.epochsTrained = 7 }.hasPrefix("has its best weights from epoch "))
        #expect(try message { $0.mostCorrect = .max }.hasPrefix("has its best weights from epoch "))
        #expect(
            try message { $0.average[3] = .nan } == "has values that are not finite, or negative squares")
        #expect(
            try message { $0.gradientSquare[0] = -1 } == "has values that are not finite, or negative squares"
        )
        #expect(
            try message { $0.parameters.removeLast() }.hasSuffix(
                " values of parameters, expected \(trainer.network.parameterLayout.parameterCount)"))
        #expect(
            try message { $0.carried[0] = CarriedState(clipCount: 12, values: [1, 2]) }
                == "has states of 12 clips with 2 values, expected 1 to 12 clips with 4 finite values each")
        #expect(
            try message { $0.carried[1] = CarriedState(clipCount: 1 << 40, values: []) }
                .hasPrefix("has states of 1099511627776 clips"))
        #expect(
            try message { $0.carried += $0.carried } == "has states of 48 clips, expected up to 24")
    }

    @Test func aHugeFileIsNotRead() throws {
        let trainer = try trainer()
        _ = try write(trainer.initialState())
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.truncate(atOffset: 1 << 40)
        try handle.close()
        let error = #expect(throws: TrainingError.self) {
            try CheckpointFile.read(path, of: trainer, fingerprint: "this one")
        }
        #expect(error?.description.contains("has 1099511627776 bytes, expected at most ") == true)
    }
}
