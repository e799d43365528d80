internal import Glibc

/// Which symbol each step spells, on the most probable of all ways to spell a known text: the Viterbi path through the
/// lattice of ``CTCLoss``.
package struct CTCAlignment: Sendable, Equatable {
    /// A run of steps that spell one symbol.
    package struct Span: Sendable, Equatable {
        /// Place of the symbol in the text.
        package let index: Int

        /// The steps.
        package let steps: Range<Int>

        /// Geometric mean of the posteriors of the symbol over these steps, `0 ... 1`.
        package let confidence: Double
    }

    /// `[T]`, the class of each step.
    package let classes: [Int]

    /// One for each symbol, in order.
    package let spans: [Span]

    /// Logarithm of the probability of the path.
    package let logLikelihood: Double

    /// Aligns symbols with steps.
    ///
    /// Of equally probable ways into a state the one that stays wins, then the one that leaves nothing out.
    ///
    /// - Parameters:
    ///   - symbols: what is spelled: classes other than the blank, possibly none.
    ///   - logPosteriors: `[T, C]`, row-major, finite or minus infinity; see ``ctcLogPosteriors(_:classCount:)``.
    ///   - classCount: `C`.
    ///   - blank: the class that spells nothing.
    /// - Returns: nil where the steps are too few, or no way has a probability above 0.
    package init?(of symbols: [Int], logPosteriors: [Double], classCount: Int, blank: Int = 0) {
        precondition(
            logPosteriors.count.isMultiple(of: classCount),
            "\(logPosteriors.count) posteriors of \(classCount) classes")
        let stepCount = logPosteriors.count / classCount
        let lattice = CTCLattice(symbols: symbols, blank: blank)
        guard stepCount >= max(1, lattice.minimumStepCount),
            let path = lattice.bestPath(logPosteriors, classCount: classCount)
        else { return nil }
        logLikelihood = path.logLikelihood
        classes = path.states.map { lattice.classes[$0] }
        var spans: [Span] = []
        var step = 0
        while step < stepCount {
            let start = step
            let state = path.states[start]
            while step < stepCount, path.states[step] == state { step += 1 }
            guard !state.isMultiple(of: 2) else { continue }
            let sum = (start..<step).reduce(0.0) {
                $0 + logPosteriors[$1 * classCount + lattice.classes[state]]
            }
            spans.append(
                Span(index: state / 2, steps: start..<step, confidence: exp(sum / Double(step - start))))
        }
        self.spans = spans
    }
}

extension CTCLattice {
    /// The most probable path: its state at each step, and the logarithm of its probability; nil where no path has any.
    ///
    /// - Parameter logPosteriors: `[T, C]`, T at least 1.
    fileprivate func bestPath(
        _ logPosteriors: [Double], classCount: Int
    ) -> (states: [Int], logLikelihood: Double)? {
        let stepCount = logPosteriors.count / classCount
        var scores = [Double](repeating: -.infinity, count: stateCount)
        for state in 0..<min(2, stateCount) { scores[state] = logPosteriors[classes[state]] }
        var next = scores
        // How many states back the best way comes from: 0, 1 or 2.
        var origins = [UInt8](repeating: 0, count: stepCount * stateCount)
        for step in stride(from: 1, to: stepCount, by: 1) {
            // States that cannot be reached yet, or from which the end cannot be reached any more, need no look.
            let first = max(0, stateCount - 2 * (stepCount - step))
            let last = min(stateCount, 2 * step + 2)
            for state in 0..<stateCount { next[state] = -.infinity }
            for state in first..<max(first, last) {
                var best = scores[state]
                var origin: UInt8 = 0
                if state >= 1, scores[state - 1] > best { (best, origin) = (scores[state - 1], 1) }
                if state >= 2, skips[state] == 0, scores[state - 2] > best {
                    (best, origin) = (scores[state - 2], 2)
                }
                next[state] = best + logPosteriors[step * classCount + classes[state]]
                origins[step * stateCount + state] = origin
            }
            swap(&scores, &next)
        }
        var state = stateCount - 1
        if stateCount > 1, scores[stateCount - 2] >= scores[stateCount - 1] { state = stateCount - 2 }
        let logLikelihood = scores[state]
        guard logLikelihood > -.infinity else { return nil }
        var states = [Int](repeating: 0, count: stepCount)
        for step in stride(from: stepCount - 1, through: 0, by: -1) {
            states[step] = state
            state -= Int(origins[step * stateCount + state])
        }
        return (states, logLikelihood)
    }
}

/// Logarithms of the posteriors that logits `[T, C]` stand for, in double precision.
package func ctcLogPosteriors(_ logits: [Float], classCount: Int) -> [Double] {
    stride(from: 0, to: logits.count, by: classCount).flatMap {
        CTCLoss.logSoftmax(logits[$0..<$0 + classCount])
    }
}

/// The most probable class of each step, repetitions taken once and blanks left out: what a network spells by itself.
///
/// Source: Graves et al., ICML 2006, section 3.2 ("best path decoding").
///
/// - Parameters:
///   - scores: `[T, C]`, logits or posteriors; of equal ones the first class wins.
///   - classCount: `C`.
///   - blank: the class that spells nothing.
package func ctcGreedySymbols(_ scores: [Float], classCount: Int, blank: Int = 0) -> [Int] {
    var symbols: [Int] = []
    var last = blank
    for start in stride(from: 0, to: scores.count, by: classCount) {
        let best = (1..<classCount).reduce(0) { scores[start + $1] > scores[start + $0] ? $1 : $0 }
        if best != blank, best != last { symbols.append(best) }
        last = best
    }
    return symbols
}
