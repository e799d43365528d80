package import MynahBase
import MynahData
import MynahLanguage
import MynahModel
package import MynahNetwork

/// To read phrases: the intent of each, and a label for each of its words, learnt together.
package struct PhraseTask: TrainingTask {
    package let network: NetworkDescription

    let training: PhraseExamples

    /// Nil where all phrases are learnt from.
    let validation: ValidationPhrases?

    package var exampleCount: Int { training.count }

    package var validationTotal: Int { validation?.examples.count ?? 0 }

    /// Every phrase starts with a clean state.
    package func carriedClipLimit(batchSize: Int, settings: TrainingSettings) -> Int { 0 }

    package func makeTeam(
        batchSize: Int, settings: TrainingSettings, communicator: any Communicator
    ) -> PhraseTeam {
        PhraseTeam(self, batchSize: batchSize, settings: settings, communicator: communicator)
    }
}

/// Phrases to judge a network by, in words, with the rows that they name.
struct ValidationPhrases: Sendable {
    let examples: [PhraseExamples.Example]

    /// Of each, `[words, rowsPerWord]`.
    let features: [[Float]]

    /// Which labels follow each other.
    let decoder: SlotDecoder

    init(_ lines: [PhraseCollection.Line], classes: PhraseClasses, table: WordTable) {
        examples = lines.map { classes.example($0.template.phrase(0), intent: $0.intent) }
            .filter { !$0.words.isEmpty }
        features = examples.map { $0.words.flatMap { table.rows(of: $0) } }
        decoder = SlotDecoder(slotCount: classes.slots.count)
    }
}

/// Threads, of one process or several, that learn to read phrases.
///
/// A batch is cut into shards; a shard is what goes through the network together. Its gradient follows from the weights, the seed
/// and its place alone, wherever it is computed, and the gradients are added in an order that their numbers give.
package struct PhraseTeam: TrainingTeam {
    private let task: PhraseTask
    private let settings: TrainingSettings
    private let shardSize: Int
    private let loss: PhraseLoss
    private let batches: LengthBatches
    private let team: WorkerTeam<Void>
    private let communicator: any Communicator

    /// The order of the epoch that is being trained.
    private let current = CurrentOrder()

    init(
        _ task: PhraseTask, batchSize: Int, settings: TrainingSettings, communicator: any Communicator
    ) {
        self.task = task
        self.communicator = communicator
        self.settings = settings
        shardSize = settings.shardSize(batchSize: batchSize)
        loss = PhraseLoss(network: task.network, labelSmoothing: settings.labelSmoothing)
        batches = LengthBatches(lengths: task.training.lengths, batchSize: batchSize)
        team = WorkerTeam(count: max(1, settings.threadCount)) { () }
    }

    package func gradient(
        of batch: Range<Int>, epoch: Int, parameters: [Float]
    ) -> (gradient: [Float], loss: Double) {
        let examples = Array(
            current.order(epoch: epoch) { batches.order(seed: settings.seed, epoch: epoch) }[batch])
        let weights = task.network.prepared(parameters, for: .training(settings.precision))
        let shards = evenShards(of: examples.indices, size: shardSize)
        let own = communicator.share(of: shards.count)
        let gradients = GradientSum(
            layout: task.network.parameterLayout, shardCount: shards.count,
            shares: (0..<communicator.size).map { communicator.share(of: shards.count, rank: $0) },
            clipCount: examples.count, communicator: communicator)
        let losses = team.map(own.count) { index, _ in
            let number = own.lowerBound + index
            let shard = examples[shards[number]].map { index in
                var generator = SeededGenerator(seed: settings.seed, 3, epoch, index)
                return task.training.draw(index, using: &generator)
            }
            var dropout: SeededGenerator? = SeededGenerator(
                seed: settings.seed, 1, epoch, batch.lowerBound + shards[number].lowerBound)
            let pass = pass(of: shard.map(\.features), dropout: settings.dropout)
            let result = loss.run(pass, weights, shard.map(\.example), dropout: &dropout)
            var gradient = [Float](repeating: 0, count: parameters.count)
            pass.backward(
                logitsGradient: result.gradient, stepLogitsGradient: result.stepGradient, gradient: &gradient
            ) { places, gradient in
                gradients.add(gradient, completing: places, shard: number)
            }
            return result.loss
        }
        return (gradients.total(), communicator.allGather(losses).reduce(0, +))
    }

    /// Mean loss of a phrase for validation, and how many are read rightly: the intent, and the label of every word.
    package func validate(parameters: [Float]) -> (loss: Double?, correct: Int) {
        guard let validation = task.validation, !validation.examples.isEmpty else { return (nil, 0) }
        let weights = task.network.prepared(parameters, for: .recognition)
        let own = communicator.share(of: validation.examples.count)
        let parts = team.map(own.count) { number, _ in
            let index = own.lowerBound + number
            let example = validation.examples[index]
            let pass = pass(of: [validation.features[index]], dropout: DropoutRates())
            var none: SeededGenerator?
            let result = loss.run(pass, weights, [example], dropout: &none)
            let labels = validation.decoder.labels(
                pass.stepLogits[...],
                allowed: [Bool](repeating: true, count: ((task.network.stepClassCount ?? 1) - 1) / 2))
            let isRight = result.logits.indexOfLargest == example.intent && labels == example.labels
            return (loss: result.loss, isRight: isRight)
        }
        let losses = communicator.allGather(parts.map(\.loss))
        let right = communicator.allGather(parts.map(\.isRight))
        return (losses.reduce(0, +) / Double(losses.count), right.count { $0 })
    }

    private func pass(of clips: [[Float]], dropout: DropoutRates) -> NetworkPass {
        let longest = clips.map { $0.count / WordTable.rowsPerWord }.max() ?? 0
        do {
            let pass = try NetworkPass(
                task.network, frameCount: longest, batchSize: clips.count, dropout: dropout)
            for (clip, features) in clips.enumerated() { pass.setInput(clip: clip, features: features) }
            return pass
        } catch {
            preconditionFailure("the network was validated for sentences of all lengths: \(error)")
        }
    }

    package func gatherCarriedStates() -> [CarriedState] { [] }

    package func restore(_ states: [CarriedState]) {
        precondition(states.isEmpty, "phrases carry no states, got \(states.count)")
    }
}
