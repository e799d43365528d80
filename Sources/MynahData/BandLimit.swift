import Glibc

/// Limits a sound to a band: a high-pass and a low-pass of fourth order, each a Butterworth filter of two biquads.
///
/// Coefficients by the bilinear transform as in Bristow-Johnson's *Cookbook formulae for audio equalizer biquad filter
/// coefficients*; the quality factors are those of Butterworth's fourth order, `1 / 2 sin(π / 8)` and `1 / 2 sin(3π / 8)`.
/// The sections run in the transposed second direct form.
struct BandLimit {
    /// One section, `y = (b0 + b1 z⁻¹ + b2 z⁻²) / (1 + a1 z⁻¹ + a2 z⁻²) x`.
    private struct Biquad {
        var b0, b1, b2, a1, a2: Float
        var first: Float = 0
        var second: Float = 0

        init(_ kind: Kind, edgeHz: Float, quality: Float, sampleRate: Float) {
            let angle = 2 * Float.pi * edgeHz / sampleRate
            let alpha = sinf(angle) / (2 * quality)
            let cosine = cosf(angle)
            let scale = 1 / (1 + alpha)
            let middle = (kind == .lowPass ? 1 - cosine : -(1 + cosine)) * scale
            b0 = abs(middle) / 2
            b1 = middle
            b2 = b0
            a1 = -2 * cosine * scale
            a2 = (1 - alpha) * scale
        }

        @inline(__always)
        mutating func next(_ input: Float) -> Float {
            let output = b0 * input + first
            first = b1 * input - a1 * output + second
            second = b2 * input - a2 * output
            return output
        }
    }

    private enum Kind { case highPass, lowPass }

    private static let qualities: (Float, Float) = (0.541_196_1, 1.306_563)

    /// Limits all of `samples`, which silence precedes.
    ///
    /// An upper edge above 0.49 of the sample rate is held there.
    static func apply(_ band: Variation.Band, to samples: inout [Float], sampleRate: Int) {
        let rate = Float(sampleRate)
        let upperHz = min(band.upperEdgeHz, 0.49 * rate)
        let lowerHz = min(band.lowerEdgeHz, upperHz / 2)
        var high1 = Biquad(.highPass, edgeHz: lowerHz, quality: qualities.0, sampleRate: rate)
        var high2 = Biquad(.highPass, edgeHz: lowerHz, quality: qualities.1, sampleRate: rate)
        var low1 = Biquad(.lowPass, edgeHz: upperHz, quality: qualities.0, sampleRate: rate)
        var low2 = Biquad(.lowPass, edgeHz: upperHz, quality: qualities.1, sampleRate: rate)
        for index in samples.indices {
            samples[index] = low2.next(low1.next(high2.next(high1.next(samples[index]))))
        }
    }
}
