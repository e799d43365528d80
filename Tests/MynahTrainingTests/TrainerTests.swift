import MynahBase
import MynahData
import MynahNetwork
import Testing

@testable import MynahTraining

/// Two pulses among noise; the label says which of two features had its pulse first.
struct PulseOrderExamples: ExampleSource {
    var count = 128
    var seed: UInt64 = 1
    let frameCount = 12
    let featureCount = 3

    func exampleCount(epoch: Int) -> Int { count }

    func makeContext() {}

    func example(_ features: inout [Float], index: Int, epoch: Int, context: inout Void) -> Int {
        var generator = SeededGenerator(seed: seed, epoch, index)
        for place in features.indices {
            features[place] = 0.2 * (generator.uniform() - 0.5)
        }
        let label = Int(generator.next() % 2)
        let first = Int(generator.next() % 5)
        let second = 6 + Int(generator.next() % 6)
        features[first * featureCount + label] += 1
        features[second * featureCount + 1 - label] += 1
        return label
    }
}

@Suite struct TrainerTests {
    let network = NetworkDescription(
        inputSize: 3, layers: [.gru(hiddenSize: 12, bidirectional: false)], readOut: .last, classCount: 2
    )

    var settings: TrainingSettings {
        var settings = TrainingSettings()
        settings.epochCount = 25
        settings.batchSize = 16
        settings.learningRate = 0.01
        settings.averagingDecay = 0.9
        settings.threadCount = 2
        return settings
    }

    func trainer(_ settings: TrainingSettings) throws -> Trainer<
        ClipTask<PulseOrderExamples, PulseOrderExamples>
    > {
        try Trainer(
            network: network, settings: settings, training: PulseOrderExamples(),
            validation: PulseOrderExamples(count: 101, seed: 2))
    }

    @Test(arguments: ProductPrecision.allCases.filter(\.isAvailable))
    func learnsTheOrderOfTwoPulses(_ precision: ProductPrecision) throws {
        var settings = settings
        settings.precision = precision
        var losses: [Double] = []
        let best = try trainer(settings).runFromStart(shouldStop: { false }) { event in
            if case .epoch(let summary, _, _) = event { losses.append(summary.trainingLoss) }
        }
        let summary = try #require(best?.summary)
        #expect(summary.validationTotal == 101)
        #expect(summary.validationCorrect >= 100)
        #expect(try #require(losses.last) < 0.6 * (try #require(losses.first)))
    }

    @Test(arguments: ProductPrecision.allCases.filter(\.isAvailable))
    func aSeedAndAThreadCountGiveTheSameWeightsToTheBit(_ precision: ProductPrecision) throws {
        var settings = settings
        settings.precision = precision
        settings.epochCount = 3
        let first = try trainer(settings).runFromStart(shouldStop: { false }, report: { _ in })
        let second = try trainer(settings).runFromStart(shouldStop: { false }, report: { _ in })
        #expect(first?.parameters == second?.parameters)
        settings.seed = 2
        let other = try trainer(settings).runFromStart(shouldStop: { false }, report: { _ in })
        #expect(first?.parameters != other?.parameters)
    }

    @Test func withoutNormalizationTheSizeOfShardsHardlyMatters() throws {
        var settings = settings
        settings.dropout = DropoutRates()
        let parameters = {
            var generator = SeededGenerator(seed: 5)
            return network.initialParameters(using: &generator)
        }()
        let gradients = try [1, 2, 3, 20].map { shardSize in
            try BatchTeam(
                source: PulseOrderExamples(), network: network, settings: settings, batchSize: 13,
                shardSize: shardSize, communicator: SingleProcess()
            ).gradient(of: 3..<16, epoch: 0, parameters: parameters)
        }
        for (gradient, sums) in gradients.dropFirst() {
            #expect(abs(sums.loss - gradients[0].sums.loss) < 1e-5)
            for (value, expected) in zip(gradient, gradients[0].gradient) {
                #expect(abs(value - expected) < 1e-6)
            }
        }
    }

