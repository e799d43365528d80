import Glibc

/// Codes a sound by µ-law and decodes it: the steps of a telephone's code, fine for quiet samples and coarse for loud.
///
/// The continuous law with µ = 255, `sign(x) ln(1 + µ |x|) / ln(1 + µ)`, whose value is rounded to one of `2^bits - 1`
/// steps. ITU-T G.711 replaces the curve by straight pieces that differ little from it.
enum MuLaw {
    private static let strength: Float = 255

    /// Replaces each sample, held within ±1, by what its code of `bits` bits is decoded to.
    static func apply(bits: Int, to samples: inout [Float]) {
        let steps = Float((1 << (bits - 1)) - 1)
        let scale = log1pf(strength)
        let decoded = (0...Int(steps)).map { expm1f(Float($0) / steps * scale) / strength }
        for index in samples.indices {
            let magnitude = min(1, abs(samples[index]))
            let code = Int((log1pf(strength * magnitude) / scale * steps).rounded())
            samples[index] = samples[index] < 0 ? -decoded[code] : decoded[code]
        }
    }
}
