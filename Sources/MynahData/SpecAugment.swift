import MynahBase
import MynahFeatures

/// Masks stretches of time and of features, so that the network does not lean on any one of them (Park et al.,
/// arXiv 1904.08779).
///
/// Features are normalized when they are masked: a masked value is 0, the mean over the training split. Of a cepstrum, mel
/// bands are masked, not coefficients, whenever these are an orthonormal transform of them.
public struct SpecAugment: Codable, Hashable, Sendable {
    /// Stretches of frames that are masked, `0 ... 20`.
    public var timeMaskCount: Int

    /// Frames in a stretch at most, `0 ... 1000`; drawn uniformly.
    public var maximumTimeMaskFrames: Int

    /// Stretches of neighbouring features, or bands of a cepstrum, that are masked, `0 ... 20`.
    public var featureMaskCount: Int

    /// Features in a stretch at most, `0 ... 1000`; drawn uniformly.
    public var maximumMaskedFeatures: Int

    /// Masks with the given values; training throws ``DataError/invalidSetting(name:value:expected:)`` for one out of range.
    public init(
        timeMaskCount: Int = 2, maximumTimeMaskFrames: Int = 12, featureMaskCount: Int = 2,
        maximumMaskedFeatures: Int = 4
    ) {
        self.timeMaskCount = timeMaskCount
        self.maximumTimeMaskFrames = maximumTimeMaskFrames
        self.featureMaskCount = featureMaskCount
        self.maximumMaskedFeatures = maximumMaskedFeatures
    }

    /// Features as they are.
    package static let none = SpecAugment(
        timeMaskCount: 0, maximumTimeMaskFrames: 0, featureMaskCount: 0, maximumMaskedFeatures: 0)

    /// Makes sure that every value is in its range.
    ///
    /// - Throws: `DataError.invalidSetting`.
    package func validate() throws(DataError) {
        try requireSetting("number of time masks", timeMaskCount, within: 0...20)
        try requireSetting("frames of a time mask", maximumTimeMaskFrames, within: 0...1000)
        try requireSetting("number of feature masks", featureMaskCount, within: 0...20)
        try requireSetting("features of a feature mask", maximumMaskedFeatures, within: 0...1000)
    }

    /// Masks normalized features in place, of which `bands` says what lies side by side in frequency.
    func mask(
        _ features: inout FeatureMatrix, in bands: MaskedBands, using generator: inout SeededGenerator
    ) {
        let (frameCount, featureCount) = (features.frameCount, features.featureCount)
        for _ in 0..<timeMaskCount {
            let frames = Self.stretch(
                of: frameCount, upTo: maximumTimeMaskFrames, using: &generator)
            for index in frames.lowerBound * featureCount..<frames.upperBound * featureCount {
                features.values[index] = 0
            }
        }
        for _ in 0..<featureMaskCount {
            bands.mask(
                Self.stretch(of: bands.count, upTo: maximumMaskedFeatures, using: &generator),
                of: &features)
        }
    }

    /// A stretch of random length and place within `0 ..< count`.
    private static func stretch(
        of count: Int, upTo limit: Int, using generator: inout SeededGenerator
    ) -> Range<Int> {
        let length = generator.index(below: min(limit, count) + 1)
        let start = generator.index(below: count - length + 1)
        return start..<start + length
    }
}
