/// Shifts and scales each feature to zero mean and unit variance over the training split.
package struct FeatureNormalizer: Codable, Hashable, Sendable {
    /// `[featureCount]`, mean of each feature over the training split.
    package let mean: [Float]

    /// `[featureCount]`, standard deviation of each feature over the training split; positive.
    package let standardDeviation: [Float]

    /// Wraps statistics; traps unless both have one value per feature, all finite and the deviations positive.
    package init(mean: [Float], standardDeviation: [Float]) {
        if let fault = Self.fault(mean: mean, standardDeviation: standardDeviation) {
            preconditionFailure("normalizer is unusable: \(fault)")
        }
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// Decodes statistics that may be hostile.
    ///
    /// - Throws: ``FeatureError/invalidNormalizer(reason:)`` unless both have one value per feature, all finite and the
    ///   deviations positive; `DecodingError` on another form.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let mean = try container.decode([Float].self, forKey: .mean)
        let standardDeviation = try container.decode([Float].self, forKey: .standardDeviation)
        if let fault = Self.fault(mean: mean, standardDeviation: standardDeviation) {
            throw FeatureError.invalidNormalizer(reason: fault)
        }
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// Number of features, `D`.
    package var featureCount: Int { mean.count }

    /// Normalizes all frames in place; traps on another feature count.
    package func normalize(_ matrix: inout FeatureMatrix) {
        precondition(
            matrix.featureCount == featureCount,
            "a matrix of \(matrix.featureCount) features does not fit a normalizer of \(featureCount)")
        var values = matrix.values.mutableSpan
        for start in stride(from: 0, to: values.count, by: featureCount) {
            for feature in 0..<featureCount {
                values[start + feature] =
                    (values[start + feature] - mean[feature]) / standardDeviation[feature]
            }
        }
    }

    /// Writes the normalized features of one frame, `[featureCount]`; traps on another count.
    ///
    /// The results equal those of ``normalize(_:)`` to the bit.
    package func normalize(_ row: Span<Float>, into result: inout [Float]) {
        precondition(
            row.count == featureCount && result.count == featureCount,
            "rows of \(row.count) and \(result.count) features do not fit a normalizer of \(featureCount)")
        for feature in 0..<featureCount {
            result[feature] = (row[feature] - mean[feature]) / standardDeviation[feature]
        }
    }

    private static func fault(mean: [Float], standardDeviation: [Float]) -> String? {
        guard mean.count == standardDeviation.count else {
            return "\(mean.count) means for \(standardDeviation.count) standard deviations"
        }
        guard !mean.isEmpty else { return "it has no features" }
        if let index = mean.firstIndex(where: { !$0.isFinite }) {
            return "mean[\(index)] is \(mean[index]), expected a finite number"
        }
        if let index = standardDeviation.firstIndex(where: { !($0 >= .leastNormalMagnitude && $0.isFinite) })
        {
            return
                "standardDeviation[\(index)] is \(standardDeviation[index]), expected a positive, finite number"
        }
        return nil
    }
}

extension FeatureNormalizer {
    /// Gathers the statistics of the training split in double precision.
    ///
    /// Threads may fit parts of the split each; merged in a fixed order, they give the same bits whatever the timing.
    package struct Fitter: Codable, Sendable {
        /// Frames seen.
        package private(set) var frameCount = 0

        private var sum: [Double]
        private var sumOfSquares: [Double]

        /// Starts with no frames of `featureCount` features; traps unless there is at least one.
        package init(featureCount: Int) {
            precondition(featureCount > 0, "a normalizer needs features, got \(featureCount)")
            sum = [Double](repeating: 0, count: featureCount)
            sumOfSquares = sum
        }

        /// Adds all frames of a clip; traps on another feature count.
        package mutating func add(_ matrix: FeatureMatrix) {
            let width = sum.count
            precondition(
                matrix.featureCount == width,
                "a matrix of \(matrix.featureCount) features does not fit a normalizer of \(width)")
            for frame in 0..<matrix.frameCount {
                for feature in 0..<width {
                    let value = Double(matrix.values[frame * width + feature])
                    sum[feature] += value
                    sumOfSquares[feature] += value * value
                }
            }
            frameCount += matrix.frameCount
        }

        /// Adds all that another fitter has seen; traps on another feature count.
        package mutating func merge(_ other: Fitter) {
            precondition(
                other.sum.count == sum.count, "cannot merge \(other.sum.count) features into \(sum.count)")
            for feature in sum.indices {
                sum[feature] += other.sum[feature]
                sumOfSquares[feature] += other.sumOfSquares[feature]
            }
            frameCount += other.frameCount
        }

        /// The normalizer of all frames seen.
        ///
        /// - Parameter minimumStandardDeviation: What a feature that hardly varies is divided by; positive.
        /// - Returns: Mean and standard deviation (of the population) of each feature.
        /// - Throws: ``FeatureError/invalidNormalizer(reason:)`` if no frame was seen, or one was not finite.
        package func normalizer(
            minimumStandardDeviation: Float = 1e-3
        ) throws(FeatureError) -> FeatureNormalizer {
            precondition(
                minimumStandardDeviation > 0,
                "the least standard deviation must be positive, got \(minimumStandardDeviation)")
            guard frameCount > 0 else { throw .invalidNormalizer(reason: "no frames were seen") }
            let mean = sum.map { $0 / Double(frameCount) }
            let deviation = sumOfSquares.indices.map { feature in
                let variance = sumOfSquares[feature] / Double(frameCount) - mean[feature] * mean[feature]
                return max(Float(max(0, variance).squareRoot()), minimumStandardDeviation)
            }
            let means = mean.map { Float($0) }
            if let fault = FeatureNormalizer.fault(mean: means, standardDeviation: deviation) {
                throw .invalidNormalizer(reason: fault)
            }
            return FeatureNormalizer(mean: means, standardDeviation: deviation)
        }
    }
}
