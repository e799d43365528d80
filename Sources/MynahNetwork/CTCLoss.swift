internal import CVectorMath
internal import Glibc

/// Connectionist temporal classification: how improbable a network finds a sequence of symbols, summed over all ways in
/// which the steps of a clip can spell it.
///
/// One class is the blank, which spells nothing; a symbol that stays over several steps is spelled once, and twice only with
/// a blank between. All sums are of logarithms in double precision, so that no path is lost, however improbable.
/// Source: Graves, Fernández, Gomez and Schmidhuber, "Connectionist temporal classification: labelling unsegmented sequence
/// data with recurrent neural networks", ICML 2006, equations 5 to 16.
package struct CTCLoss: Sendable {
    /// Classes with the blank, `C`.
    package let classCount: Int

    /// The class that spells nothing.
    package let blank: Int

    /// A loss over `classCount` classes, one of which is the blank.
    package init(classCount: Int, blank: Int = 0) {
        precondition((0..<classCount).contains(blank), "blank \(blank) of \(classCount) classes")
        self.classCount = classCount
        self.blank = blank
    }

    /// What a batch costs.
    package struct Result: Sendable {
        /// `[B]`, the negative log likelihood of each sequence, in nats: infinite where its steps are too few to spell it, and
        /// not a number where a logit is none.
        package let losses: [Double]

        /// `[T, B, C]`, the gradient of their sum by the logits; 0 for sequences that cannot be spelled, and for steps
        /// behind the end of a clip.
        package let gradient: [Float]
    }

    /// The fewest steps in which symbols can be spelled: one for each, and one for the blank between each two equal ones.
    package static func minimumStepCount(of symbols: [Int]) -> Int {
        symbols.count + zip(symbols, symbols.dropFirst()).count(where: ==)
    }

    /// The losses of a batch and the gradient of their sum.
    ///
    /// - Parameters:
    ///   - logits: `[T, B, C]`, row-major.
    ///   - stepCounts: `[B]`, the steps of each clip, `0 ... T`; what lies behind them is ignored.
    ///   - symbols: `[B]`, what each clip spells: classes other than the blank, possibly none.
    package func evaluate(logits: [Float], stepCounts: [Int], symbols: [[Int]]) -> Result {
        var gradient = [Float](repeating: 0, count: logits.count)
        let batchSize = stepCounts.count
        let losses = losses(logits: logits, stepCounts: stepCounts, symbols: symbols) {
            clip, logPosteriors, lattice in
            evaluate(logPosteriors, lattice) { step, row in
                let start = (step * batchSize + clip) * classCount
                for index in row.indices { gradient[start + index] = Float(row[index]) }
            }
        }
        return Result(losses: losses, gradient: gradient)
    }

    /// The losses of a batch alone, for half the work; the parameters are those of ``evaluate(logits:stepCounts:symbols:)``.
    package func losses(logits: [Float], stepCounts: [Int], symbols: [[Int]]) -> [Double] {
        losses(logits: logits, stepCounts: stepCounts, symbols: symbols) { _, logPosteriors, lattice in
            let forward = lattice.forward(logPosteriors, classCount: classCount)
            return -lattice.logLikelihood(ofLast: forward.suffix(lattice.stateCount))
        }
    }

    /// The loss of each clip; `body` computes it for one that is long enough, from its log posteriors, `[T, C]`, all finite.
    private func losses(
        logits: [Float], stepCounts: [Int], symbols: [[Int]],
        _ body: (_ clip: Int, _ logPosteriors: [Double], _ lattice: CTCLattice) -> Double
    ) -> [Double] {
        let batchSize = stepCounts.count
        precondition(
            symbols.count == batchSize && batchSize > 0
                && logits.count.isMultiple(of: batchSize * classCount),
            "\(logits.count) logits and \(symbols.count) sequences for \(batchSize) clips of \(classCount) classes"
        )
        let stepLimit = logits.count / (batchSize * classCount)
        return symbols.indices.map { clip in
            let stepCount = stepCounts[clip]
            precondition((0...stepLimit).contains(stepCount), "\(stepCount) steps of a batch of \(stepLimit)")
            precondition(
                symbols[clip].allSatisfy { (0..<classCount).contains($0) && $0 != blank },
                "symbols \(symbols[clip]), expected classes 0 to \(classCount - 1) without \(blank)")
            guard stepCount > 0 else { return symbols[clip].isEmpty ? 0 : .infinity }
            let lattice = CTCLattice(symbols: symbols[clip], blank: blank)
            guard stepCount >= lattice.minimumStepCount else { return .infinity }
            let logPosteriors = logPosteriors(logits, clip: clip, of: batchSize, stepCount: stepCount)
            guard logPosteriors.allSatisfy(\.isFinite) else { return .nan }
            return body(clip, logPosteriors, lattice)
        }
    }

    /// The loss of one clip that is long enough, from its log posteriors, `[T, C]`; hands over the gradient by the logits
    /// step by step, `[C]`.
    private func evaluate(
        _ logPosteriors: [Double], _ lattice: CTCLattice, onGradient: (_ step: Int, _ row: [Double]) -> Void
    ) -> Double {
        let stateCount = lattice.stateCount
        let forward = lattice.forward(logPosteriors, classCount: classCount)
        let logLikelihood = lattice.logLikelihood(ofLast: forward.suffix(stateCount))
        let backward = lattice.reversed.forward(logPosteriors, classCount: classCount, isReversed: true)
        let stepCount = logPosteriors.count / classCount
        var occupation = [Double](repeating: 0, count: stateCount)
        var row = [Double](repeating: 0, count: classCount)
        for step in 0..<stepCount {
            let ahead = step * stateCount
            let behind = (stepCount - 1 - step) * stateCount
            let emissions = step * classCount
            for state in 0..<stateCount {
                // Both variables hold what is emitted here, which counts once. Rounding may bring the sum a little above 0.
                occupation[state] = min(
                    0,
                    forward[ahead + state] + backward[behind + stateCount - 1 - state]
                        - logPosteriors[emissions + lattice.classes[state]] - logLikelihood)
            }
            mynah_exponentials_below_one(stateCount, &occupation)
            for index in 0..<classCount { row[index] = exp(logPosteriors[emissions + index]) }
            for state in 0..<stateCount { row[lattice.classes[state]] -= occupation[state] }
            onGradient(step, row)
        }
        return -logLikelihood
    }

    /// Log posteriors of one clip of a batch, `[T, C]`.
    private func logPosteriors(_ logits: [Float], clip: Int, of batchSize: Int, stepCount: Int) -> [Double] {
        var values = [Double](repeating: 0, count: stepCount * classCount)
        for step in 0..<stepCount {
            let start = (step * batchSize + clip) * classCount
            let row = logits[start..<start + classCount]
            for (index, value) in Self.logSoftmax(row).enumerated() {
                values[step * classCount + index] = value
            }
        }
        return values
    }

    /// Logarithms of the posteriors of one row of logits.
    static func logSoftmax(_ logits: ArraySlice<Float>) -> [Double] {
        let largest = Double(logits.max() ?? 0)
        let logSum = largest + log(logits.reduce(0.0) { $0 + exp(Double($1) - largest) })
        return logits.map { Double($0) - logSum }
    }
}
