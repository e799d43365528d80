import MynahAudio
import MynahBase
import Testing

@testable import MynahTeaching

@Suite("Faults of a take")
struct TakeFaultTests {
    /// A second and a half at 16 kHz: noise all along, and a tone in part of it.
    private func take(
        tone: ClosedRange<Double> = 0.5...1, level: Float = 0.3, noise: Float = 0.001
    ) -> Waveform {
        var generator = SeededGenerator(seed: 1)
        return Waveform(
            samples: (0..<24_000).map { index in
                let time = Double(index) / 16_000
                let wave = Float(index % 40 < 20 ? 1 : -1) * (0.75 + 0.25 * generator.uniform())
                return (tone.contains(time) ? level * wave : 0) + generator.symmetric(noise)
            }, sampleRate: 16_000)
    }

    @Test("a word between two pauses is good")
    func good() {
        #expect(TakeFault.faults(of: take()).isEmpty)
    }

    @Test("digital silence, noise alone, and next to nothing at all hold no word")
    func silent() {
        #expect(
            TakeFault.faults(of: Waveform(samples: [Float](repeating: 0, count: 24_000), sampleRate: 16_000))
                == [.silent])
        #expect(TakeFault.faults(of: take(level: 0, noise: 0.05)) == [.silent])
        #expect(TakeFault.faults(of: Waveform(samples: [0.1, 0.2], sampleRate: 16_000)) == [.silent])
        #expect(TakeFault.faults(of: Waveform(samples: [], sampleRate: 16_000)) == [.silent])
    }

    @Test("a word that begins before the recording, or goes on behind it, is cut")
    func cut() {
        #expect(TakeFault.faults(of: take(tone: 0...0.5)) == [.cutAtStart])
        #expect(TakeFault.faults(of: take(tone: 1...1.5)) == [.cutAtEnd])
    }

    @Test("a word near the noise of a microphone is too quiet")
    func quiet() {
        #expect(TakeFault.faults(of: take(level: 0.002, noise: 0.00005)) == [.tooQuiet])
    }

    @Test("a background that nearly drowns the word is told")
    func background() {
        #expect(TakeFault.faults(of: take(level: 0.15, noise: 0.05)) == [.loudBackground])
    }

    @Test("samples that stand at full scale are clipped")
    func clipped() {
        var sound = take(level: 2)
        sound.samples = sound.samples.map { max(-1, min(1, $0)) }
        #expect(TakeFault.faults(of: sound).contains(.clipped))
    }
}
