import MynahTestSupport
import Testing

@testable import MynahAudio

struct SoundCodecTests {
    private func tone(_ frequency: Double, sampleRate: Int = 16_000, amplitude: Double = 0.5) -> Waveform {
        Waveform(
            samples: SyntheticSignal.tone(
                frequency: frequency, sampleCount: sampleRate, sampleRate: sampleRate, amplitude: amplitude),
            sampleRate: sampleRate)
    }

    /// Power of a signal over that of what another one differs by, in the middle of both.
    private func ratio(_ signal: Waveform, to other: Waveform) -> Float {
        let middle = signal.samples.count / 4..<signal.samples.count * 3 / 4
        let power = middle.reduce(Float(0)) { $0 + signal.samples[$1] * signal.samples[$1] }
        let error = middle.reduce(Float(0)) {
            let difference = signal.samples[$1] - other.samples[$1]
            return $0 + difference * difference
        }
        return power / error
    }

    /// G.711 has 255 values; the steps between them grow with the value, to 1/16 of it at most.
    ///
    /// libsndfile rounds to 14 bits before.
    @Test func muLawKeepsRatiosNotDifferences() throws {
        let sound = tone(441.7)
        let coded = try SoundCodec.muLaw.roundTrip(sound)
        #expect(coded.sampleRate == 16_000 && coded.samples.count == sound.samples.count)
        #expect(Set(coded.samples).count <= 255)
        #expect(coded != sound)
        for (before, after) in zip(sound.samples, coded.samples) {
            #expect(abs(after - before) <= abs(before) / 31 + 0x1p-12)
        }
    }

    @Test func muLawClipsAtFullScale() throws {
        let coded = try SoundCodec.muLaw.roundTrip(Waveform(samples: [2, -3, 1], sampleRate: 8_000))
        #expect(coded.samples.allSatisfy { abs(abs($0) - 0.98) < 0.01 })
        #expect(coded.samples.map { $0 > 0 } == [true, false, true])
    }

    /// The coded sound lies where the original does, also at rates that Opus does not have.
    @Test(arguments: [8_000, 16_000, 22_050, 48_000]) func opusKeepsPlaceAndLength(sampleRate: Int) throws {
        let sound = tone(441.7, sampleRate: sampleRate)
        let coded = try SoundCodec.opus(kilobitsPerSecond: 64).roundTrip(sound)
        #expect(coded.sampleRate == sampleRate && coded.samples.count == sound.samples.count)
        #expect(ratio(sound, to: coded) > 100)
    }

    @Test func fewerBitsLoseMore() throws {
        let noise = Waveform(
            samples: SyntheticSignal.noise(sampleCount: 16_000, seed: 1, amplitude: 0.3), sampleRate: 16_000)
        let ratios = try [6, 16, 64, 200].map {
            ratio(noise, to: try SoundCodec.opus(kilobitsPerSecond: $0).roundTrip(noise))
        }
        #expect(ratios == ratios.sorted() && ratios[0] < 2 && ratios[3] > 10, "\(ratios)")
    }

    @Test(arguments: [SoundCodec.muLaw, .opus(kilobitsPerSecond: 16)]) func shortSounds(codec: SoundCodec)
        throws
    {
        for count in [0, 1, 7, 481] {
            let sound = Waveform(samples: [Float](repeating: 0.25, count: count), sampleRate: 16_000)
            #expect(try codec.roundTrip(sound).samples.count == count)
        }
    }

    @Test func lengthIsCutOrFilledUp() {
        let sound = Waveform(samples: [1, 2, 3], sampleRate: 8_000)
        #expect(sound.ofLength(2).samples == [1, 2])
        #expect(sound.ofLength(5).samples == [1, 2, 3, 0, 0])
        #expect(sound.ofLength(3) == sound && sound.resampled(to: 8_000) == sound)
        #expect(sound.resampled(to: 16_000).samples.count == 6)
    }
}
