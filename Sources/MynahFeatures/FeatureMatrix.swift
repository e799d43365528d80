/// Features of consecutive frames, one row a frame.
public struct FeatureMatrix: Sendable, Equatable {
    /// Number of frames (rows), `T`.
    public private(set) var frameCount: Int

    /// Features per frame (columns), `D`.
    public let featureCount: Int

    /// `[frameCount, featureCount]`, row-major.
    public var values: [Float]

    /// Wraps row-major values; traps unless their count is a multiple of `featureCount`.
    public init(values: [Float] = [], featureCount: Int) {
        precondition(
            featureCount > 0 && values.count.isMultiple(of: featureCount),
            "\(values.count) values do not fill rows of \(featureCount) features")
        self.values = values
        self.featureCount = featureCount
        self.frameCount = values.count / featureCount
    }
}
