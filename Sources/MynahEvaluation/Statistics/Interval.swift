/// A two-sided 95 % confidence interval.
public struct Interval: Codable, Hashable, Sendable {
    /// The lower limit, at most `upper`.
    public let lower: Double

    /// The upper limit, at least `lower`.
    public let upper: Double

    /// The share of such intervals that cover the true value when their assumptions hold: 0.95.
    public static let confidence = 0.95

    /// The share left outside on each side: 0.025.
    static let tail = (1 - confidence) / 2

    /// The 97.5 % point of the standard normal distribution.
    static let z = 1.959963984540054

    /// The interval between two limits; traps unless `lower ≤ upper`.
    package init(lower: Double, upper: Double) {
        precondition(lower <= upper, "interval limits are \(lower) and \(upper), expected lower ≤ upper")
        self.lower = lower
        self.upper = upper
    }

    /// Whether `value` lies within the limits, both included.
    package func contains(_ value: Double) -> Bool {
        lower <= value && value <= upper
    }
}
