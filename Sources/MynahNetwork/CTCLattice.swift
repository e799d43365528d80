internal import CVectorMath
internal import Glibc

/// The states that a sequence of symbols can be read through, step by step: blank, first symbol, blank, second symbol, …,
/// blank.
///
/// At each step a path stays in its state, goes on to the next one, or leaves out a blank between two different symbols.
/// Source: Graves et al., "Connectionist temporal classification", ICML 2006, section 4.1.
struct CTCLattice {
    /// `[S]`, `S = 2 U + 1`: what each state emits, as an index among the classes.
    let classes: [Int]

    /// `[S]`, 0 where the blank before a state may be left out, else ``unreachable``.
    let skips: [Double]

    /// The logarithm of a probability of 0; finite, so that it can be added to.
    static let unreachable = mynah_unreachable

    /// The lattice of a sequence of `U` symbols, which may be empty.
    init(symbols: [Int], blank: Int) {
        var classes = [blank]
        classes.reserveCapacity(2 * symbols.count + 1)
        for symbol in symbols { classes += [symbol, blank] }
        self.classes = classes
        skips = classes.indices.map { state in
            state >= 2 && classes[state] != blank && classes[state] != classes[state - 2]
                ? 0 : Self.unreachable
        }
    }

    /// States, `S`.
    var stateCount: Int { classes.count }

    /// The fewest steps in which the sequence can be read: one for each symbol, and one for each blank between equal ones.
    var minimumStepCount: Int {
        classes.count / 2 + stride(from: 3, to: classes.count, by: 2).count { skips[$0] != 0 }
    }

    /// The lattice read backward in time, whose state `s` is this one's state `S - 1 - s`.
    var reversed: CTCLattice {
        CTCLattice(
            symbols: stride(from: classes.count - 2, to: 0, by: -2).map { classes[$0] }, blank: classes[0])
    }

    /// Forward variables: for each step and state the logarithm of the summed probability of all ways to be there, what is
    /// emitted at that step included.
    ///
    /// - Parameters:
    ///   - logPosteriors: `[T, C]`, row-major, finite, T at least 1.
    ///   - classCount: `C`.
    ///   - isReversed: whether the steps are read from the last one to the first.
    /// - Returns: `[T, S]`, in the order in which the steps were read.
    func forward(_ logPosteriors: [Double], classCount: Int, isReversed: Bool = false) -> [Double] {
        let stepCount = logPosteriors.count / classCount
        let width = stateCount + 2
        var previous = [Double](repeating: Self.unreachable, count: width)
        var next = previous
        var emissions = [Double](repeating: 0, count: stateCount)
        var variables = [Double](repeating: 0, count: stepCount * stateCount)
        for step in 0..<stepCount {
            let row = (isReversed ? stepCount - 1 - step : step) * classCount
            for state in 0..<stateCount { emissions[state] = logPosteriors[row + classes[state]] }
            if step == 0 {
                // A path begins with the blank or with the first symbol.
                for state in 0..<min(2, stateCount) { next[state + 2] = emissions[state] }
            } else {
                mynah_ctc_step(stateCount, previous, emissions, skips, &next)
            }
            for state in 0..<stateCount { variables[step * stateCount + state] = next[state + 2] }
            swap(&previous, &next)
        }
        return variables
    }

    /// The logarithm of the probability of the whole sequence, given the forward variables of the last step, `[S]`: a path
    /// ends in the last symbol or in the blank behind it.
    func logLikelihood(ofLast variables: ArraySlice<Double>) -> Double {
        let end = variables.suffix(2)
        let largest = end.max() ?? Self.unreachable
        return largest + log(end.reduce(0) { $0 + exp($1 - largest) })
    }
}
