import MynahBase
import MynahData
import MynahNetwork
import Synchronization
import Testing

@testable import MynahTraining

/// Noise in which one band is louder than the others; the label says which.
private struct LoudBandExamples: ExampleSource {
    let count: Int
    let seed: UInt64
    let frameCount = 24
    let featureCount = 40

    func exampleCount(epoch: Int) -> Int { count }

    func makeContext() {}

    func example(_ features: inout [Float], index: Int, epoch: Int, context: inout Void) -> Int {
        var generator = SeededGenerator(seed: seed, epoch, index)
        let label = Int(generator.next() % 3)
        for place in features.indices {
            features[place] = generator.uniform() - 0.5 + (place % 40 / 14 == label ? 0.4 : 0)
        }
        return label
    }
}

/// A model depends on seed and data, not on the machine's threads.
@Suite struct ThreadCountTests {
    /// The default network, with its convolutions and their normalization, dropout, carried states and early decisions;
    /// an epoch ends with a batch that is smaller than the others.
    private func train(
        threads: Int, precision: ProductPrecision, teacher: Teacher? = nil, shardSize: Int = 12
    ) throws -> (parameters: [Float], losses: [Double]) {
        var settings = TrainingSettings()
        settings.epochCount = 2
        settings.batchSize = 40
        settings.shardSize = shardSize
        settings.warmUpEpochCount = 0
        settings.dropout = DropoutRates(layers: 0.2, recurrent: 0.1)
        settings.carryShare = 0.5
        settings.threadCount = threads
        settings.precision = precision
        let trainer = try Trainer(
            network: Self.network, settings: settings, teacher: teacher,
            training: LoudBandExamples(count: 93, seed: 1), validation: LoudBandExamples(count: 150, seed: 2))
        var losses: [Double] = []
        let best = try trainer.run(from: trainer.initialState(), shouldStop: { false }) { event in
            if case .epoch(let summary, _, _) = event {
                losses += [summary.trainingLoss, summary.validationLoss]
            }
        }
        return (try #require(best).parameters, losses)
    }

    private static let network = NetworkDescription(
        inputSize: 40, layers: NetworkPreset.commands.layers, readOut: NetworkPreset.commands.readOut,
        classCount: 3)

    @Test(arguments: ProductPrecision.allCases.filter(\.isAvailable))
    func theModelIsTheSameToTheBitForAnyNumberOfThreads(_ precision: ProductPrecision) throws {
        let expected = try train(threads: 1, precision: precision)
        for threads in [2, 3, 8] {
            let actual = try train(threads: threads, precision: precision)
            #expect(actual.parameters == expected.parameters, "\(threads) threads")
            #expect(actual.losses == expected.losses, "\(threads) threads")
        }
        // The size of the shards is a setting: over fewer clips the normalization is another.
        #expect(try train(threads: 2, precision: precision, shardSize: 5).parameters != expected.parameters)
    }

    @Test func aTeacherChangesNothingOfThat() throws {
        var generator = SeededGenerator(seed: 9)
        let teacher = Teacher(
            network: Self.network, parameters: Self.network.initialParameters(using: &generator))
        let expected = try train(threads: 1, precision: .float32, teacher: teacher)
        #expect(
            try train(threads: 3, precision: .float32, teacher: teacher).parameters == expected.parameters)
    }

    /// A training that was interrupted goes on with another number of threads as if nothing had been.
    @Test func aCheckpointGoesOnWithOtherThreads() throws {
        var settings = TrainingSettings()
        settings.epochCount = 1
        settings.batchSize = 40
        settings.carryShare = 0.9
        func trainer(_ threads: Int) throws -> Trainer<ClipTask<LoudBandExamples, LoudBandExamples>> {
            settings.threadCount = threads
            return try Trainer(
                network: Self.network, settings: settings, training: LoudBandExamples(count: 200, seed: 1),
                validation: LoudBandExamples(count: 10, seed: 2))
        }
        let whole = try trainer(3)
        let expected = try whole.run(from: whole.initialState(), shouldStop: { false }, report: { _ in })
        let first = try trainer(2)
        let steps = Mutex(0)
        var checkpoint: TrainingState?
        _ = try first.run(from: first.initialState(), shouldStop: { steps.withLock { $0 == 2 } }) { event in
            switch event {
            case .step: steps.withLock { $0 += 1 }
            case .stopped(let state): checkpoint = state()
            case .epoch: break
            }
        }
        let second = try trainer(1)
        let actual = try second.run(
            from: try #require(checkpoint), shouldStop: { false }, report: { _ in })
        #expect(actual?.parameters == expected?.parameters)
    }

    @Test func aSumIsAddedInOrder() {
        let sum = OrderedSum(count: 2, factor: 0.5)
        for number in [3, 0, 2, 1] { sum.add([Float(number), 1], number: number) }
        #expect(sum.total == [3, 2])
    }
}
