/// Whether clips recognized with a confidence of p are right in a share p of the cases.
///
/// The confidence of a clip is the probability of the label heard. Source: C. Guo et al., "On calibration of modern
/// neural networks", ICML 2017: bins of equal width that include their upper edge.
package struct Calibration: Codable, Hashable, Sendable {
    /// The bins of the reliability diagram, from 0 to 1, empty ones included.
    package let bins: [Bin]

    /// The mean of |accuracy − confidence| over bins, weighted by their clips, in `0 ... 1` (ECE).
    package let expectedError: Double

    /// The largest |accuracy − confidence| of a bin with clips, in `0 ... 1` (MCE).
    package let maximumError: Double

    /// The number of bins: 15, as in the paper.
    package static let binCount = 15

    /// One range of confidence.
    package struct Bin: Codable, Hashable, Sendable {
        /// The lower edge, excluded.
        package let lower: Double

        /// The upper edge, included.
        package let upper: Double

        /// The share of right clips among those in the bin; nil when it has none.
        package let accuracy: Proportion?

        /// The mean confidence of the clips in the bin; nil when it has none.
        package let meanConfidence: Double?

        /// |accuracy − confidence|; nil when the bin has no clips.
        var error: Double? {
            guard let accuracy, let meanConfidence else { return nil }
            return abs(accuracy.value - meanConfidence)
        }
    }

    /// Bins clips, of which there must be at least one, by confidence.
    ///
    /// - Parameter outcomes: Per clip the confidence, in `0 ... 1`, and whether the label heard is right.
    package init(outcomes: [(confidence: Float, isCorrect: Bool)]) {
        precondition(!outcomes.isEmpty, "the calibration of no clips is undefined")
        var clips = [Int](repeating: 0, count: Self.binCount)
        var correct = clips
        var confidence = [Double](repeating: 0, count: Self.binCount)
        for outcome in outcomes {
            let scaled = Double(outcome.confidence) * Double(Self.binCount)
            let bin = min(max(Int(scaled.rounded(.up)) - 1, 0), Self.binCount - 1)
            clips[bin] += 1
            correct[bin] += outcome.isCorrect ? 1 : 0
            confidence[bin] += Double(outcome.confidence)
        }
        bins = clips.indices.map { bin in
            Bin(
                lower: Double(bin) / Double(Self.binCount),
                upper: Double(bin + 1) / Double(Self.binCount),
                accuracy: Proportion(count: correct[bin], total: clips[bin]),
                meanConfidence: clips[bin] > 0 ? confidence[bin] / Double(clips[bin]) : nil)
        }
        expectedError = bins.reduce(0) { sum, bin in
            sum + (bin.error ?? 0) * Double(bin.accuracy?.total ?? 0) / Double(outcomes.count)
        }
        maximumError = bins.compactMap(\.error).max() ?? 0
    }
}
