import MynahNetwork

/// Threads that together compute losses and gradients of batches from one source, each clip on one thread.
struct BatchTeam<Source: ExampleSource>: Sendable {
    private struct WorkerState {
        /// One per batch size: all batches have the same, but for an epoch's last one.
        var passes: [Int: NetworkPass] = [:]
        var context: Source.Context
        var features: [Float]
        var gradient: [Float]
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
    private let team: WorkerTeam<WorkerState>
    private let threadCount: Int

    init(source: Source, network: NetworkDescription, settings: TrainingSettings) {
        self.source = source
        self.network = network
        self.settings = settings
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
        let parts = team.run { worker, state -> ([Float], Sums) in
            let share = share(of: worker, in: batch)
            guard !share.isEmpty else { return ([], Sums()) }
            let pass = loadedPass(&state, share, epoch: epoch, dropoutRate: settings.dropoutRate)
            let labels = pass.labels
            var dropout: SeededGenerator? = SeededGenerator(
                seed: settings.seed, 1, epoch, share.lowerBound)
            let logits = pass.network.forward(parameters: parameters, dropout: &dropout)
            state.gradient.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
            pass.network.backward(
                parameters: parameters,
                logitsGradient: SoftmaxCrossEntropy.gradient(
                    logits: logits, labels: labels, classCount: network.classCount,
                    labelSmoothing: settings.labelSmoothing),
                gradient: &state.gradient)
            return (state.gradient, score(logits, labels, labelSmoothing: settings.labelSmoothing))
        }
        var mean = [Float](repeating: 0, count: parameters.count)
        var sums = Sums()
        for (gradient, partSums) in parts where !gradient.isEmpty {
            for index in mean.indices {
                mean[index] += gradient[index] / Float(batch.count)
            }
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
                let pass = loadedPass(&state, batch, epoch: epoch, dropoutRate: 0)
                let part = score(pass.network.forward(parameters: parameters), pass.labels, labelSmoothing: 0)
                all.loss += part.loss
                all.correct += part.correct
            }
            return all
        }
        let sums = parts.reduce(into: Sums()) {
            $0.loss += $1.loss
            $0.correct += $1.correct
        }
        return (sums, total)
    }

    /// The contiguous part of a batch that falls to a worker.
    private func share(of worker: Int, in batch: Range<Int>) -> Range<Int> {
        let lower = batch.lowerBound + batch.count * worker / threadCount
        let upper = batch.lowerBound + batch.count * (worker + 1) / threadCount
        return lower..<upper
    }

    /// A pass that holds the features of the examples, and their labels.
    private func loadedPass(
        _ state: inout WorkerState, _ examples: Range<Int>, epoch: Int, dropoutRate: Float
    ) -> (network: NetworkPass, labels: [Int]) {
        let pass = pass(&state, batchSize: examples.count, dropoutRate: dropoutRate)
        let labels = examples.map { index in
            let label = source.example(&state.features, index: index, epoch: epoch, context: &state.context)
            pass.setInput(clip: index - examples.lowerBound, features: state.features)
            return label
        }
        return (pass, labels)
    }

    private func pass(_ state: inout WorkerState, batchSize: Int, dropoutRate: Float) -> NetworkPass {
        if let pass = state.passes[batchSize] { return pass }
        do {
            let pass = try NetworkPass(
                network, frameCount: source.frameCount, batchSize: batchSize, dropoutRate: dropoutRate)
            state.passes[batchSize] = pass
            return pass
        } catch {
            preconditionFailure("the trainer validated this network before: \(error)")
        }
    }

    private func score(_ logits: [Float], _ labels: [Int], labelSmoothing: Float) -> Sums {
        let classCount = network.classCount
        var sums = Sums()
        sums.loss = SoftmaxCrossEntropy.loss(
            logits: logits, labels: labels, classCount: classCount, labelSmoothing: labelSmoothing)
        for (clip, label) in labels.enumerated() {
            let row = logits[clip * classCount..<(clip + 1) * classCount]
            // An answer counts only when it is the single highest: a network that says the same of all is never right.
            let highest = row.max() ?? 0
            if row[row.startIndex + label] == highest && row.count(where: { $0 == highest }) == 1 {
                sums.correct += 1
            }
        }
        return sums
    }
}
