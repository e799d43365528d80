import CVectorMath
import Glibc
import MynahBase
import MynahData
import MynahModel

/// What can be measured of a clip without knowing what is said in it.
struct ClipMeasurement: Sendable {
    /// Length, in s.
    let seconds: Double

    /// Level of the speech (`SpeechLevel`), in dB of full scale; minus infinity for digital silence.
    let speechDecibels: Double

    /// Samples in runs of at least three at full scale.
    let clippedCount: Int

    /// Number of samples.
    let sampleCount: Int

    /// Level of the first and of the last 20 ms, in dB above that of the speech; mostly negative.
    let startDecibels: Double
    let endDecibels: Double

    /// Level that a tenth of the blocks of 10 ms do not reach, in dB above that of the speech: the background.
    let backgroundDecibels: Double

    /// SHA-256 of the samples as 16-bit integers.
    let hash: String

    /// Measures decoded samples, of which there is at least one.
    init(_ samples: QuantizedSamples, sampleRate: Int) {
        var values = [Float](repeating: 0, count: samples.count)
        samples.copy(from: 0, into: &values)
        sampleCount = samples.count
        seconds = Double(samples.count) / Double(sampleRate)
        let power = SpeechLevel.power(of: values, sampleRate: sampleRate)
        speechDecibels = 10 * log10(Double(power))
        clippedCount = Self.clipped(samples.values)
        let edge = min(values.count, max(1, sampleRate / 50))
        startDecibels = Self.decibels(values[..<edge], over: power)
        endDecibels = Self.decibels(values[(values.count - edge)...], over: power)
        let block = min(values.count, max(1, sampleRate / 100))
        let levels = stride(from: 0, through: values.count - block, by: block).map {
            Self.decibels(values[$0..<$0 + block], over: power)
        }.sorted()
        backgroundDecibels = levels[levels.count / 10]
        var digest = SHA256()
        digest.update(samples.values.span.bytes)
        hash = digest.hexDigest()
    }

    private static func decibels(_ values: ArraySlice<Float>, over power: Float) -> Double {
        guard power > 0 else { return -.infinity }
        let energy = values.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { mynah_sum_of_squares($0, buffer.count) } ?? 0
        }
        return 10 * log10(Double(energy) / Double(values.count) / Double(power))
    }

    /// Samples in runs of at least three beyond 99 % of full scale: a lone peak may reach it unharmed.
    private static func clipped(_ values: [Int16]) -> Int {
        var count = 0
        var run = 0
        for value in values {
            guard value.magnitude >= 32_440 else {
                if run >= 3 { count += run }
                run = 0
                continue
            }
            run += 1
        }
        return run >= 3 ? count + run : count
    }
}
