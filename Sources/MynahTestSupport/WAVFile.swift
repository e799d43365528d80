import Glibc

/// A WAV file put together byte by byte, so that tests can also make ones that lie.
package struct WAVFile: Sendable {
    /// How one sample is coded.
    package enum Encoding: Sendable, CaseIterable {
        /// Unsigned 8-bit integers.
        case pcm8
        /// Signed little-endian integers of 16 bits.
        case pcm16
        /// Signed little-endian integers of 24 bits.
        case pcm24
        /// Signed little-endian integers of 32 bits.
        case pcm32
        /// IEEE 754 numbers of 32 bits.
        case float32
        /// IEEE 754 numbers of 64 bits.
        case float64
        /// A-law, ITU-T G.711.
        case aLaw
        /// µ-law, ITU-T G.711.
        case muLaw

        /// Bits that one sample takes.
        package var bitsPerSample: Int {
            switch self {
            case .pcm8, .aLaw, .muLaw: 8
            case .pcm16: 16
            case .pcm24: 24
            case .pcm32, .float32: 32
            case .float64: 64
            }
        }

        /// The number of the codec in the chunk `fmt `.
        package var formatTag: Int {
            switch self {
            case .pcm8, .pcm16, .pcm24, .pcm32: 1
            case .float32, .float64: 3
            case .aLaw: 6
            case .muLaw: 7
            }
        }

        /// Largest error of a decoded sample within ±1.
        package var tolerance: Float {
            switch self {
            case .pcm8: 1.01 / 128
            case .pcm16: 1.01 / 32_768
            case .pcm24, .pcm32: 1.01 / 8_388_608
            case .float32, .float64: 0
            case .aLaw, .muLaw: 0.04
            }
        }
    }

    /// The identifier of the whole: `RIFF`, or `RF64` to state sizes in 64 bits.
    package var identifier = "RIFF"
    /// What the header states as the codec.
    package var formatTag: Int
    /// What the header states as the number of channels.
    package var channels: Int
    /// What the header states as the sample rate, in Hz.
    package var sampleRate: Int
    /// What the header states as the width of a sample.
    package var bitsPerSample: Int
    /// The coded samples, channels interleaved.
    package var data: [UInt8]
    /// What the header states as the size of `data`, in bytes; the truth if `nil`.
    package var declaredDataSize: Int?
    /// What the header states as the size of all that follows it, in bytes; the truth if `nil`.
    package var declaredTotalSize: Int?
    /// Chunks with their headers between format and data.
    package var chunksBeforeData: [UInt8] = []
    /// Bytes after the data.
    package var trailer: [UInt8] = []

    /// Codes interleaved samples within ±1.
    package init(_ samples: [Float], sampleRate: Int, channels: Int = 1, encoding: Encoding = .pcm16) {
        formatTag = encoding.formatTag
        bitsPerSample = encoding.bitsPerSample
        self.channels = channels
        self.sampleRate = sampleRate
        data = samples.flatMap { Self.code($0, encoding) }
    }

    /// The whole file.
    package var bytes: [UInt8] {
        let isLong = identifier == "RF64"
        let dataSize = declaredDataSize ?? data.count
        var body = Array("WAVE".utf8)
        if isLong {
            let total = declaredTotalSize ?? 72 + chunksBeforeData.count + data.count + trailer.count
            body += Array("ds64".utf8) + little(28, 4) + little(total, 8) + little(dataSize, 8)
            body += little(0, 8) + little(0, 4)
        }
        let frameSize = channels * bitsPerSample / 8
        body += Array("fmt ".utf8) + little(16, 4) + little(formatTag, 2) + little(channels, 2)
        body += little(sampleRate, 4) + little(sampleRate * frameSize, 4) + little(frameSize, 2)
        body += little(bitsPerSample, 2) + chunksBeforeData
        body += Array("data".utf8) + little(isLong ? 0xffff_ffff : dataSize, 4) + data + trailer
        let total = isLong ? 0xffff_ffff : declaredTotalSize ?? body.count
        return Array(identifier.utf8) + little(total, 4) + body
    }

    /// A chunk of another kind, with its header and its padding.
    package static func chunk(_ identifier: String, _ body: [UInt8]) -> [UInt8] {
        Array(identifier.utf8) + little(body.count, 4) + body + (body.count.isMultiple(of: 2) ? [] : [0])
    }

    private static func code(_ sample: Float, _ encoding: Encoding) -> [UInt8] {
        let value = Double(sample)
        return switch encoding {
        case .pcm8: [UInt8(128 + (value * 127).rounded())]
        case .pcm16: little(Int((value * 32_767).rounded()), 2)
        case .pcm24: little(Int((value * 8_388_607).rounded()), 3)
        case .pcm32: little(Int((value * 2_147_483_647).rounded()), 4)
        case .float32: little(Int(sample.bitPattern), 4)
        case .float64: little(Int(bitPattern: UInt(value.bitPattern)), 8)
        case .aLaw: [codeALaw(Int((value * 32_767).rounded()))]
        case .muLaw: [codeMuLaw(Int((value * 32_767).rounded()))]
        }
    }

    /// ITU-T G.711, table 1: sign, three bits of exponent, four of mantissa, every second bit inverted.
    private static func codeALaw(_ sample: Int) -> UInt8 {
        let magnitude = min(abs(sample), 32_767) >> 4
        var exponent = 0
        while magnitude >> exponent >= 32 { exponent += 1 }
        let code =
            magnitude < 32 ? magnitude : (exponent + 1) << 4 | (magnitude >> exponent) & 15
        return UInt8(code | (sample >= 0 ? 0x80 : 0)) ^ 0x55
    }

    /// ITU-T G.711, table 2: sign, three bits of exponent, four of mantissa, all bits inverted.
    private static func codeMuLaw(_ sample: Int) -> UInt8 {
        let magnitude = min(abs(sample), 32_635) + 132
        var exponent = 0
        while magnitude >> (exponent + 8) > 0 { exponent += 1 }
        return ~UInt8(exponent << 4 | (magnitude >> (exponent + 3)) & 15 | (sample < 0 ? 0x80 : 0))
    }
}

/// The lowest `count` bytes of `value`, lowest first.
private func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}
