import MynahBase
import MynahData
import MynahNetwork
import MynahTestSupport
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

/// A model depends on seed and data, not on threads and processes.
@Suite struct ThreadCountTests {
    /// The default network, with its convolutions and their normalization, dropout, carried states and early decisions;
    /// an epoch ends with a batch that is smaller than the others.
    private func train(
        threads: Int, precision: ProductPrecision, teacher: Teacher? = nil, shardSize: Int = 12,
        communicator: any Communicator = SingleProcess(), goingOn: Bool = false
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
            training: LoudBandExamples(count: 93, seed: 1), validation: LoudBandExamples(count: 150, seed: 2),
            communicator: communicator)
        var start = trainer.initialState()
        if goingOn { start = trainer.initialState(parameters: try trainer.normalizing(start.parameters)) }
        var losses: [Double] = []
        let best = try trainer.run(from: start, shouldStop: { false }) { event in
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

    /// Also where the shards cannot be shared out evenly, and some ranks have none of them.
    @Test(arguments: [2, 3, 4, 5])
    func theModelIsTheSameToTheBitForAnyNumberOfRanks(size: Int) throws {
        let expected = try train(threads: 2, precision: .float32)
        let actual = try ThreadedCommunicator.run(size: size) {
            try train(threads: $0.rank % 2 + 1, precision: .float32, communicator: $0)
        }
        for (parameters, losses) in actual {
            #expect(parameters == expected.parameters)
            #expect(losses == expected.losses)
        }
    }

    /// A checkpoint of several ranks holds the carried states of all, and goes on with any number of them.
    @Test func aCheckpointOfRanksGoesOnWithOthers() throws {
        var settings = TrainingSettings()
        settings.epochCount = 1
        settings.batchSize = 40
        settings.shardSize = 10
        settings.carryShare = 0.9
        @Sendable func train(
            _ communicator: any Communicator, settings: TrainingSettings, from state: TrainingState?,
            stoppingAfter count: Int
        ) throws -> (best: [Float]?, checkpoint: TrainingState?) {
            let trainer = try Trainer(
                network: Self.network, settings: settings, training: LoudBandExamples(count: 200, seed: 1),
                validation: LoudBandExamples(count: 10, seed: 2), communicator: communicator)
            let steps = Mutex(0)
            var checkpoint: TrainingState?
            let best = try trainer.run(
                from: state ?? trainer.initialState(), shouldStop: { steps.withLock { $0 == count } }
            ) { event in
                switch event {
                case .step: steps.withLock { $0 += 1 }
                case .stopped(let state): checkpoint = state()
                case .epoch: break
                }
            }
            return (best?.parameters, checkpoint)
        }
        let expected = try train(SingleProcess(), settings: settings, from: nil, stoppingAfter: -1).best
        let checkpoints = try ThreadedCommunicator.run(size: 3) { [settings] in
            try train($0, settings: settings, from: nil, stoppingAfter: 2).checkpoint
        }
        let checkpoint = try #require(checkpoints[0])
        #expect(checkpoint.carried.count == 4)
        #expect(checkpoint.carried == checkpoints[2]?.carried)
        for size in [1, 2, 4] {
            let best = try ThreadedCommunicator.run(size: size) { [settings] in
                try train($0, settings: settings, from: checkpoint, stoppingAfter: -1).best
            }
            #expect(best.allSatisfy { $0 == expected })
        }
    }

    /// Also what a finished model is normalized with.
    @Test func aStartChangesNothingOfThat() throws {
        let expected = try train(threads: 1, precision: .float32, goingOn: true)
        #expect(expected.parameters != (try train(threads: 1, precision: .float32)).parameters)
        #expect(try train(threads: 3, precision: .float32, goingOn: true).parameters == expected.parameters)
        let ranks = try ThreadedCommunicator.run(size: 2) {
            try train(threads: 2, precision: .float32, communicator: $0, goingOn: true)
        }
        for rank in ranks { #expect(rank.parameters == expected.parameters) }
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

    /// Numbers whose sum depends on its order: it is that of the tree, whoever adds first.
    @Test(arguments: 1...9) func aSumIsThatOfTheTree(shardCount: Int) {
        let values = (0..<shardCount).map { Float(1 << (3 * $0)) + 0.37 }
        func tree(_ range: Range<Int>) -> Float {
            guard range.count > 1 else { return values[range.lowerBound] }
            var half = 1
            while 2 * half < range.count { half *= 2 }
            let middle = range.lowerBound + half
            return tree(range.lowerBound..<middle) + tree(middle..<range.upperBound)
        }
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<20 {
            var order = Array(0..<shardCount)
            generator.shuffle(&order)
            let sum = ShardSum(shardCount: shardCount)
            for shard in order { sum.add([values[shard]], of: ShardSum.Branch(shard: shard)) }
            #expect(sum.branches.map(\.values) == [[tree(0..<shardCount)]])
        }
    }

    /// Whoever has which shards, all ranks get the same sum.
    @Test(arguments: [1, 2, 3, 4, 6]) func aSumOverRanksIsThatOfOneProcess(size: Int) throws {
        let layout = Self.network.parameterLayout
        let gradients = (0..<5).map { shard in
            var generator = SeededGenerator(seed: 8, shard)
            return (0..<layout.parameterCount).map { _ in generator.uniform() - 0.5 }
        }
        @Sendable func total(_ communicator: any Communicator) -> [Float] {
            let shares = (0..<communicator.size).map { communicator.share(of: 5, rank: $0) }
            let sum = GradientSum(
                layout: layout, shardCount: 5, shares: shares, clipCount: 7, communicator: communicator)
            for shard in shares[communicator.rank].reversed() {
                gradients[shard].withUnsafeBufferPointer { values in
                    guard let base = values.baseAddress else { return }
                    sum.add(base, completing: 0..<layout.parameterCount, shard: shard)
                }
            }
            return sum.total()
        }
        let expected = total(SingleProcess())
        #expect(expected.count == layout.parameterCount)
        for actual in try ThreadedCommunicator.run(size: size, total) { #expect(actual == expected) }
    }
}
