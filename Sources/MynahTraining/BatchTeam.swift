import MynahBase
import MynahData
import MynahNetwork

/// Threads that together compute losses and gradients of batches from one source, each clip on one thread.
struct BatchTeam<Source: ExampleSource>: Sendable {
    private struct WorkerState {
        /// One per batch size: all batches have the same, but for an epoch's last one.
        var passes: [Int: NetworkPass] = [:]
        var teacherPasses: [Int: NetworkPass] = [:]
        var context: Source.Context
        var features: [Float]
        var gradient: [Float]

        /// Clips of the last batch: only a batch of as many can go on from its states.
        var lastCount = 0
    }

    /// Sums over the clips of a batch.
    struct Sums: Sendable {
        var loss = 0.0
        var correct = 0
    }

    /// Examples that go through the network together where no gradient is needed.
    private static var evaluationBatchSize: Int { 128 }

    private let source: Source
    private let network: NetworkDescription
    private let settings: TrainingSettings
    private let teacher: Teacher?
    private let objective: Objective
    private let team: WorkerTeam<WorkerState>
    private let threadCount: Int

    init(source: Source, network: NetworkDescription, settings: TrainingSettings, teacher: Teacher? = nil) {
        self.source = source
        self.network = network
        self.settings = settings
        self.teacher = teacher
        objective = Objective(classCount: network.classCount, settings: settings)
        threadCount = max(1, settings.threadCount)
        let parameterCount = network.parameterLayout.parameterCount
        team = WorkerTeam(count: threadCount) {
            WorkerState(
                context: source.makeContext(),
                features: [Float](repeating: 0, count: source.frameCount * source.featureCount),
                gradient: [Float](repeating: 0, count: parameterCount))
        }
    }

    /// Mean gradient over a batch of one epoch's examples, with dropout; and the summed loss.
    func gradient(of batch: Range<Int>, epoch: Int, parameters: [Float]) -> (gradient: [Float], sums: Sums) {
        let plan = plan(of: batch, epoch: epoch)
        let parts = team.run { worker, state -> ([Float], Sums) in
            let share = share(of: worker, in: batch)
            guard !share.isEmpty else { return ([], Sums()) }
            let pass = trainingPass(&state, batchSize: share.count)
            let labels = load(&state, into: pass, share, epoch: epoch)
            pass.carriesState = plan.carriesState && state.lastCount == share.count
            state.lastCount = share.count
            var generator: SeededGenerator? = SeededGenerator(
                seed: settings.seed, 1, epoch, share.lowerBound)
            let logits = pass.forward(
                parameters: parameters, decisions: plan.decisions(stepCount: pass.stepCount),
                dropout: &generator)
            let teacherLogits = teacher.map { teacher in
                let teaching = self.pass(
                    &state.teacherPasses, teacher.network, batchSize: share.count)
                teaching.copyInput(of: pass)
                return teaching.forward(parameters: teacher.parameters)
            }
            let (loss, logitsGradient) = objective.evaluate(
                logits: logits, labels: labels, teacherLogits: teacherLogits)
            state.gradient.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
            pass.backward(parameters: parameters, logitsGradient: logitsGradient, gradient: &state.gradient)
            let atEnd = Array(logits.suffix(labels.count * network.classCount))
            return (state.gradient, Sums(loss: loss, correct: correctCount(atEnd, labels)))
        }
        var mean = [Float](repeating: 0, count: parameters.count)
        var sums = Sums()
        for (gradient, partSums) in parts where !gradient.isEmpty {
            mean.add(gradient, times: 1 / Float(batch.count))
            sums.loss += partSums.loss
            sums.correct += partSums.correct
        }
        return (mean, sums)
    }

    /// Loss and number of correct answers over all examples of an epoch, without dropout.
    func evaluate(epoch: Int, parameters: [Float]) -> (sums: Sums, total: Int) {
        let total = source.exampleCount(epoch: epoch)
        let parts = team.run { worker, state in
            var all = Sums()
            let own = share(of: worker, in: 0..<total)
            for start in stride(from: own.lowerBound, to: own.upperBound, by: Self.evaluationBatchSize) {
                let batch = start..<min(start + Self.evaluationBatchSize, own.upperBound)
                let pass = pass(&state.passes, network, batchSize: batch.count)
                let labels = load(&state, into: pass, batch, epoch: epoch)
                let logits = pass.forward(parameters: parameters)
                all.loss += SoftmaxCrossEntropy.loss(
                    logits: logits, labels: labels, classCount: network.classCount)
                all.correct += correctCount(logits, labels)
            }
            return all
        }
        let sums = parts.reduce(into: Sums()) {
            $0.loss += $1.loss
            $0.correct += $1.correct
        }
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

    /// The contiguous part of a batch that falls to a worker.
    private func share(of worker: Int, in batch: Range<Int>) -> Range<Int> {
        let lower = batch.lowerBound + batch.count * worker / threadCount
        let upper = batch.lowerBound + batch.count * (worker + 1) / threadCount
        return lower..<upper
    }

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

    private func trainingPass(_ state: inout WorkerState, batchSize: Int) -> NetworkPass {
        pass(
            &state.passes, network, batchSize: batchSize, dropout: settings.dropout,
            precision: settings.precision)
    }

    private func pass(
        _ passes: inout [Int: NetworkPass], _ network: NetworkDescription, batchSize: Int,
        dropout: DropoutRates = DropoutRates(), precision: ProductPrecision = .float32
    ) -> NetworkPass {
        if let pass = passes[batchSize] { return pass }
        do {
            let pass = try NetworkPass(
                network, frameCount: source.frameCount, batchSize: batchSize, dropout: dropout,
                precision: precision)
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

    /// The states that the next batch may go on from, for each worker: what a checkpoint must keep.
    var carriedStates: [CarriedState] {
        team.run { _, state in
            CarriedState(
                clipCount: state.lastCount, values: state.passes[state.lastCount]?.carriedState ?? [])
        }
    }

    /// Takes up ``carriedStates`` of an earlier team of the same shape.
    func restore(_ states: [CarriedState]) {
        precondition(
            states.count == threadCount, "states of \(states.count) threads, expected \(threadCount)")
        _ = team.run { worker, state in
            let carried = states[worker]
            state.lastCount = carried.clipCount
            guard carried.clipCount > 0 else { return }
            trainingPass(&state, batchSize: carried.clipCount).carriedState = carried.values
        }
    }
}

/// The states of one thread's clips at the end of a batch.
struct CarriedState: Sendable, Equatable {
    /// Clips of the batch; 0 before the first one.
    let clipCount: Int

    /// As `NetworkPass.carriedState` has them.
    let values: [Float]
}
