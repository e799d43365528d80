import MynahAudio
import MynahBase
import MynahModel

/// Writes a sound as a WAV file: one channel of 16-bit integers.
enum WAVFileWriter {
    /// Writes samples within ±1 under a temporary name that is then renamed.
    static func write(_ samples: [Float], sampleRate: Int, to path: String) throws {
        let encoding = WAVEncoding.integer16
        try AtomicFile.write(
            encoding.header(sampleCount: samples.count, sampleRate: sampleRate)
                + encoding.bytes(of: samples.span),
            to: path)
    }
}
