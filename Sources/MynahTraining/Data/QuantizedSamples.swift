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

    /// These samples and then others.
    func joined(with other: QuantizedSamples) -> QuantizedSamples {
        var result = self
        result.values += other.values
        return result
    }

    /// Some of the samples.
    func part(_ range: Range<Int>) -> QuantizedSamples {
        var result = self
        result.values = Array(values[range])
        return result
    }

    /// Sum of the squares of some samples, full scale being 1.
    func energy(of range: Range<Int>) -> Float {
        let sum = values[range].reduce(into: 0) { $0 += Int($1) * Int($1) }
        return Float(sum) * (Self.step * Self.step)
    }

    /// Writes `values[start...]` to all of `output`, with zeros where there are no values.
    func copy(from start: Int, into output: inout [Float]) {
        let first = min(max(0, -start), output.count)
        let last = max(first, min(output.count, values.count - start))
        for index in 0..<first { output[index] = 0 }
        for index in first..<last { output[index] = Float(values[start + index]) * Self.step }
        for index in last..<output.count { output[index] = 0 }
    }

    /// Writes the samples at `start + index · step` to all of `output`, with zeros where there are none: the sound
    /// played `step` times as fast, its pitch raised with it.
    ///
    /// Between samples runs the cubic through the four nearest (Catmull and Rom, 1974).
    func copy(from start: Double, step: Double, into output: inout [Float]) {
        // Positions in 32.32 fixed point: exact sums, and no rounding of a Double per sample.
        let stride = Int64((step * 0x1p32).rounded())
        var position = Int64((start * 0x1p32).rounded())
        values.withUnsafeBufferPointer { values in
            for index in output.indices {
                let place = Int(position >> 32)
                let fraction = Float(UInt32(truncatingIfNeeded: position)) * 0x1p-32
                position += stride
                guard place >= 1, place < values.count - 2 else {
                    let nearest = fraction < 0.5 ? place : place + 1
                    output[index] = values.indices.contains(nearest) ? Float(values[nearest]) * Self.step : 0
                    continue
                }
                let (before, left) = (Float(values[place - 1]), Float(values[place]))
                let (right, after) = (Float(values[place + 1]), Float(values[place + 2]))
                let cubic = 3 * (left - right) + after - before
                let square = 2 * before - 5 * left + 4 * right - after
                let value =
                    left + 0.5 * fraction * (right - before + fraction * (square + fraction * cubic))
                output[index] = value * Self.step
            }
        }
    }
}
