import CVectorMath
import Glibc
import MynahBase

/// DCT-II with its normalization and the lifter in one matrix.
struct CosineTransform: ~Copyable, Sendable {
    /// Number of coefficients rounded up to whole vectors: what `apply` writes.
    let paddedCoefficientCount: Int

    private let bandCount: Int
    /// `[bandCount, paddedCoefficientCount]`, row-major.
    private let matrix: FloatBuffer

    init(_ cepstrum: FrontEndConfiguration.Cepstrum, bandCount: Int) {
        let columns = (cepstrum.coefficientCount + 7) / 8 * 8
        let firstCoefficient = cepstrum.zeroth == .omitted ? 1 : 0
        matrix = FloatBuffer(count: bandCount * columns)
        for column in 0..<cepstrum.coefficientCount {
            let coefficient = Double(column + firstCoefficient)
            let isHalved = coefficient == 0 && cepstrum.normalization == .orthonormal
            let scale = (isHalved ? 1 : 2) / Double(bandCount)
            let period = Double(cepstrum.lifter)
            let lifter = period > 0 ? 1 + period / 2 * sin(.pi * coefficient / period) : 1
            for band in 0..<bandCount {
                let angle = Double.pi * coefficient * (Double(band) + 0.5) / Double(bandCount)
                matrix.base[band * columns + column] = Float(lifter * scale.squareRoot() * cos(angle))
            }
        }
        self.bandCount = bandCount
        paddedCoefficientCount = columns
    }

    /// Writes `[frameCount, paddedCoefficientCount]` coefficients; only the first columns are of use.
    ///
    /// - Parameters:
    ///   - logMel: `[frameCount, stride]`, of which the first `bandCount` columns are log-mel energies.
    func apply(
        to logMel: UnsafePointer<Float>, stride: Int, frameCount: Int,
        into coefficients: UnsafeMutablePointer<Float>
    ) {
        mynah_rows_times_matrix(
            coefficients, logMel, matrix.base, frameCount, stride, bandCount, paddedCoefficientCount)
    }
}
