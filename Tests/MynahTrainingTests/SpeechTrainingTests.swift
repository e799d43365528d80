import Foundation
import MynahBase
import MynahData
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahTestSupport
import Synchronization
import Testing

@testable import MynahTraining

/// A LibriSpeech of tones, removed with the last reference to it.
private final class ToneCorpus: Sendable {
    let path: String

    init(speakers: Int, sentences: Int = 6) throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            component: "mynah-tones-\(UUID().uuidString)")
        path = folder.path
        for speaker in 0..<speakers {
            let chapter = folder.appending(components: "speaker\(speaker)", "1")
            try FileManager.default.createDirectory(at: chapter, withIntermediateDirectories: true)
            var list = ""
            for number in 0..<sentences {
                let text = ToneSpeech.text(100 * speaker + number)
                let name = "\(speaker)-1-\(number)"
                list += "\(name) \(text.uppercased())\n"
                let file = WAVFile(ToneSpeech.samples(of: text, speaker: speaker), sampleRate: 16_000)
                try Data(file.bytes).write(to: chapter.appending(component: "\(name).wav"))
            }
            try list.write(
                to: chapter.appending(component: "\(speaker)-1.trans.txt"), atomically: true, encoding: .utf8)
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

@Suite struct SpeechTrainingTests {
    /// Everything that has a state or a seed: normalization, dropout, masks, variation.
    private func plan(epochs: Int, threads: Int = 1, validates: Bool = true) throws -> SpeechTraining.Plan {
        var settings = TrainingSettings.speech
        settings.epochCount = epochs
        settings.batchSize = 8
        settings.shardSize = 3
        settings.learningRate = 6e-3
        settings.warmUpEpochCount = 1
        settings.averagingDecay = 0.9
        settings.dropout = DropoutRates(layers: 0.05, recurrent: 0.05)
        settings.threadCount = threads
        return SpeechTraining.Plan(
            layers: [
                try LayerDescription(parsing: "conv:4:3x5:2x2"), try LayerDescription(parsing: "gru:24"),
            ],
            settings: settings,
            augmentation: Augmentation(
                maximumSpeedChange: 0.05, noiseProbability: 0, roomProbability: 0, bandProbability: 0,
                codeProbability: 0),
            masks: SpecAugment(
                timeMaskCount: 1, maximumTimeMaskFrames: 3, featureMaskCount: 1, maximumMaskedFeatures: 2),
            validates: validates)
    }

    private func training(_ corpus: ToneCorpus, _ plan: SpeechTraining.Plan) throws -> SpeechTraining {
        try SpeechTraining(
            corpora: [try TranscribedCorpus(scanning: corpus.path)], plan: plan,
            origin: CommandTraining.Origin(commandLine: "test"))
    }

    /// Runs a training to its end; the model, and the summary of each epoch.
    private func run(_ training: SpeechTraining) throws -> (model: SpeechModel, epochs: [EpochSummary]) {
        var epochs: [EpochSummary] = []
        let model = try training.run(shouldStop: { false }) { event, _ in
            if case .epoch(let summary, _, _) = event { epochs.append(summary) }
        }
        return (try #require(model), epochs)
    }

    @Test(.timeLimit(.minutes(3))) func learnsToSpellWhatStrangersSay() throws {
        let corpus = try ToneCorpus(speakers: 10)
        let training = try training(corpus, plan(epochs: 60, threads: 2))
        #expect(training.summary.symbols.symbols == [" ", "a", "e", "o", "u"])
        #expect(training.passedOver.count == 0)
        let (model, epochs) = try run(training)
        let accuracy = model.provenance.validationAccuracy
        #expect(accuracy.total == epochs[0].validationTotal && accuracy.total > 50)
        #expect(Double(accuracy.correct) >= 0.9 * Double(accuracy.total))
        #expect(epochs.last.map { $0.trainingLoss < epochs[0].trainingLoss / 3 } == true)
        // What is written is read again as it was.
        let bytes = model.fileBytes
        let again = try SpeechModel(bytes: bytes.span.bytes, name: "again")
        #expect(again.hash == model.hash && again.symbols == model.symbols)
        #expect(again.movedSpeakers == model.movedSpeakers)
    }

    @Test func theModelDoesNotDependOnTheNumberOfThreads() throws {
        let corpus = try ToneCorpus(speakers: 4)
        let one = try run(training(corpus, plan(epochs: 2))).model
        let three = try run(training(corpus, plan(epochs: 2, threads: 3))).model
        #expect(one.parameters == three.parameters)
    }

    @Test func anInterruptedTrainingGoesOnToTheSameWeights() throws {
        let corpus = try ToneCorpus(speakers: 4, sentences: 16)
        let peaceful = try run(training(corpus, plan(epochs: 3))).model
        let training = try training(corpus, plan(epochs: 3))
        let path = "\(corpus.path)/checkpoint"
        let steps = Mutex(0)
        _ = try training.run(shouldStop: { steps.withLock { $0 } == 4 }) { event, _ in
            switch event {
            case .step: steps.withLock { $0 += 1 }
            case .stopped(let checkpoint):
                try CheckpointFile.write(checkpoint(), training: training.fingerprint, to: path)
            case .epoch: break
            }
        }
        let resumed = try training.run(from: path, shouldStop: { false }) { _, _ in }
        #expect(resumed?.parameters == peaceful.parameters)
        // Another training does not take it.
        var other = try plan(epochs: 3)
        other.masks = .none
        let stranger = try self.training(corpus, other)
        #expect(throws: TrainingError.otherTraining(path: path)) {
            try stranger.run(from: path, shouldStop: { false }) { _, _ in }
        }
    }

    @Test func oneSpeakerIsLearntFromOnlyWithoutValidation() throws {
        let corpus = try ToneCorpus(speakers: 1)
        #expect(throws: DataError.oneSpeaker(speaker: "speaker0")) { try training(corpus, plan(epochs: 2)) }
        let (model, epochs) = try run(training(corpus, plan(epochs: 2, validates: false)))
        #expect(model.provenance.bestEpoch == 2)
        #expect(model.provenance.validationAccuracy.total == 0)
        #expect(epochs.allSatisfy { $0.validationLoss == $0.trainingLoss })
    }
}
