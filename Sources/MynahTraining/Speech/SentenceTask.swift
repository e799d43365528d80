package import MynahBase
package import MynahData
import MynahFeatures
package import MynahNetwork

/// To spell sentences: recordings of unequal length, with a text each, by connectionist temporal classification.
package struct SentenceTask<Source: SentenceSource>: TrainingTask {
    /// Sentences to judge by, as they are.
    package struct Validation: Sendable {
        let store: SentenceStore
        let frontEnd: FrontEndConfiguration
        let normalizer: FeatureNormalizer
    }

    package let network: NetworkDescription

    /// The sentences to learn from.
    let training: Source

    /// None where all are learnt from.
    let validation: Validation?

    /// Brings together what training needs.
    package init(network: NetworkDescription, training: Source, validation: Validation? = nil) {
        self.network = network
        self.training = training
        self.validation = validation
    }

    package var exampleCount: Int { training.symbols.count }

    /// Symbols of all texts for validation.
    package var validationTotal: Int { validation?.store.symbols.reduce(0) { $0 + $1.count } ?? 0 }

    /// Every sentence starts with a clean state.
    package func carriedClipLimit(batchSize: Int, settings: TrainingSettings) -> Int { 0 }

    package func makeTeam(
        batchSize: Int, settings: TrainingSettings, communicator: any Communicator
    ) -> SentenceTeam<Source> {
        SentenceTeam(self, batchSize: batchSize, settings: settings, communicator: communicator)
    }
}

