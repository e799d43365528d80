import MynahAudio

/// A synthesized sound without the silence around it.
enum SpokenClip {
    /// What is left of the silence at either end, in seconds: as much as people leave around a word that is cut out.
    static let marginSeconds = 0.1

    /// A shorter sound, margins not counted, is no phrase, in seconds.
    static let shortestSeconds = 0.2

    /// How far below the loudest block a block of 10 ms counts as silence, in dB: 10⁻⁴ of its energy.
    private static let silenceShare = 1e-4

    /// The sound from its first to its last block that is no silence, with the margins; nil where that is too short.
    static func trimmed(_ sound: Waveform) -> Waveform? {
        let length = max(1, sound.sampleRate / 100)
        let energies = stride(from: 0, to: sound.samples.count, by: length).map { start in
            sound.samples[start..<min(start + length, sound.samples.count)].reduce(0.0) {
                $0 + Double($1) * Double($1)
            }
        }
        guard let peak = energies.max(), peak > 0 else { return nil }
        let heard = energies.indices.filter { energies[$0] > peak * silenceShare }
        guard let first = heard.first, let last = heard.last,
            Double((last + 1 - first) * length) >= shortestSeconds * Double(sound.sampleRate)
        else { return nil }
        let margin = Int(marginSeconds * Double(sound.sampleRate))
        let start = max(0, first * length - margin)
        let end = min(sound.samples.count, (last + 1) * length + margin)
        return Waveform(samples: Array(sound.samples[start..<end]), sampleRate: sound.sampleRate)
    }
}
