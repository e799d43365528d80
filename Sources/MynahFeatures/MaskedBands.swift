import Glibc

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
                let scale = ((coefficient == 0 ? 1 : 2) / Double(bandCount)).squareRoot()
                let angle = Double.pi * Double(coefficient) * (Double(band) + 0.5) / Double(bandCount)
                let cosine = Float(scale * cos(angle))
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
        var change = [Float](repeating: 0, count: size)
        for start in stride(from: 0, to: features.values.count, by: size) {
            for index in 0..<size { change[index] = 0 }
            for row in stretch.lazy.map({ $0 * size }) {
                var band: Float = 0
                for index in 0..<size {
                    band += fromCoefficients[row + index] * features.values[start + index]
                }
                for index in 0..<size { change[index] += band * toCoefficients[row + index] }
            }
            for index in 0..<size { features.values[start + index] -= change[index] }
        }
    }
}
