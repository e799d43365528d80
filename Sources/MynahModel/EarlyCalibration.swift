import Glibc
internal import MynahNetwork

/// What turns the posteriors of a clip that is not over yet into probabilities that can be believed.
///
/// Before the end of a clip a network has heard a part of a word, and is more often wrong than it says; at each decision
/// of the clip that takes a temperature of its own. And it expects as many unknown words as there were in its training,
/// where there are many; an offset gives `_unknown_` the weight that it has among the clips that were calibrated with.
///
/// At decision `i` the probability of a label is proportional to `p^(1 / temperatures[i])`, p being its posterior at the
/// model's own temperature, and for `_unknown_` to `exp(unknownOffset)` times as much. Sources: C. Guo et al., "On calibration
/// of modern neural networks", ICML 2017; M. Saerens et al., "Adjusting the outputs of a classifier to new a priori
/// probabilities", Neural Computation 14, 2002.
package struct EarlyCalibration: Codable, Hashable, Sendable {
    /// The largest offset to either side.
    static let offsetLimit: Float = 20

    /// `[T]`, the temperature at each decision of a clip that begins in a clean state; later ones have the last.
    package let temperatures: [Float]

    /// What is added to the logarithm of the probability of `_unknown_`; 0 in a model without that label.
    package let unknownOffset: Float

    /// Wraps the values.
    package init(temperatures: [Float], unknownOffset: Float) {
        self.temperatures = temperatures
        self.unknownOffset = unknownOffset
    }

    /// Replaces the posteriors of a decision, `[C]`, by probabilities of sum 1; a value that is not a number counts as 0.
    ///
    /// - Parameter unknown: index of `_unknown_` among the labels, if it is one of them.
    package func apply(to posteriors: inout [Float], decision: Int, unknown: Int?) {
        let temperature = temperatures[min(decision, temperatures.count - 1)]
        for label in posteriors.indices {
            let posterior = posteriors[label] > 0 ? posteriors[label] : 0
            posteriors[label] =
                logf(max(posterior, .leastNormalMagnitude)) / temperature
                + (label == unknown ? unknownOffset : 0)
        }
        SoftmaxCrossEntropy.applySoftmax(to: &posteriors, classCount: posteriors.count)
    }

    /// What does not fit to a network that decides `decisionCount` times in a clip, in one line; nil if all is well.
    func fault(decisionCount: Int, isCausal: Bool) -> String? {
        guard isCausal else { return "the network knows nothing before the end of a clip" }
        guard temperatures.count == decisionCount else {
            return "temperatures of \(temperatures.count) decisions, expected \(decisionCount)"
        }
        let allowed = CommandModel.allowedTemperatures
        if let value = temperatures.first(where: { !allowed.contains($0) }) {
            return "a temperature is \(value), expected \(allowed.lowerBound) to \(allowed.upperBound)"
        }
        guard abs(unknownOffset) <= Self.offsetLimit else {
            return "the offset is \(unknownOffset), expected -\(Self.offsetLimit) to \(Self.offsetLimit)"
        }
        return nil
    }
}
