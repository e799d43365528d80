internal import CVectorMath

/// Samples kept as 16-bit integers: half the memory of `Float`, and what a 16-bit recording holds anyway.
///
/// A sample is rounded to the nearest multiple of 2⁻¹⁵ and held within `-1 ... 1 - 2⁻¹⁵`. A 16-bit recording at the
/// right sample rate is kept exactly; for others the error is at most 2⁻¹⁶ of full scale, 96 dB below it (2⁻¹⁵ for a
/// sample of exactly 1).
package struct QuantizedSamples: Sendable, Equatable {
    /// `[sampleCount]`, full scale is ±2¹⁵.
    package private(set) var values: [Int16]

    /// Value of one step.
    package static let step: Float = 0x1p-15

    /// Rounds finite samples.
    package init(_ samples: [Float]) {
        values = samples.map { Int16(max(-32768, min(32767, ($0 * 32768).rounded()))) }
    }

    /// Keeps samples as they are: `[sampleCount]`, full scale being ±2¹⁵.
    package init(values: [Int16]) { self.values = values }

    package var count: Int { values.count }

    /// These samples and then others.
    func joined(with other: QuantizedSamples) -> QuantizedSamples {
        var result = self
        result.append(other)
        return result
    }

    /// Appends other samples to these.
    mutating func append(_ other: QuantizedSamples) {
        values += other.values
    }

    /// Some of the samples.
    package func part(_ range: Range<Int>) -> QuantizedSamples {
        var result = self
        result.values = Array(values[range])
        return result
    }

    /// Sum of the squares of some samples, full scale being 1.
    package func energy(of range: Range<Int>) -> Float {
        let sum = values[range].reduce(into: 0) { $0 += Int($1) * Int($1) }
        return Float(sum) * (Self.step * Self.step)
    }

    /// Writes `values[start...]` to all of `output`, with zeros where there are no values.
    package func copy(from start: Int, into output: inout [Float]) {
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
    package func copy(from start: Double, step: Double, into output: inout [Float]) {
        // Positions in 32.32 fixed point: exact sums, and no rounding of a Double per sample.
        let stride = Int64((step * 0x1p32).rounded())
        let first = Int64((start * 0x1p32).rounded())
        precondition(stride > 0, "a sound played at \(step) of its speed")
        // Indices from the first one whose position is not below a place.
        func index(ofPlace place: Int) -> Int {
            let distance = (Int64(place) << 32) - first
            return min(max(0, Int((distance + stride - 1) / stride)), output.count)
        }
        // The cubic has a sample before it and two behind.
        let inside = index(ofPlace: 1)..<max(index(ofPlace: 1), index(ofPlace: values.count - 2))
        for index in [0..<inside.lowerBound, inside.upperBound..<output.count].joined() {
            let position = first + Int64(index) * stride
            let nearest = Int((position + (1 << 31)) >> 32)
            output[index] = values.indices.contains(nearest) ? Float(values[nearest]) * Self.step : 0
        }
        values.withUnsafeBufferPointer { values in
            output.withUnsafeMutableBufferPointer { output in
                guard let values = values.baseAddress, let output = output.baseAddress else { return }
                mynah_interpolate(
                    values, first + Int64(inside.lowerBound) * stride, stride, Self.step,
                    output + inside.lowerBound, inside.count)
            }
        }
    }
}
