private import Glibc

/// What a network that spells says of a stretch of sound, step by step, without boundaries between words.
package struct LetterLogits: Hashable, Sendable {
    /// `[T, C]`, row-major.
    private let values: [Float]

    private let classCount: Int

    /// What the way through all steps that the network itself finds best is worth, in nats; at most 0.
    private let bestScore: Double

    /// Takes boundaries for blanks: the probability of a blank becomes that of both.
    ///
    /// - Parameters:
    ///   - logits: `[T, C]`, row-major, finite; class 0 is the blank.
    ///   - classCount: `C`.
    ///   - boundary: the class that stands between words, where there is one.
    package init(_ logits: [Float], classCount: Int, boundary: Int?) {
        precondition(
            logits.count.isMultiple(of: classCount), "\(logits.count) logits of \(classCount) classes")
        var values = logits
        var best = 0.0
        for start in stride(from: 0, to: values.count, by: classCount) {
            if let boundary {
                let (blank, between) = (values[start], values[start + boundary])
                let larger = max(blank, between)
                values[start] = larger + logf(expf(blank - larger) + expf(between - larger))
                // Nothing is spelled with it any more; finite, as all logits are.
                values[start + boundary] = larger - 100
            }
            var largest = -Float.infinity
            for index in start..<start + classCount { largest = max(largest, values[index]) }
            var sum: Float = 0
            for index in start..<start + classCount { sum += expf(values[index] - largest) }
            best -= Double(logf(sum))
        }
        self.values = values
        self.classCount = classCount
        bestScore = best
    }

    /// What the network spells, each step with its most probable class.
    package var letters: [Int] { ctcGreedySymbols(values, classCount: classCount) }

    /// The logarithm of the ratio of all ways to spell letters, and nothing else, to the best way to spell anything; minus infinity
    /// where there are too few steps.
    ///
    /// - Parameter letters: classes other than the blank.
    package func score(of letters: [Int]) -> Double {
        let loss = CTCLoss(classCount: classCount).losses(
            logits: values, stepCounts: [values.count / classCount], symbols: [letters])[0]
        return -loss - bestScore
    }
}
