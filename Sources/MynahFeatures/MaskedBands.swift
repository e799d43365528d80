internal import CVectorMath
import MynahBase

/// Sets stretches of neighbouring features to their means, which are 0 in normalized features.
///
/// Neighbouring coefficients of a cepstrum are no neighbours in frequency. Where a cepstrum stands for mel bands by an
/// orthonormal transform, it is these that are counted and masked: what they hold is taken out of all coefficients. With as
/// many coefficients as bands that is what masking the bands before the transform would have given.
package struct MaskedBands: Sendable {
    /// Bands, or features where these are no cepstrum: what stretches are of.
    package let count: Int

    /// `[bands, coefficients]`: what a normalized coefficient adds to a band; nil where features are masked themselves.
    private let fromCoefficients: [Float]?

    /// `[bands, coefficients]`: what a band adds to a normalized coefficient.
    private let toCoefficients: [Float]

    private init(count: Int, fromCoefficients: [Float]?, toCoefficients: [Float]) {
        self.count = count
        self.fromCoefficients = fromCoefficients
        self.toCoefficients = toCoefficients
    }

    /// For rows whose features lie side by side in frequency.
    package init(featureCount: Int) {
        self.init(count: featureCount, fromCoefficients: nil, toCoefficients: [])
    }

    /// For the rows of a front end, normalized.
    package init(_ frontEnd: FrontEndConfiguration, _ normalizer: FeatureNormalizer) {
        guard let bandCount = frontEnd.transformedBandCount else {
            self.init(featureCount: frontEnd.featureCount)
            return
        }
        var (from, to): ([Float], [Float]) = ([], [])
        for band in 0..<bandCount {
            for (coefficient, deviation) in normalizer.standardDeviation.enumerated() {
                let cosine = Float(
                    cosineBasis(coefficient: coefficient, band: band, bandCount: bandCount))
                from.append(cosine * deviation)
                to.append(cosine / deviation)
            }
        }
        self.init(count: bandCount, fromCoefficients: from, toCoefficients: to)
    }

    /// Masks a stretch of `0 ..< count` in every row.
    package func mask(_ stretch: Range<Int>, of features: inout FeatureMatrix) {
        let size = features.featureCount
        guard let fromCoefficients else {
            for frame in 0..<features.frameCount {
                for feature in stretch { features.values[frame * size + feature] = 0 }
            }
            return
        }
        guard !stretch.isEmpty else { return }
        precondition(
            fromCoefficients.count == count * size && stretch.upperBound <= count,
            "bands \(stretch) of \(count), rows of \(size) features")
        let change = FloatBuffer(count: size)
        fromCoefficients.withUnsafeBufferPointer { from in
            toCoefficients.withUnsafeBufferPointer { to in
                features.values.withUnsafeMutableBufferPointer { values in
                    guard let from = from.baseAddress, let to = to.baseAddress, let base = values.baseAddress
                    else { return }
                    for row in stride(from: base, to: base + values.count, by: size) {
                        change.clear()
                        for band in stretch {
                            mynah_add_scaled(
                                change.base, -mynah_dot(from + band * size, row, size), to + band * size, size
                            )
                        }
                        mynah_add(row, change.base, size)
                    }
                }
            }
        }
    }
}