/// Threads, of one process or several, that learn to spell sentences.
///
/// A batch is cut into shards, as few as memory and settings allow; a shard is what goes through the network together. Its
/// gradient follows from the weights, the seed and its place alone, wherever it is computed, and the gradients are added in an
/// order that their numbers give.
package struct SentenceTeam<Source: SentenceSource>: TrainingTeam {
    private let task: SentenceTask<Source>
    private let settings: TrainingSettings
    private let shardSize: Int
    private let loss: CTCLoss
    private let batches: LengthBatches
    private let team: WorkerTeam<Source.Workspace>
    private let communicator: any Communicator

    /// The order of the epoch that is being trained.
    private let current = CurrentOrder()

    init(
        _ task: SentenceTask<Source>, batchSize: Int, settings: TrainingSettings,
        communicator: any Communicator
    ) {
        self.task = task
        self.communicator = communicator
        self.settings = settings
        shardSize = settings.shardSize(batchSize: batchSize)
        loss = CTCLoss(classCount: task.network.classCount)
        batches = LengthBatches(lengths: task.training.lengths, batchSize: batchSize)
        team = WorkerTeam(count: max(1, settings.threadCount)) { task.training.makeWorkspace() }
    }

    /// The gradient of the mean loss of a symbol, and the losses of the sentences for each of their symbols, summed.
    package func gradient(
        of batch: Range<Int>, epoch: Int, parameters: [Float]
    ) throws -> (gradient: [Float], loss: Double) {
        let order = current.order(epoch: epoch) { batches.order(seed: settings.seed, epoch: epoch) }
        let weights = task.network.prepared(parameters, for: .training(settings.precision))
        let sentences = Array(order[batch])
        let symbolCount = sentences.reduce(0) { $0 + task.training.symbols[$1].count }
        let shards = parts(of: sentences)
        // The gradients are averaged over the sentences; that of the logits is made one for each symbol.
        let scale = Float(sentences.count) / Float(max(1, symbolCount))
        let own = communicator.share(of: shards.count)
        let gradients = GradientSum(
            layout: task.network.parameterLayout, shardCount: shards.count,
            shares: (0..<communicator.size).map { communicator.share(of: shards.count, rank: $0) },
            clipCount: sentences.count, communicator: communicator)
        let losses = team.map(own.count) { index, workspace in
            Result { () throws(DataError) in
                let number = own.lowerBound + index
                let shard = Array(sentences[shards[number]])
                var clips: [[Float]] = []
                for index in shard {
                    clips.append(
                        try task.training.draw(index, seed: settings.seed, epoch: epoch, workspace))
                }
                let place = batch.lowerBound + shards[number].lowerBound
                return gradient(
                    of: shard, clips, weights,
                    seedingWith: SeededGenerator(seed: settings.seed, 1, epoch, place),
                    scale: scale
                ) { gradients.add($1, completing: $0, shard: number) }
            }
        }
        var lossesHere: [Double] = []
        for loss in losses { lossesHere.append(try loss.get()) }
        let sum = communicator.allGather(lossesHere).reduce(0, +)
        return (gradients.total(), sum)
    }

    /// The losses of a shard for each symbol, summed; hands over its gradient as it becomes complete.
    private func gradient(
        of shard: [Int], _ clips: [[Float]], _ weights: PreparedNetwork,
        seedingWith generator: SeededGenerator,
        scale: Float, onComplete: (_ places: Range<Int>, _ gradient: UnsafePointer<Float>) -> Void
    ) -> Double {
        let network = task.network
        let frameCounts = clips.map { $0.count / network.inputSize }
        let pass: NetworkPass
        do {
            pass = try NetworkPass(
                network, frameCount: frameCounts.max() ?? 0, batchSize: clips.count, dropout: settings.dropout
            )
        } catch {
            preconditionFailure(
                "the network was validated before, and the shards are as large as it allows: \(error)")
        }
        for (clip, features) in clips.enumerated() { pass.setInput(clip: clip, features: features) }
        var dropout: SeededGenerator? = generator
        let logits = pass.forward(weights, decisions: Array(0..<pass.stepCount), dropout: &dropout)
        let symbols = shard.map { task.training.symbols[$0] }
        let result = loss.evaluate(logits: logits, stepCounts: pass.clipStepCounts, symbols: symbols)
        var gradient = [Float](repeating: 0, count: network.parameterLayout.parameterCount)
        pass.backward(
            logitsGradient: result.gradient.map { scale * $0 }, gradient: &gradient, onComplete: onComplete)
        return zip(result.losses, symbols).reduce(0) { sum, clip in
            // A sentence that was made too fast for its text teaches nothing, and counts nothing.
            clip.0 == .infinity ? sum : sum + clip.0 / Double(max(1, clip.1.count))
        }
    }

    /// What came of a sentence for validation.
    private struct Outcome: Codable {
        let loss: Double
        let errors: Int
    }

    /// A batch cut into shards, as few as the settings and memory allow, of which no two differ by more than a sentence.
    private func parts(of sentences: [Int]) -> [Range<Int>] {
        let frameCount = sentences.map(task.training.longestFrameCount).max() ?? 0
        let size = max(1, task.network.batchSize(shardSize, frameCount: frameCount))
        return evenShards(of: sentences.indices, size: size)
    }

    /// Mean loss of a symbol over the sentences for validation, and their symbols less all errors in what the network spells,
    /// but never below 0.
    package func validate(parameters: [Float]) throws -> (loss: Double?, correct: Int) {
        guard let validation = task.validation else { return (nil, 0) }
        let runner = SentenceRunner(
            task.network.prepared(parameters, for: .recognition), over: validation.store,
            frontEnd: validation.frontEnd,
            normalizer: validation.normalizer, threads: settings.threadCount, communicator: communicator)
        let outcomes = try runner.map { index, logits in
            let symbols = validation.store.symbols[index]
            let steps = logits.count / task.network.classCount
            let own = self.loss.losses(logits: logits, stepCounts: [steps], symbols: [symbols])[0]
            let spelled = ctcGreedySymbols(logits, classCount: task.network.classCount)
            return Outcome(loss: own, errors: EditDistance(from: spelled, to: symbols).errors)
        }
        let total = task.validationTotal
        let mean = outcomes.reduce(0) { $0 + $1.loss } / Double(max(1, total))
        return (mean, max(0, total - outcomes.reduce(0) { $0 + $1.errors }))
    }

    package func gatherCarriedStates() -> [CarriedState] { [] }

    package func restore(_ states: [CarriedState]) {
        precondition(states.isEmpty, "sentences carry no states, got \(states.count)")
    }
}
