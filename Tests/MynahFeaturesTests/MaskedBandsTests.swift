import MynahBase
import Testing

@testable import MynahFeatures

/// Masks of a cepstrum are those of the bands that it is made of.
@Suite struct MaskedBandsTests {
    private static let deviations: [Float] = (0..<40).map { 6 / Float($0 + 1) }
    private static let normalizer = FeatureNormalizer(
        mean: [Float](repeating: 0, count: 40), standardDeviation: deviations)

    /// Rows of bands around their means, and the same as normalized coefficients.
    private func cepstra(of bands: [Float], rows: Int) -> FeatureMatrix {
        let cepstrum = FrontEndConfiguration.mynah.cepstrum
        guard let cepstrum else { preconditionFailure("a front end without a cepstrum") }
        let transform = CosineTransform(cepstrum, bandCount: 40)
        var coefficients = [Float](repeating: 0, count: rows * 40)
        coefficients.withUnsafeMutableBufferPointer { target in
            bands.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                transform.apply(to: from, stride: 40, frameCount: rows, into: to)
            }
        }
        var matrix = FeatureMatrix(values: coefficients, featureCount: 40)
        Self.normalizer.normalize(&matrix)
        return matrix
    }

    @Test func bandsAreTakenOutOfAllCoefficients() {
        var generator = SeededGenerator(seed: 2)
        var bands = (0..<3 * 40).map { _ in Float(generator.gaussian()) }
        var masked = cepstra(of: bands, rows: 3)
        MaskedBands(.mynah, Self.normalizer).mask(4..<9, of: &masked)
        for row in 0..<3 {
            for band in 4..<9 { bands[row * 40 + band] = 0 }
        }
        let expected = cepstra(of: bands, rows: 3)
        for (value, wanted) in zip(masked.values, expected.values) {
            #expect(abs(value - wanted) < 1e-4)
        }
    }

    @Test func whatIsNoOrthonormalTransformIsMaskedItself() {
        for frontEnd in [FrontEndConfiguration.mynahMel, .kaldi] {
            let count = frontEnd.featureCount
            let normalizer = FeatureNormalizer(
                mean: [Float](repeating: 0, count: count),
                standardDeviation: [Float](repeating: 1, count: count))
            var features = FeatureMatrix(values: [Float](repeating: 1, count: 2 * count), featureCount: count)
            let bands = MaskedBands(frontEnd, normalizer)
            #expect(bands.count == count)
            bands.mask(1..<3, of: &features)
            #expect(
                features.values == (0..<2 * count).map { [1, 2].contains($0 % count) ? 0 : 1 })
        }
    }
}
