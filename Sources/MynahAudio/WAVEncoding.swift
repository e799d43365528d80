package import MynahBase

/// How a WAV file of one channel holds its samples; it is written front to back, its length stated before the samples.
///
/// Written by hand, since libsndfile goes back to complete its header, which an output that is appended to cannot have.
package enum WAVEncoding: Sendable {
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

    /// The bytes before the samples (Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0", and
    /// Microsoft's "New Multimedia Data Types" of 1994, which has codings other than integers state the size of their
    /// extension and the number of samples).
    ///
    /// Beyond 4 GiB it is that of RF64 (EBU Tech 3306), whose sizes have 64 bits.
    ///
    /// - Parameters:
    ///   - sampleCount: 0 or more, at most 2⁶⁰.
    ///   - sampleRate: in Hz, positive.
    ///   - isGrowing: whether the header is of the same length for every number of samples, so that it can be replaced when
    ///     more have come: a chunk `JUNK` keeps the place of the sizes of 64 bits, as EBU Tech 3306 advises.
    package func header(sampleCount: Int, sampleRate: Int, isGrowing: Bool = false) -> [UInt8] {
        precondition(
            (0...1 << 60).contains(sampleCount) && sampleRate > 0,
            "\(sampleCount) samples at \(sampleRate) Hz do not fit into a WAV file")
        let byteCount = bytesPerSample * sampleCount
        let formatTag = self == .integer16 ? 1 : 3
        let format =
            little(formatTag, 2) + little(1, 2) + little(sampleRate, 4)
            + little(bytesPerSample * sampleRate, 4)
            + little(bytesPerSample, 2) + little(8 * bytesPerSample, 2)
        var chunks =
            self == .integer16
            ? chunk("fmt ", format)
            : chunk("fmt ", format + little(0, 2)) + chunk("fact", little(min(sampleCount, 0xffff_ffff), 4))
        let isLong = 4 + 36 + chunks.count + 8 + byteCount > UInt32.max
        if isLong {
            let whole = 4 + 36 + chunks.count + 8 + byteCount
            chunks =
                chunk("ds64", little(whole, 8) + little(byteCount, 8) + little(sampleCount, 8) + little(0, 4))
                + chunks
        } else if isGrowing {
            chunks = chunk("JUNK", [UInt8](repeating: 0, count: 28)) + chunks
        }
        let size = isLong ? 0xffff_ffff : byteCount
        let whole = isLong ? 0xffff_ffff : 4 + chunks.count + 8 + byteCount
        return Array((isLong ? "RF64" : "RIFF").utf8) + little(whole, 4) + Array("WAVE".utf8) + chunks
            + Array("data".utf8) + little(size, 4)
    }

    /// The bytes of samples.
    package func bytes(of samples: Span<Float>) -> [UInt8] {
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

    /// Writes samples within ±1 as a file, under a temporary name that is then renamed.
    package func write(_ samples: [Float], sampleRate: Int, to path: String) throws(FileError) {
        try AtomicFile.write(
            header(sampleCount: samples.count, sampleRate: sampleRate) + bytes(of: samples.span), to: path)
    }

    private func chunk(_ identifier: String, _ body: [UInt8]) -> [UInt8] {
        Array(identifier.utf8) + little(body.count, 4) + body
    }

    private func little(_ value: Int, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
