/// How the samples of a WAV stream are coded: whole numbers or IEEE 754, little-endian, channels interleaved.
struct PCMFormat: Sendable, Equatable {
    /// Whether samples are floating point.
    let isFloat: Bool

    /// Bytes of one sample of one channel: 1 (unsigned), 2, 3, 4, or of floating point 4, 8.
    let bytesPerSample: Int

    let channelCount: Int

    /// Frames per second, in Hz.
    let sampleRate: Int

    var bytesPerFrame: Int { bytesPerSample * channelCount }

    /// 16-bit mono samples without a header.
    static func raw(sampleRate: Int) -> PCMFormat {
        PCMFormat(isFloat: false, bytesPerSample: 2, channelCount: 1, sampleRate: sampleRate)
    }

    init(isFloat: Bool, bytesPerSample: Int, channelCount: Int, sampleRate: Int) {
        self.isFloat = isFloat
        self.bytesPerSample = bytesPerSample
        self.channelCount = channelCount
        self.sampleRate = sampleRate
    }

    /// Reads the contents of the chunk `fmt `; nil for codings that are no plain samples.
    init?(chunk: [UInt8]) {
        guard chunk.count >= 16 else { return nil }
        var tag = chunk.littleEndian16(at: 0)
        // WAVE_FORMAT_EXTENSIBLE: the tag proper begins the sub-format.
        if tag == 0xfffe, chunk.count >= 26 { tag = chunk.littleEndian16(at: 24) }
        let bits = chunk.littleEndian16(at: 14)
        guard (tag == 1 && [8, 16, 24, 32].contains(bits)) || (tag == 3 && [32, 64].contains(bits)),
            chunk.littleEndian16(at: 12) == bits / 8 * chunk.littleEndian16(at: 2)
        else { return nil }
        self.init(
            isFloat: tag == 3, bytesPerSample: bits / 8, channelCount: chunk.littleEndian16(at: 2),
            sampleRate: chunk.littleEndian32(at: 4))
    }

    /// Appends the mono signal of whole frames, within ±1; what is not a finite number becomes 0.
    ///
    /// - Returns: How many samples were not finite.
    func decode(
        _ bytes: ArraySlice<UInt8>, channel: ChannelSelection, appendingTo samples: inout [Float]
    ) -> Int {
        var brokenCount = 0
        for frame in stride(from: bytes.startIndex, to: bytes.endIndex, by: bytesPerFrame) {
            var sum: Float = 0
            switch channel {
            case .channel(let number):
                sum = sample(bytes, at: frame + (number - 1) * bytesPerSample)
            case .average:
                for index in 0..<channelCount { sum += sample(bytes, at: frame + index * bytesPerSample) }
                sum /= Float(channelCount)
            }
            if !sum.isFinite {
                brokenCount += 1
                sum = 0
            }
            samples.append(max(-1, min(1, sum)))
        }
        return brokenCount
    }

    private func sample(_ bytes: ArraySlice<UInt8>, at start: Int) -> Float {
        var bits: UInt64 = 0
        for index in 0..<bytesPerSample { bits |= UInt64(bytes[start + index]) << (8 * UInt64(index)) }
        switch (isFloat, bytesPerSample) {
        case (true, 4): return Float(bitPattern: UInt32(bits))
        case (true, _): return Float(Double(bitPattern: bits))
        case (false, 1): return Float(Int(bits) - 128) * 0x1p-7
        default:
            let shift = UInt64(64 - 8 * bytesPerSample)
            return Float(Int64(bitPattern: bits << shift)) * 0x1p-63
        }
    }
}