    /// In training, too, a finished model is what it was: it is normalized with what it hears, and that is undone.
    @Test func aFinishedModelIsNormalizedAgain() throws {
        var folded = network
        folded.layers.insert(
            .convolution(
                .init(channels: 5, kernelFrames: 3, kernelBands: 2, frameStride: 1, batchNormalized: false)),
            at: 0)
        folded.layers.insert(
            .convolution(
                .init(channels: 4, kernelFrames: 2, kernelBands: 2, frameStride: 1, batchNormalized: false)),
            at: 1)
        var generator = SeededGenerator(seed: 5)
        let finished = folded.initialParameters(using: &generator).map { 3 * $0 + 0.2 * generator.uniform() }
        let (network, unfolded) = folded.unfolded(finished)
        var settings = settings
        settings.dropout = DropoutRates()
        settings.carryShare = 0
        settings.labelSmoothing = 0
        settings.earlyDecisionCount = 0
        settings.batchSize = 128
        settings.shardSize = 128
        let task = try ClipTask(
            network: network, teacher: nil, training: PulseOrderExamples(),
            validation: PulseOrderExamples())
        let trainer = Trainer(task, settings: settings)
        let team = task.makeTeam(batchSize: 128, settings: settings, communicator: SingleProcess())
        func losses(_ parameters: [Float]) throws -> (training: Double, validation: Double) {
            let training = try team.gradient(of: 0..<128, epoch: 0, parameters: parameters).loss / 128
            let validation = try team.validate(parameters: parameters).loss
            return (training, try #require(validation))
        }
        // Also one that has a normalization of its own.
        let own = network.parameterLayout.entries.flatMap { entry in
            entry.role == .statistic || entry.tensor == "scale"
                ? entry.range.map { _ in 0.5 + generator.uniform() } : Array(unfolded[entry.range])
        }
        for parameters in [unfolded, own] {
            let before = try losses(parameters)
            let after = try losses(trainer.normalizing(parameters))
            #expect(abs(after.training - before.validation) < 1e-4)
            #expect(abs(after.validation - before.validation) < 1e-4)
            #expect(abs(before.training - before.validation) > 0.01)
        }
    }

    @Test func shardsAreOfEqualSize() {
        func sizes(_ count: Int, _ size: Int) -> [Int] {
            evenShards(of: 5..<5 + count, size: size).map(\.count)
        }
        #expect(sizes(128, 16) == Array(repeating: 16, count: 8))
        #expect(sizes(33, 16) == [11, 11, 11])
        #expect(sizes(5, 16) == [5])
        #expect(sizes(17, 16) == [8, 9])
        #expect(sizes(3, 1) == [1, 1, 1])
        let shards = evenShards(of: 5..<42, size: 6)
        #expect(shards.first?.lowerBound == 5 && shards.last?.upperBound == 42)
        for (shard, next) in zip(shards, shards.dropFirst()) {
            #expect(shard.upperBound == next.lowerBound)
        }
        #expect([8, 16, 20, 32, 128].map(TrainingSettings().shardSize) == [4, 8, 10, 16, 32])
    }

    /// The largest values are allowed, and numbers stand in messages as people write them.
    @Test func limitsOfSettings() throws {
        var settings = TrainingSettings()
        settings.carryShare = 0.99
        settings.labelSmoothing = 0.9
        settings.earlyDecisionShare = 0.95
        try settings.validate()
        settings.carryShare = 0.995
        #expect(
            throws: DataError.invalidSetting(
                name: "share of carried states", value: "0.995", expected: "0 to 0.99")
        ) { try settings.validate() }
        settings = TrainingSettings()
        settings.epochCount = 0
        #expect(
            throws: DataError.invalidSetting(name: "number of epochs", value: "0", expected: "1 to 100000")
        ) { try settings.validate() }
    }

    @Test func whatAProcessorDoesNotHaveIsRefused() {
        var settings = settings
        for precision in ProductPrecision.allCases {
            settings.precision = precision
            if precision.isAvailable {
                #expect(throws: Never.self) { try settings.validate() }
            } else {
                #expect(throws: DataError.self) { try settings.validate() }
            }
        }
    }

    /// Each way ends at the step where it shows, before weights of no numbers are handed to anybody.
    @Test(arguments: OptimizerKind.allCases) func divergenceEndsTraining(_ optimizer: OptimizerKind) throws {
        var settings = settings
        settings.optimizer = optimizer
        settings.learningRate = 10
        settings.weightDecay = 10
        settings.averagingDecay = 0
        var steps = 0
        var checkpoint: TrainingState?
        let error = #expect(throws: TrainingError.self) {
            _ = try trainer(settings).runFromStart(shouldStop: { false }) { event in
                switch event {
                case .step(_, _, _, let state), .epoch(_, _, let state):
                    steps += 1
                    checkpoint = state()
                case .stopped: break
                }
            }
        }
        guard case .diverged(let step, _, 10)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(step == steps + 1)
        let last = try #require(checkpoint)
        #expect(
            [last.parameters, last.average, last.best?.parameters ?? []].allSatisfy {
                $0.allSatisfy(\.isFinite)
            })
        #expect(error?.description.contains("lower --learning-rate, which is 10.0") == true)
    }

    @Test func featuresThatAreNotFiniteEndTraining() throws {
        struct Broken: ExampleSource {
            let frameCount = 12
            let featureCount = 3
            func exampleCount(epoch: Int) -> Int { 64 }
            func makeContext() {}
            func example(_ features: inout [Float], index: Int, epoch: Int, context: inout Void) -> Int {
                for place in features.indices { features[place] = index == 40 ? .infinity : 0.1 }
                return index % 2
            }
        }
        let trainer = try Trainer(
            network: network, settings: settings, training: Broken(), validation: PulseOrderExamples())
        let error = #expect(throws: TrainingError.self) {
            _ = try trainer.run(from: trainer.initialState(), shouldStop: { false }, report: { _ in })
        }
        #expect(error == .diverged(step: 3, epoch: 1, learningRate: 0.01))
    }

    @Test func stoppingKeepsTheBestSoFar() throws {
        var epochs = 0
        let best = try trainer(settings).runFromStart(shouldStop: { epochs == 2 }) { event in
            if case .epoch = event { epochs += 1 }
        }
        #expect(best?.epochsTrained == 2)
        let none = try trainer(settings).runFromStart(shouldStop: { true }, report: { _ in })
        #expect(none == nil)
    }

    @Test func stopsEarlyWithoutProgress() throws {
        var settings = settings
        settings.learningRate = 0
        settings.patienceEpochCount = 3
        let best = try trainer(settings).runFromStart(shouldStop: { false }, report: { _ in })
        #expect(best?.summary.epoch == 0)
        #expect(best?.epochsTrained == 4)
    }

    /// Of 160 clips three more say little; the loss says which epoch is best, unless it names clearly fewer.
    @Test func theBestIsTheSurestOfThoseThatAreAsGood() {
        func best(of epochs: [(correct: Int, loss: Double)], total: Int = 160) -> [Int] {
            var state = TrainingState(parameters: [], isAdaptive: false)
            return epochs.indices.filter { epoch in
                state.finishEpoch(
                    EpochSummary(
                        epoch: epoch, trainingLoss: 1, validationLoss: epochs[epoch].loss,
                        validationCorrect: epochs[epoch].correct, validationTotal: total), parameters: [])
            }
        }
        #expect(best(of: [(150, 0.4), (148, 0.3), (147, 0.3), (148, 0.2)]) == [0, 1, 3])
        // 150 of 160 have a standard error of 3.1.
        #expect(best(of: [(150, 0.4), (147, 0.3)]) == [0, 1])
        #expect(best(of: [(150, 0.4), (146, 0.3)]) == [0])
        // What was as good as the best then is not as good as the best now; no step leads further down than that.
        #expect(best(of: [(150, 0.4), (148, 0.3), (158, 0.5), (157, 0.4)]) == [0, 1, 2, 3])
        #expect(best(of: [(150, 0.4), (148, 0.3), (146, 0.2), (145, 0.1)]) == [0, 1])
        #expect(best(of: [(0, 0.4), (0, 0.5)], total: 0) == [0, 1])
    }

    @Test func fewExamplesMakeSmallBatches() {
        var settings = TrainingSettings()
        #expect([20, 200, 1_000, 2_560, 100_000].map(settings.batchSize) == [8, 10, 50, 128, 128])
        settings.batchSize = 77
        #expect(settings.batchSize(exampleCount: 20) == 77)
    }

    @Test func theLearningRateWarmsUpAndCoolsDown() {
        let schedule = LearningRateSchedule(shape: .cosine, peak: 1, warmUpStepCount: 4, stepCount: 104)
        #expect((0..<4).map(schedule.learningRate) == [0.25, 0.5, 0.75, 1])
        #expect(schedule.learningRate(step: 4) == 1)
        #expect(abs(schedule.learningRate(step: 54) - 0.5) < 1e-6)
        #expect(schedule.learningRate(step: 104) < 1e-6)
    }
}

extension Trainer {
    /// Runs from random weights.
    func runFromStart(shouldStop: () -> Bool, report: (TrainingEvent) throws -> Void) throws
        -> TrainedWeights?
    {
        try run(from: initialState(), shouldStop: shouldStop, report: report)
    }
}
