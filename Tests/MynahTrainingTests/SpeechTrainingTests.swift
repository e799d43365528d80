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

    /// Sentences carry no states from batch to batch: a checkpoint that has some is refused, however few.
    @Test(arguments: [0, 1, 3]) func aCheckpointWithCarriedStatesIsRefused(_ clipCount: Int) throws {
        let corpus = try ToneCorpus(speakers: 4)
        let training = try training(corpus, plan(epochs: 2))
        let path = "\(corpus.path)/checkpoint"
        let values = [Float](repeating: 0, count: clipCount * training.network.carriedValueCount)
        _ = try training.run(shouldStop: { true }) { event, _ in
            guard case .stopped(let checkpoint) = event else { return }
            var state = checkpoint()
            state.carried = [CarriedState(clipCount: clipCount, values: values)]
            try CheckpointFile.write(state, training: training.fingerprint, to: path)
        }
        let error = #expect(throws: TrainingError.self) {
            try training.run(from: path, shouldStop: { true }) { _, _ in }
        }
        #expect(
            error?.description
                == "\(path): the checkpoint cannot be used: has states of 1 shard, expected none")
    }

    /// Whom a model has learnt from is in no other split, also where nobody was kept for them.
    @Test func withoutValidationNobodyIsAStranger() throws {
        let corpus = try ToneCorpus(speakers: 12, sentences: 1)
        let names = (0..<12).map { "speaker\($0)" }
        let rule = SpeakerDivision(moved: [])
        try #require(names.contains { rule.split(of: $0) != .training })
        let training = try training(corpus, plan(epochs: 1, validates: false))
        let model = try run(training).model
        let division = SpeakerDivision(moved: model.movedSpeakers)
        #expect(names.allSatisfy { division.split(of: $0) == .training })
        #expect(division.moved.map(\.speaker) == names.filter { rule.split(of: $0) != .training }.sorted())
        #expect(model.provenance.splitRule == "no split: all sentences are learnt from")
    }

    /// What a model knows is where the next training begins; letters and speakers of its own come along.
    @Test func aTrainingStartsFromAModel() throws {
        let corpus = try ToneCorpus(speakers: 10)
        let first = try run(training(corpus, plan(epochs: 20, threads: 2))).model
        var next = try plan(epochs: 1, threads: 2)
        next.layers = first.network.layers.map(\.unfolded)
        next.settings.learningRate = 1e-6
        let fromNothing = try run(training(corpus, next)).epochs[0]
        next.start = first
        let job = try training(corpus, next)
        let (model, epochs) = try run(job)
        #expect(model.normalizer == first.normalizer)
        // So low a rate leaves it what it was, though its batches are normalized again.
        let before = first.provenance.validationAccuracy
        #expect(abs(model.provenance.validationAccuracy.correct - before.correct) <= before.total / 50)
        #expect(epochs[0].validationCorrect > fromNothing.validationCorrect)
        #expect(model.provenance.settings.contains { $0.name == "start" && $0.value == first.hash })

        // Nobody whom it has learnt from becomes a stranger, and who was a stranger stays one.
        let own = SpeakerDivision(moved: [MovedSpeaker(speaker: "a", split: "training")])
        let division = own.keeping([
            MovedSpeaker(speaker: "a", split: "validation"), MovedSpeaker(speaker: "b", split: "training"),
        ])
        #expect(division.split(of: "a") == .validation && division.split(of: "b") == .training)
        #expect(division.moved.count == 2)
    }

    @Test func aFolderKeepsItsNameHoweverItIsGiven() throws {
        let corpus = try ToneCorpus(speakers: 4, sentences: 2)
        let name = (corpus.path as NSString).lastPathComponent
        for path in ["/", "/.", "/speaker0/.."] {
            let training = try SpeechTraining(
                corpora: [try TranscribedCorpus(scanning: corpus.path + path)], plan: plan(epochs: 1),
                origin: CommandTraining.Origin(commandLine: "test"))
            #expect(training.summary.provenance.clips.map(\.label) == [name])
        }
    }

    /// A network may be causal and its front end not.
    @Test func whatKeepsAModelFromStreamingIsTold() throws {
        let corpus = try ToneCorpus(speakers: 4, sentences: 2)
        var plan = try plan(epochs: 1)
        #expect(try training(corpus, plan).notes == [])
        plan.frontEnd.logarithm = .init(kind: .decibels, floor: 1e-10, topDecibels: 80)
        #expect(
            try training(corpus, plan).notes == [
                "the model will hear whole recordings only, and cannot follow a stream: front end cannot stream: "
                    + "logarithm.topDecibels limits each frame by the loudest of the whole clip"
            ])
    }
}
