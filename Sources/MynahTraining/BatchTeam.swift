import MynahBase
import MynahData
import MynahNetwork
import Synchronization

/// Threads that together compute losses and gradients of batches from one source.
///
/// A batch is cut into shards, whose size is a setting of the training and not the number of threads: a shard is what goes
/// through the network together, and over which batch normalization takes its moments. Its gradient follows from the
/// weights, the seed and its place alone, wherever it is computed, and the gradients are added in the order of the shards.
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

    /// The states in which the shards of the last batch ended.
    private let carried: Carried

    private final class Carried: Sendable {
        let states = Mutex<[CarriedState]>([])
    }

    /// - Parameter shardSize: clips that go through the network together; as many as the network allows.
    init(
        source: Source, network: NetworkDescription, settings: TrainingSettings, teacher: Teacher? = nil,
        shardSize: Int
    ) {
        self.source = source
        self.network = network
        self.settings = settings
        self.teacher = teacher.map { $0.network.prepared($0.parameters, for: .recognition) }
        self.shardSize = shardSize
        objective = Objective(classCount: network.classCount, settings: settings)
        carried = Carried()
        team = WorkerTeam(count: max(1, settings.threadCount)) {
            WorkerState(
                context: source.makeContext(),
                features: [Float](repeating: 0, count: source.frameCount * source.featureCount))
        }
    }

    /// Mean gradient over a batch of one epoch's examples, with dropout; and the summed loss.
    func gradient(of batch: Range<Int>, epoch: Int, parameters: [Float]) -> (gradient: [Float], sums: Sums) {
        let plan = plan(of: batch, epoch: epoch)
        let weights = network.prepared(parameters, for: .training(settings.precision))
        let shards = evenShards(of: batch, size: shardSize)
        let before = plan.carriesState ? carriedStates : []
        let gradients = OrderedSum(count: parameters.count, factor: 1 / Float(batch.count))
        let results = team.map(shards.count) { number, state -> (Sums, CarriedState?) in
            let shard = shards[number]
            let pass = pass(&state.passes, network, batchSize: shard.count, dropout: settings.dropout)
            let labels = load(&state, into: pass, shard, epoch: epoch)
            pass.carriesState = number < before.count && before[number].clipCount == shard.count
            if pass.carriesState { pass.carriedState = before[number].values }
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
            pass.backward(logitsGradient: logitsGradient, gradient: &gradient)
            gradients.add(gradient, number: number)
            let atEnd = Array(logits.suffix(labels.count * network.classCount))
            return (
                Sums(loss: loss, correct: correctCount(atEnd, labels)),
                mayCarryState ? CarriedState(clipCount: shard.count, values: pass.carriedState) : nil
            )
        }
        carried.states.withLock { $0 = results.compactMap(\.1) }
        return (gradients.total, results.reduce(Sums()) { $0 + $1.0 })
    }

    /// Loss and number of correct answers over all examples of an epoch, without dropout.
    func evaluate(epoch: Int, parameters: [Float]) -> (sums: Sums, total: Int) {
        let total = source.exampleCount(epoch: epoch)
        let weights = network.prepared(parameters, for: .recognition)
        let size = network.batchSize(Self.evaluationShardSize, frameCount: source.frameCount)
        let shards = stride(from: 0, to: total, by: size).map { $0..<min($0 + size, total) }
        let parts = team.map(shards.count) { number, state in
            let pass = pass(&state.passes, network, batchSize: shards[number].count)
            let labels = load(&state, into: pass, shards[number], epoch: epoch)
            let logits = pass.forward(weights)
            return Sums(
                loss: SoftmaxCrossEntropy.loss(
                    logits: logits, labels: labels, classCount: network.classCount),
                correct: correctCount(logits, labels))
        }
        return (parts.reduce(Sums(), +), total)
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

    /// The states that the next batch may go on from, for each shard: what a checkpoint must keep.
    var carriedStates: [CarriedState] { carried.states.withLock { $0 } }

    /// Takes up ``carriedStates`` of an earlier team of the same training.
    func restore(_ states: [CarriedState]) {
        carried.states.withLock { $0 = states }
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
