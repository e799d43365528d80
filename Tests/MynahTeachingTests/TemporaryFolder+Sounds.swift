import Foundation
import MynahAudio
import MynahBase
import MynahTestSupport

extension TemporaryFolder {
    /// Writes a sound as a WAV file of 16 bits, and returns its path.
    @discardableResult
    func write(_ sound: Waveform, to name: String) throws -> String {
        let encoding = WAVEncoding.integer16
        let bytes =
            encoding.header(sampleCount: sound.samples.count, sampleRate: sound.sampleRate)
            + encoding.bytes(of: sound.samples.span)
        try AtomicFile.write(bytes, to: "\(path)/\(name)")
        return "\(path)/\(name)"
    }

    /// Writes a text.
    func write(_ text: String, to name: String) throws {
        try write(Array(text.utf8), to: name)
    }

    /// All files below a folder in it, by their paths within it, sorted.
    func files(below name: String) -> [String] {
        let enumerator = FileManager.default.enumerator(atPath: "\(path)/\(name)")
        return (enumerator?.compactMap { $0 as? String } ?? []).filter {
            FileKind(at: "\(path)/\(name)/\($0)") == .regular
        }.sorted()
    }
}

/// A word of tones, said a little otherwise in each take, between two pauses with the noise of a microphone.
func tonalWord(_ letters: String, take: Int) -> Waveform {
    var generator = SeededGenerator(seed: UInt64(take), letters.count)
    var samples = [Float](repeating: 0, count: 4_000 + 400 * take)
    samples += ToneSpeech.samples(of: letters, speaker: take)
    samples += [Float](repeating: 0, count: 6_000)
    return Waveform(samples: samples.map { $0 + generator.symmetric(0.0005) }, sampleRate: 16_000)
}
