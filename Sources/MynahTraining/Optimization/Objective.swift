import MynahBase
import MynahNetwork

/// What training minimizes: cross-entropy of the decision at the end of each clip with its label and with what a teacher
/// says, and of the decisions before it with the label.
///
/// A teacher counts only for the clips that it names rightly: what it takes running speech for, which it may never have met,
/// is nothing to learn.
struct Objective {
    /// Classes, `C`.
    let classCount: Int

    /// How the terms weigh.
    let settings: TrainingSettings

    /// Sum of the losses of the decisions at the end, in nats, as `SoftmaxCrossEntropy` has it, and the gradient.
    ///
    /// - Parameters:
    ///   - logits: `[decisions, B, C]`, the decision at the end last.
    ///   - labels: `[B]`.
    ///   - teacherLogits: `[B, C]`, if there is a teacher.
    func evaluate(
        logits: [Float], labels: [Int], teacherLogits: [Float]?
    ) -> (loss: Double, gradient: [Float]) {
        let blockSize = labels.count * classCount
        let earlyCount = logits.count / blockSize - 1
        let earlyShare = earlyCount > 0 ? settings.earlyDecisionShare : 0
        var gradient: [Float] = []
        gradient.reserveCapacity(logits.count)
        for index in 0..<earlyCount {
            gradient += labelGradient(
                Array(logits[index * blockSize..<(index + 1) * blockSize]), labels,
                weight: earlyShare / Float(earlyCount))
        }
        let last = Array(logits.suffix(blockSize))
        var end = labelGradient(last, labels, weight: 1 - earlyShare)
        if let teacherLogits {
            let (share, temperature) = (settings.teacherShare, settings.teacherTemperature)
            func softened(_ logits: [Float]) -> [Float] {
                SoftmaxCrossEntropy.softmax(logits, classCount: classCount, temperature: temperature)
            }
            let (own, target) = (softened(last), softened(teacherLogits))
            // The temperature once: T² of the loss, over T of the logits.
            let weight = (1 - earlyShare) * share * temperature
            for (clip, label) in labels.enumerated() {
                let row = clip * classCount..<(clip + 1) * classCount
                guard row.indexOfLargest(by: { teacherLogits[$0] }) == row.lowerBound + label else {
                    continue
                }
                for index in row {
                    end[index] = (1 - share) * end[index] + weight * (own[index] - target[index])
                }
            }
        }
        let loss = SoftmaxCrossEntropy.loss(
            logits: last, labels: labels, classCount: classCount, labelSmoothing: settings.labelSmoothing)
        return (loss, gradient + end)
    }

    private func labelGradient(_ logits: [Float], _ labels: [Int], weight: Float) -> [Float] {
        SoftmaxCrossEntropy.gradient(
            logits: logits, labels: labels, classCount: classCount, labelSmoothing: settings.labelSmoothing
        ).map { weight * $0 }
    }
}
