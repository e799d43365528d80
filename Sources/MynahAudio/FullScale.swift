import Glibc

/// The largest magnitude from `start` on; NaN if there is one, else infinity if there is one.
func largestMagnitude(of samples: Span<Float>, from start: Int) -> Float {
    // Without their sign, floating-point numbers are ordered like their bits, NaN above infinity above the rest.
    var largest: Int32 = 0
    for index in start..<samples.count {
        largest = max(largest, Int32(truncatingIfNeeded: samples[index].bitPattern & 0x7fff_ffff))
    }
    return Float(bitPattern: UInt32(largest))
}

/// Clamps the samples from `start` on to ±1.
package func clampToFullScale(_ samples: inout [Float], from start: Int = 0) {
    var output = samples.mutableSpan
    for index in start..<output.count { output[index] = max(-1, min(1, output[index])) }
}

extension Float {
    /// The factor of amplitude that so many decibels are.
    package init(decibels: Double) {
        self = Float(pow(10, decibels / 20))
    }
}
