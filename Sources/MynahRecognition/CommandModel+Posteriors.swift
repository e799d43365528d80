package import MynahModel
import MynahNetwork

extension CommandModel {
    /// Turns the logits of this model's network, `[B, C]`, into posteriors, `[B, C]`: the softmax at its temperature.
    package func posteriors(ofLogits logits: [Float]) -> [Float] {
        let classCount = labels.count
        guard temperature != 1 else { return SoftmaxCrossEntropy.softmax(logits, classCount: classCount) }
        var scaled = logits
        for start in stride(from: 0, to: scaled.count, by: classCount) {
            let row = start..<start + classCount
            // Taken from the largest one first, so that no quotient can exceed the range of numbers.
            let largest = scaled[row].max() ?? 0
            for index in row { scaled[index] = (scaled[index] - largest) / temperature }
        }
        return SoftmaxCrossEntropy.softmax(scaled, classCount: classCount)
    }
}
