import MynahModel

/// Writes a sound as a WAV file: one channel of 16-bit integers.
enum WAVFileWriter {
    /// Writes samples within ±1 under a temporary name that is then renamed.
    static func write(_ samples: [Float], sampleRate: Int, to path: String) throws {
        let byteCount = 2 * samples.count
        var bytes = Array("RIFF".utf8) + little(36 + byteCount, 4) + Array("WAVEfmt ".utf8)
        bytes += little(16, 4) + little(1, 2) + little(1, 2)
        bytes += little(sampleRate, 4) + little(2 * sampleRate, 4) + little(2, 2) + little(16, 2)
        bytes += Array("data".utf8) + little(byteCount, 4)
        bytes.reserveCapacity(bytes.count + byteCount)
        for sample in samples {
            let value = Int16(max(-32768, min(32767, (sample * 32768).rounded())))
            bytes.append(UInt8(truncatingIfNeeded: value))
            bytes.append(UInt8(truncatingIfNeeded: value >> 8))
        }
        let file = try AtomicFile(replacing: path)
        try file.append(bytes)
        try file.commit()
    }

    /// The lowest `count` bytes of a number, lowest first.
    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
