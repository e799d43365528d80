/// A share with the counts behind it and its Wilson interval.
public struct Proportion: Codable, Hashable, Sendable {
    /// Successes, in `0 ... total`.
    public let count: Int

    /// Trials, at least 1.
    public let total: Int

    /// `count / total`, in `0 ... 1`.
    public let value: Double

    /// The 95 % interval of `value`, which takes the trials for independent.
    ///
    /// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
    public let interval: Interval

    /// The share of `count` in `total`, or nil when there was no trial.
    package init?(count: Int, total: Int) {
        precondition(total >= 0 && (0...total).contains(count), "\(count) successes in \(total) trials")
        guard total > 0 else { return nil }
        self.count = count
        self.total = total
        value = Double(count) / Double(total)
        interval = .wilson(count: count, total: total)
    }
}

/// A quantile of a sample: the value below which a given share of it lies.
package struct Quantile: Codable, Hashable, Sendable {
    /// The share, in `0 ... 1`; 0.5 is the median.
    package let probability: Double

    /// The value at that share, interpolated linearly between neighbours.
    ///
    /// Source: definition 7 of Hyndman and Fan, "Sample quantiles in statistical packages", 1996 (NumPy's default).
    package let value: Double

    /// The quantile of a sample in ascending order, which must not be empty.
    package init(_ probability: Double, ofSorted sample: [Double]) {
        precondition(!sample.isEmpty, "a quantile of no values is undefined")
        precondition((0...1).contains(probability), "probability \(probability), expected 0 ... 1")
        let position = probability * Double(sample.count - 1)
        let below = Int(position)
        let above = min(below + 1, sample.count - 1)
        self.probability = probability
        value = sample[below] + (position - Double(below)) * (sample[above] - sample[below])
    }
}
