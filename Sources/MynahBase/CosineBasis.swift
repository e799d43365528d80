import Glibc

/// A value of the orthonormal cosine transform (DCT-II): what band `band` of `bandCount` adds to a coefficient, and, since the
/// matrix is orthonormal, what the coefficient adds to the band.
///
/// - Parameters:
///   - coefficient: `0 ..< bandCount`.
///   - band: `0 ..< bandCount`.
package func cosineBasis(coefficient: Int, band: Int, bandCount: Int) -> Double {
    let scale = ((coefficient == 0 ? 1 : 2) / Double(bandCount)).squareRoot()
    return scale * cos(Double.pi * Double(coefficient) * (Double(band) + 0.5) / Double(bandCount))
}
