import Glibc

/// The logits of one example, but for a constant that changes no probability, and what the example is: from many of them
/// follows the temperature at which probabilities can be believed.
///
/// Source: C. Guo et al., "On calibration of modern neural networks", ICML 2017, section 4.2.
package struct LogitRow: Sendable {
    /// `[C]`, the largest being 0.
    private let logits: [Double]

    /// The true class.
    private let label: Int

    /// Takes `logits`, `[C]`, of an example of the class `label`.
    package init(_ logits: [Double], label: Int) {
        let largest = logits.max() ?? 0
        self.logits = logits.map { $0 - largest }
        self.label = label
    }

    /// −ln p of the true class, in nats.
    package func loss(inverseTemperature: Double) -> Double {
        log(logits.reduce(0) { $0 + exp($1 * inverseTemperature) }) - logits[label] * inverseTemperature
    }

    /// The probability of the most probable class.
    package func confidence(inverseTemperature: Double) -> Double {
        1 / logits.reduce(0) { $0 + exp($1 * inverseTemperature) }
    }

    /// The derivative of the loss by 1/T: the mean logit under the probabilities, less that of the true class.
    private func slope(inverseTemperature: Double) -> Double {
        var (sum, weighted) = (0.0, 0.0)
        for logit in logits {
            let weight = exp(logit * inverseTemperature)
            sum += weight
            weighted += weight * logit
        }
        return weighted / sum - logits[label]
    }

    /// The temperature at which the loss of all rows is least.
    ///
    /// The sum is convex in 1/T, so there is one minimum, found by bisection of the slope.
    ///
    /// - Parameter allowed: where to look, above 0.
    /// - Returns: nil where the minimum lies outside.
    package static func bestTemperature(of rows: [LogitRow], in allowed: ClosedRange<Float>) -> Float? {
        func slope(_ inverse: Double) -> Double {
            rows.reduce(0) { $0 + $1.slope(inverseTemperature: inverse) }
        }
        var (lower, upper) = (1 / Double(allowed.upperBound), 1 / Double(allowed.lowerBound))
        guard slope(lower) < 0, slope(upper) > 0 else { return nil }
        // Fifty halvings leave far less than the precision of the result.
        for _ in 0..<50 {
            let middle = (lower + upper) / 2
            if slope(middle) < 0 { lower = middle } else { upper = middle }
        }
        return Float(2 / (lower + upper))
    }
}
