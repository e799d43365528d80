/// A WAV file of one channel in 16-bit integers, written front to back: its length is stated before the samples.
public enum PCM16WAV {
    /// Most samples that the 32-bit sizes of the format can state.
    public static let maximumSampleCount = (Int(UInt32.max) - 36) / 2

    /// The 44 bytes before the samples (RIFF, "Multimedia Programming Interface and Data Specifications 1.0", 1991).
    ///
    /// - Parameters:
    ///   - sampleCount: at most ``maximumSampleCount``; traps beyond.
    ///   - sampleRate: in Hz, positive.
    public static func header(sampleCount: Int, sampleRate: Int) -> [UInt8] {
        precondition(
            (0...maximumSampleCount).contains(sampleCount) && sampleRate > 0,
            "\(sampleCount) samples at \(sampleRate) Hz do not fit into a WAV file")
        let byteCount = 2 * sampleCount
        return Array("RIFF".utf8) + little(36 + byteCount, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
            + little(1, 2) + little(1, 2) + little(sampleRate, 4) + little(2 * sampleRate, 4) + little(2, 2)
            + little(16, 2) + Array("data".utf8) + little(byteCount, 4)
    }

    /// The bytes of samples, which are rounded to multiples of 2⁻¹⁵ and held within the range of 16 bits.
    public static func bytes(of samples: Span<Float>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * samples.count)
        for index in samples.indices {
            let value = Int16(max(-32_768, min(32_767, (samples[index] * 32_768).rounded())))
            let bits = UInt16(bitPattern: value)
            bytes.append(UInt8(truncatingIfNeeded: bits))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
        }
        return bytes
    }

    private static func little(_ value: Int, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
