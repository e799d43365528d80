/// A share with the counts behind it and its Wilson interval.
public struct Proportion: Codable, Hashable, Sendable {
    /// Successes, in `0 ... total`.
    public let count: Int

    /// Trials, at least 1.
    public let total: Int

    /// `count / total`, in `0 ... 1`.
    public let value: Double

    /// The 95 % Wilson interval of `value`, which takes the trials for independent.
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
