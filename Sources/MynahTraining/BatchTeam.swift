import MynahBase
import MynahData
import MynahNetwork
import Synchronization

/// Threads, of one process or several, that together compute losses and gradients of batches from one source.
///
/// A batch is cut into shards, whose size is a setting of the training and not the number of threads: a shard is what goes
/// through the network together, and over which batch normalization takes its moments. Its gradient follows from the
/// weights, the seed and its place alone, wherever it is computed, and the gradients are added in an order that their numbers
/// give. A shard of one number is computed by the same process in all batches, which so has the state that it carries on.
struct BatchTeam<Source: ExampleSource>: Sendable {
    private struct WorkerState {
        /// One for each size of a shard: all have the same, or one clip less, but for those of an epoch's last batch.
        var passes: [Int: NetworkPass] = [:]
        var teacherPasses: [Int: NetworkPass] = [:]
        var context: Source.Context
        var features: [Float]
    }

    /// Sums over the clips of a batch.
    struct Sums: Sendable {
        var loss = 0.0
        var correct = 0

        static func + (left: Sums, right: Sums) -> Sums {
            Sums(loss: left.loss + right.loss, correct: left.correct + right.correct)
        }
    }

    /// Examples that go through the network together where no gradient is needed.
    private static var evaluationShardSize: Int { 64 }

    private let source: Source
    private let network: NetworkDescription
    private let settings: TrainingSettings
    private let teacher: PreparedNetwork?
    private let objective: Objective
    private let team: WorkerTeam<WorkerState>
    private let shardSize: Int
    private let communicator: any Communicator

    /// Shards of a batch that is full.
    private let fullShardCount: Int

    /// The states in which the shards of the last batch ended, those of this process, by the number of the shard.
    private let carried: Carried

    private final class Carried: Sendable {
        let states = Mutex<[Int: CarriedState]>([:])
    }

    /// - Parameters:
    ///   - batchSize: clips of a full batch.
    ///   - shardSize: clips that go through the network together; as many as the network allows.
    init(
        source: Source, network: NetworkDescription, settings: TrainingSettings, teacher: Teacher? = nil,
        batchSize: Int, shardSize: Int, communicator: any Communicator
    ) {
        self.source = source
        self.network = network
        self.settings = settings
        self.teacher = teacher.map { $0.network.prepared($0.parameters, for: .recognition) }
        self.shardSize = shardSize
        self.communicator = communicator
        fullShardCount = evenShards(of: 0..<batchSize, size: shardSize).count
        objective = Objective(classCount: network.classCount, settings: settings)
        carried = Carried()
        team = WorkerTeam(count: max(1, settings.threadCount)) {
            WorkerState(
                context: source.makeContext(),
                features: [Float](repeating: 0, count: source.frameCount * source.featureCount))
        }
    }

    /// The shards of a batch that a process computes.
    private func share(of shardCount: Int, rank: Int) -> Range<Int> {
        communicator.share(of: fullShardCount, rank: rank).clamped(to: 0..<shardCount)
    }

    /// Mean gradient over a batch of one epoch's examples, with dropout; and the summed loss.
    ///
    /// - Throws: `DataError.lostRecording`.
    func gradient(
        of batch: Range<Int>, epoch: Int, parameters: [Float]
    ) throws(DataError) -> (gradient: [Float], sums: Sums) {
        let plan = plan(of: batch, epoch: epoch)
        let weights = network.prepared(parameters, for: .training(settings.precision))
        let shards = evenShards(of: batch, size: shardSize)
        let own = share(of: shards.count, rank: communicator.rank)
        let before = plan.carriesState ? carried.states.withLock { $0 } : [:]
        let gradients = GradientSum(
            layout: network.parameterLayout, shardCount: shards.count,
            shares: (0..<communicator.size).map { share(of: shards.count, rank: $0) },
            clipCount: batch.count, communicator: communicator)
        let results = team.map(own.count) { index, state -> (Sums, CarriedState?) in
            let number = own.lowerBound + index
            let shard = shards[number]
            let pass = pass(&state.passes, network, batchSize: shard.count, dropout: settings.dropout)
            let labels = load(&state, into: pass, shard, epoch: epoch)
            let goesOn = before[number].flatMap { $0.clipCount == shard.count ? $0 : nil }
            pass.carriesState = goesOn != nil
            if let goesOn { pass.carriedState = goesOn.values }
            var generator: SeededGenerator? = SeededGenerator(
                seed: settings.seed, 1, epoch, shard.lowerBound)
            let logits = pass.forward(
                weights, decisions: plan.decisions(stepCount: pass.stepCount), dropout: &generator)
            let teacherLogits = teacher.map { teacher in
                let teaching = self.pass(
                    &state.teacherPasses, teacher.description, batchSize: shard.count)
                teaching.copyInput(of: pass)
                return teaching.forward(teacher)
            }
            let (loss, logitsGradient) = objective.evaluate(
                logits: logits, labels: labels, teacherLogits: teacherLogits)
            var gradient = [Float](repeating: 0, count: parameters.count)
            pass.backward(logitsGradient: logitsGradient, gradient: &gradient) { places, gradient in
                gradients.add(gradient, completing: places, shard: number)
            }
            let atEnd = Array(logits.suffix(labels.count * network.classCount))
            return (
                Sums(loss: loss, correct: correctCount(atEnd, labels)),
                mayCarryState ? CarriedState(clipCount: shard.count, values: pass.carriedState) : nil
            )
        }
        let states = zip(own, results).compactMap { number, result in result.1.map { (number, $0) } }
        carried.states.withLock { $0 = Dictionary(uniqueKeysWithValues: states) }
        let sums = communicator.allGather(results.map(\.0)).reduce(Sums(), +)
        let total = gradients.total()
        if let loss = source.loss { throw loss }
        return (total, sums)
    }

