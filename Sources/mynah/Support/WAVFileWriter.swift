import MynahAudio
import MynahModel

/// Writes a sound as a WAV file: one channel of 16-bit integers.
enum WAVFileWriter {
    /// Writes samples within ±1 under a temporary name that is then renamed.
    static func write(_ samples: [Float], sampleRate: Int, to path: String) throws {
        let encoding = WAVEncoding.integer16
        let file = try AtomicFile(replacing: path)
        try file.append(encoding.header(sampleCount: samples.count, sampleRate: sampleRate))
        try file.append(encoding.bytes(of: samples.span))
        try file.commit()
    }
}
