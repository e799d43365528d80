import MynahBase
import MynahModel
import MynahNetwork

/// What training minimizes: the cross-entropy of each phrase's intent, and those of the labels of its words.
struct PhraseLoss {
    let network: NetworkDescription

    /// Share of the target that is spread over all intents.
    let labelSmoothing: Float

    /// Losses, summed, and gradients of some phrases.
    struct Result {
        var loss = 0.0

        /// `[B, C]`.
        var logits: [Float] = []

        /// `[decisions, B, C]` and `[T, B, L]`.
        var gradient: [Float]
        var stepGradient: [Float]
    }

    /// Runs a pass in which the phrases are, each of them to its own end.
    func run(
        _ pass: NetworkPass, _ weights: PreparedNetwork, _ examples: [PhraseExamples.Example],
        dropout: inout SeededGenerator?
    ) -> Result {
        let decisions = Set(examples.map { $0.words.count - 1 }).sorted()
        let all = pass.forward(weights, decisions: decisions, dropout: &dropout)
        let steps = pass.stepLogits
        let (batchSize, classCount, labelCount) = (
            examples.count, network.classCount, network.stepClassCount ?? 0
        )
        var result = Result(
            gradient: [Float](repeating: 0, count: all.count),
            stepGradient: [Float](repeating: 0, count: steps.count))
        for (clip, example) in examples.enumerated() {
            let decision = decisions.firstIndex(of: example.words.count - 1) ?? 0
            let row =
                (decision * batchSize + clip) * classCount..<(decision * batchSize + clip + 1) * classCount
            let logits = Array(all[row])
            result.logits += logits
            result.loss += SoftmaxCrossEntropy.loss(
                logits: logits, labels: [example.intent], classCount: classCount,
                labelSmoothing: labelSmoothing)
            result.gradient.replaceSubrange(
                row,
                with: SoftmaxCrossEntropy.gradient(
                    logits: logits, labels: [example.intent], classCount: classCount,
                    labelSmoothing: labelSmoothing))
            for (step, label) in example.labels.enumerated() {
                let start = (step * batchSize + clip) * labelCount
                let row = Array(steps[start..<start + labelCount])
                result.loss += SoftmaxCrossEntropy.loss(logits: row, labels: [label], classCount: labelCount)
                result.stepGradient.replaceSubrange(
                    start..<start + labelCount,
                    with: SoftmaxCrossEntropy.gradient(logits: row, labels: [label], classCount: labelCount))
            }
        }
        return result
    }
}
