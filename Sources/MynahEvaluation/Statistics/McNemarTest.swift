import Glibc

/// The exact test of whether two models err equally often on the same clips.
///
/// Only the clips on which the models disagree speak: if both err equally often, each such clip favours either model
/// with probability ½. Source: Q. McNemar, "Note on the sampling error of the difference between correlated
/// proportions or percentages", Psychometrika 12, 1947; exact form by the binomial distribution.
package struct McNemarTest: Codable, Hashable, Sendable {
    /// Clips that the first model alone recognizes.
    package let onlyFirstCorrect: Int

    /// Clips that the second model alone recognizes.
    package let onlySecondCorrect: Int

    /// Probability of a split at least as uneven if both models err equally often, two-sided, in `0 ... 1`.
    package let pValue: Double

    /// Tests the two counts of clips on which the models disagree, each at least 0.
    package init(onlyFirstCorrect: Int, onlySecondCorrect: Int) {
        precondition(
            onlyFirstCorrect >= 0 && onlySecondCorrect >= 0,
            "disagreements are \(onlyFirstCorrect) and \(onlySecondCorrect), expected at least 0")
        self.onlyFirstCorrect = onlyFirstCorrect
        self.onlySecondCorrect = onlySecondCorrect
        let total = onlyFirstCorrect + onlySecondCorrect
        let fewer = min(onlyFirstCorrect, onlySecondCorrect)

        // P(N ≤ fewer) for N ~ Binomial(total, ½), from the largest term downward.
        var term = exp(
            logFactorial(total) - logFactorial(fewer) - logFactorial(total - fewer) - Double(total) * M_LN2)
        var sum = term
        var successes = fewer
        while successes > 0, term > sum * 0x1p-60 {
            term *= Double(successes) / Double(total - successes + 1)
            successes -= 1
            sum += term
        }
        pValue = min(1, 2 * sum)
    }
}

/// ln n!, from the gamma function in its reentrant form (`lgamma` writes a global).
func logFactorial(_ n: Int) -> Double {
    var sign: Int32 = 0
    return lgamma_r(Double(n) + 1, &sign)
}
