/// How a WAV file of one channel holds its samples; it is written front to back, its length stated before the samples.
public enum WAVEncoding: Sendable {
    /// 16-bit integers: samples are rounded to multiples of 2⁻¹⁵ and held within the range of 16 bits.
    case integer16

    /// 32-bit floating point: samples as they are.
    case float32

    private var bytesPerSample: Int {
        switch self {
        case .integer16: 2
        case .float32: 4
        }
    }

    /// WAVE_FORMAT_PCM or WAVE_FORMAT_IEEE_FLOAT.
    private var formatTag: Int {
        switch self {
        case .integer16: 1
        case .float32: 3
        }
    }

    /// Most samples that the 32-bit sizes of the format can state.
    public var maximumSampleCount: Int { (Int(UInt32.max) - 36) / bytesPerSample }

    /// The 44 bytes before the samples (RIFF, "Multimedia Programming Interface and Data Specifications 1.0", 1991).
    ///
    /// - Parameters:
    ///   - sampleCount: at most ``maximumSampleCount``; traps beyond.
    ///   - sampleRate: in Hz, positive.
    public func header(sampleCount: Int, sampleRate: Int) -> [UInt8] {
        precondition(
            (0...maximumSampleCount).contains(sampleCount) && sampleRate > 0,
            "\(sampleCount) samples at \(sampleRate) Hz do not fit into a WAV file")
        let byteCount = bytesPerSample * sampleCount
        return Array("RIFF".utf8) + little(36 + byteCount, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
            + little(formatTag, 2) + little(1, 2) + little(sampleRate, 4)
            + little(bytesPerSample * sampleRate, 4) + little(bytesPerSample, 2)
            + little(8 * bytesPerSample, 2) + Array("data".utf8) + little(byteCount, 4)
    }

    /// The bytes of samples.
    public func bytes(of samples: Span<Float>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(bytesPerSample * samples.count)
        for index in samples.indices {
            let bits: UInt32
            switch self {
            case .integer16:
                let value = Int16(max(-32_768, min(32_767, (samples[index] * 32_768).rounded())))
                bits = UInt32(UInt16(bitPattern: value))
            case .float32:
                bits = samples[index].bitPattern
            }
            for place in 0..<bytesPerSample { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * place))) }
        }
        return bytes
    }

    private func little(_ value: Int, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
