/// Samples kept as 16-bit integers: half the memory of `Float`, and what a 16-bit recording holds anyway.
///
/// A sample is rounded to the nearest multiple of 2⁻¹⁵ and held within `-1 ... 1 - 2⁻¹⁵`. A 16-bit recording at the
/// right sample rate is kept exactly; for others the error is at most 2⁻¹⁶ of full scale, 96 dB below it (2⁻¹⁵ for a
/// sample of exactly 1).
struct QuantizedSamples: Sendable, Equatable {
    /// `[sampleCount]`, full scale is ±2¹⁵.
    private(set) var values: [Int16]

    /// Value of one step.
    static let step: Float = 0x1p-15

    /// Rounds finite samples.
    init(_ samples: [Float]) {
        values = samples.map { Int16(max(-32768, min(32767, ($0 * 32768).rounded()))) }
    }

    var count: Int { values.count }

    /// Writes `values[start...]` to all of `output`, with zeros where there are no values.
    func copy(from start: Int, into output: inout [Float]) {
        let first = min(max(0, -start), output.count)
        let last = max(first, min(output.count, values.count - start))
        for index in 0..<first { output[index] = 0 }
        for index in first..<last { output[index] = Float(values[start + index]) * Self.step }
        for index in last..<output.count { output[index] = 0 }
    }
}
