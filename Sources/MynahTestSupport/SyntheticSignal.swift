import Glibc
import MynahBase
import MynahNetwork

/// Signals whose content is known, for tests.
///
/// Samples are within ±1 as long as `amplitude` is.
package enum SyntheticSignal {
    /// A sine of `frequency` Hz that starts at phase 0.
    package static func tone(
        frequency: Double, sampleCount: Int, sampleRate: Int, amplitude: Double = 0.5
    ) -> [Float] {
        (0..<sampleCount).map { index in
            Float(amplitude * sin(2 * .pi * frequency * Double(index) / Double(sampleRate)))
        }
    }

    /// A sine whose frequency rises evenly from `start` to `end` Hz.
    package static func chirp(
        from start: Double, to end: Double, sampleCount: Int, sampleRate: Int, amplitude: Double = 0.5
    ) -> [Float] {
        let duration = Double(sampleCount) / Double(sampleRate)
        return (0..<sampleCount).map { index in
            let time = Double(index) / Double(sampleRate)
            return Float(
                amplitude * sin(2 * .pi * (start * time + (end - start) * time * time / (2 * duration))))
        }
    }

    /// White noise, uniform within ±`amplitude`, the same for the same seed.
    package static func noise(sampleCount: Int, seed: UInt64, amplitude: Float = 0.5) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<sampleCount).map { _ in (2 * generator.uniform() - 1) * amplitude }
    }

    /// Silence with a single sample of `amplitude` at every multiple of `period` samples.
    package static func clicks(sampleCount: Int, period: Int, amplitude: Float = 0.9) -> [Float] {
        (0..<sampleCount).map { $0.isMultiple(of: period) ? amplitude : 0 }
    }
}
