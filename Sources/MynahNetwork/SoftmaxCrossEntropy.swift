internal import CVectorMath
internal import Glibc

/// Softmax, and the cross-entropy of its output with the true labels.
package enum SoftmaxCrossEntropy {
    /// Turns logits `[B, C]` into posteriors: each row positive and of sum 1.
    ///
    /// - Parameter temperature: what the logits are divided by, above 0.
    package static func softmax(_ logits: [Float], classCount: Int, temperature: Float = 1) -> [Float] {
        var posteriors = logits
        applySoftmax(to: &posteriors, classCount: classCount, temperature: temperature)
        return posteriors
    }

    /// Replaces logits `[B, C]` by their posteriors, as ``softmax(_:classCount:temperature:)`` returns them, and allocates
    /// nothing.
    package static func applySoftmax(to values: inout [Float], classCount: Int, temperature: Float = 1) {
        precondition(
            values.count.isMultiple(of: classCount), "\(values.count) logits for \(classCount) classes")
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress, !values.isEmpty else { return }
            let rows = stride(from: 0, to: values.count, by: classCount).lazy.map { $0..<$0 + classCount }
            for row in rows {
                var largest = -Float.infinity
                for index in row { largest = max(largest, values[index]) }
                // Taken from the largest one first, so that no quotient can exceed the range of numbers.
                for index in row { values[index] = (values[index] - largest) / temperature }
            }
            mynah_exponentials(values.count, base)
            for row in rows {
                var sum: Float = 0
                for index in row { sum += values[index] }
                for index in row { values[index] /= sum }
            }
        }
    }

    /// The loss of a batch, summed over its clips, in nats.
    ///
    /// - Parameters:
    ///   - logits: `[B, C]`.
    ///   - labels: `[B]`, true classes.
    ///   - labelSmoothing: share of the target that is spread over all classes, `0 ..< 1` (arXiv 1512.00567).
    package static func loss(
        logits: [Float], labels: [Int], classCount: Int, labelSmoothing: Float = 0
    ) -> Double {
        precondition(
            logits.count == labels.count * classCount,
            "\(logits.count) logits for \(labels.count) labels of \(classCount) classes")
        var loss = 0.0
        for (clip, label) in labels.enumerated() {
            let row = logits[clip * classCount..<(clip + 1) * classCount].map(Double.init)
            let largest = row.max() ?? 0
            let logSum = largest + log(row.reduce(0) { $0 + exp($1 - largest) })
            let mean = row.reduce(0, +) / Double(classCount)
            let smoothing = Double(labelSmoothing)
            loss += logSum - (1 - smoothing) * row[label] - smoothing * mean
        }
        return loss
    }

    /// Backward of ``loss``: its gradient by the logits, `[B, C]`.
    package static func gradient(
        logits: [Float], labels: [Int], classCount: Int, labelSmoothing: Float = 0
    ) -> [Float] {
        var gradient = softmax(logits, classCount: classCount)
        precondition(
            gradient.count == labels.count * classCount,
            "\(gradient.count) logits for \(labels.count) labels of \(classCount) classes")
        for (clip, label) in labels.enumerated() {
            for index in clip * classCount..<(clip + 1) * classCount {
                gradient[index] -= labelSmoothing / Float(classCount)
            }
            gradient[clip * classCount + label] -= 1 - labelSmoothing
        }
        return gradient
    }
}
