/// Shifts and scales each feature to zero mean and unit variance over the training split.
public struct FeatureNormalizer: Codable, Hashable, Sendable {
    /// `[featureCount]`, mean of each feature over the training split.
    public let mean: [Float]

    /// `[featureCount]`, standard deviation of each feature over the training split; positive.
    public let standardDeviation: [Float]

    /// Wraps statistics; traps unless both have one value per feature.
    public init(mean: [Float], standardDeviation: [Float]) {
        precondition(
            mean.count == standardDeviation.count,
            "\(mean.count) means for \(standardDeviation.count) standard deviations")
        self.mean = mean
        self.standardDeviation = standardDeviation
    }
}