    /// Loss and number of correct answers over all examples of an epoch, without dropout.
    ///
    /// - Throws: `DataError.lostRecording`.
    func evaluate(epoch: Int, parameters: [Float]) throws(DataError) -> (sums: Sums, total: Int) {
        let total = source.exampleCount(epoch: epoch)
        let weights = network.prepared(parameters, for: .recognition)
        let size = network.batchSize(Self.evaluationShardSize, frameCount: source.frameCount)
        let shards = stride(from: 0, to: total, by: size).map { $0..<min($0 + size, total) }
        let own = communicator.share(of: shards.count)
        let parts = team.map(own.count) { index, state in
            let shard = shards[own.lowerBound + index]
            let pass = pass(&state.passes, network, batchSize: shard.count)
            let labels = load(&state, into: pass, shard, epoch: epoch)
            let logits = pass.forward(weights)
            return Sums(
                loss: SoftmaxCrossEntropy.loss(
                    logits: logits, labels: labels, classCount: network.classCount),
                correct: correctCount(logits, labels))
        }
        let sums = communicator.allGather(parts).reduce(Sums(), +)
        if let loss = source.loss { throw loss }
        return (sums, total)
    }

    /// What is drawn once for all clips of a batch.
    private struct BatchPlan: Sendable {
        /// Whether the network goes on from the states of the batch before.
        let carriesState: Bool

        /// Where the early decisions lie, `0 ..< 1` of the steps that may have one.
        let earlyPlaces: [Float]

        /// The steps at which the network decides, the last one included.
        func decisions(stepCount: Int) -> [Int] {
            let first = stepCount / 4
            let early = earlyPlaces.map { first + Int($0 * Float(stepCount - 1 - first)) }
            return Set(early + [stepCount - 1]).sorted()
        }
    }

    private func plan(of batch: Range<Int>, epoch: Int) -> BatchPlan {
        guard network.isCausal else { return BatchPlan(carriesState: false, earlyPlaces: []) }
        var generator = SeededGenerator(seed: settings.seed, 2, epoch, batch.lowerBound)
        return BatchPlan(
            carriesState: generator.uniform() < settings.carryShare,
            earlyPlaces: (0..<settings.earlyDecisionCount).map { _ in generator.uniform() })
    }

    /// Whether any batch may go on from the states of the one before.
    private var mayCarryState: Bool { network.isCausal && settings.carryShare > 0 }

    /// Places the features of the examples into a pass, and returns their labels.
    private func load(
        _ state: inout WorkerState, into pass: NetworkPass, _ examples: Range<Int>, epoch: Int
    ) -> [Int] {
        examples.map { index in
            let label = source.example(&state.features, index: index, epoch: epoch, context: &state.context)
            pass.setInput(clip: index - examples.lowerBound, features: state.features)
            return label
        }
    }

    private func pass(
        _ passes: inout [Int: NetworkPass], _ network: NetworkDescription, batchSize: Int,
        dropout: DropoutRates = DropoutRates()
    ) -> NetworkPass {
        if let pass = passes[batchSize] { return pass }
        do {
            let pass = try NetworkPass(
                network, frameCount: source.frameCount, batchSize: batchSize, dropout: dropout)
            passes[batchSize] = pass
            return pass
        } catch {
            preconditionFailure("the trainer validated this network before: \(error)")
        }
    }

    private func correctCount(_ logits: [Float], _ labels: [Int]) -> Int {
        let classCount = network.classCount
        return labels.indices.count(where: { clip in
            let row = logits[clip * classCount..<(clip + 1) * classCount]
            // An answer counts only when it is the single highest: a network that says the same of all is never right.
            let highest = row.max() ?? 0
            return row[row.startIndex + labels[clip]] == highest && row.count(where: { $0 == highest }) == 1
        })
    }

    /// The states that the next batch may go on from, for each shard, those of other processes included: what a checkpoint must
    /// keep.
    func gatherCarriedStates() -> [CarriedState] {
        let own = carried.states.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
        let clipCounts = communicator.allGather(own.map(\.clipCount))
        let values = communicator.allGather(own.flatMap(\.values))
        var start = 0
        return clipCounts.map { clipCount in
            defer { start += clipCount * network.carriedValueCount }
            return CarriedState(
                clipCount: clipCount,
                values: Array(values[start..<start + clipCount * network.carriedValueCount]))
        }
    }

    /// Takes up the states of an earlier team of the same training.
    func restore(_ states: [CarriedState]) {
        carried.states.withLock {
            $0 = Dictionary(uniqueKeysWithValues: states.enumerated().map { ($0, $1) })
        }
    }
}

/// The states of a shard's clips at the end of a batch.
package struct CarriedState: Sendable, Equatable {
    /// Clips of the shard.
    let clipCount: Int

    /// As `NetworkPass.carriedState` has them.
    let values: [Float]
}

/// The shards of a batch: as few as `size` allows, of which no two differ by more than a clip.
func evenShards(of batch: Range<Int>, size: Int) -> [Range<Int>] {
    let count = (batch.count + size - 1) / size
    return (0..<count).map { number in
        batch.lowerBound + batch.count * number / count..<batch.lowerBound + batch.count * (number + 1)
            / count
    }
}
