import Foundation
import MynahAudio
import MynahBase
import MynahTestSupport
import Testing

@testable import MynahEvaluation

@Suite struct ConditionTests {
    let noise = SyntheticSignal.noise(sampleCount: 16_000, seed: 4, amplitude: 0.9)

    func tone(_ frequency: Double, amplitude: Double = 0.4) -> Waveform {
        Waveform(
            samples: SyntheticSignal.tone(
                frequency: frequency, sampleCount: 16_000, sampleRate: 16_000, amplitude: amplitude),
            sampleRate: 16_000)
    }

    func power(_ samples: [Float]) -> Double {
        samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(samples.count)
    }

    @Test func aShiftMovesEverySample() throws {
        let sound = Waveform(samples: noise, sampleRate: 16_000)
        let later = try SignalCondition.shift(milliseconds: 100).apply(to: sound, noise: noise)
        #expect(later.samples[..<1_600].allSatisfy { $0 == 0 })
        #expect(later.samples[1_600...].elementsEqual(sound.samples[..<14_400]))
        let earlier = try SignalCondition.shift(milliseconds: -50).apply(to: sound, noise: noise)
        #expect(earlier.samples[..<15_200].elementsEqual(sound.samples[800...]))
        #expect(earlier.samples[15_200...].allSatisfy { $0 == 0 })
    }

    @Test func gainIsInDecibelsAndClips() throws {
        let sound = tone(440)
        let softer = try SignalCondition.gain(decibels: -20).apply(to: sound, noise: noise)
        #expect(isClose(power(softer.samples), power(sound.samples) / 100, relative: 1e-5))
        let louder = try SignalCondition.gain(decibels: 20).apply(to: sound, noise: noise)
        #expect(louder.samples.max() == 1 && louder.samples.min() == -1)
    }

    @Test(arguments: [20.0, 5, 0]) func noiseHasTheRatioAskedFor(decibels: Double) throws {
        let sound = tone(440)
        let noisy = try SignalCondition.noise(signalToNoiseDecibels: decibels).apply(to: sound, noise: noise)
        let added = zip(noisy.samples, sound.samples).map { $0 - $1 }
        let ratio = 10 * log10(power(sound.samples) / power(added))
        #expect(abs(ratio - decibels) < 0.01, "\(ratio) dB")
    }

    @Test func silenceStaysAsItIs() throws {
        let silence = [Float](repeating: 0, count: 16_000)
        let condition = SignalCondition.noise(signalToNoiseDecibels: 10)
        let unchanged = try condition.apply(to: Waveform(samples: silence, sampleRate: 16_000), noise: noise)
        #expect(unchanged.samples == silence)
        #expect(try condition.apply(to: tone(440), noise: silence) == tone(440))
    }

    @Test(arguments: [SignalCondition.narrowBand, .telephone])
    func aTelephoneEndsAtFourKilohertz(condition: SignalCondition) throws {
        let low = try condition.apply(to: tone(1_000), noise: noise)
        #expect(isClose(power(low.samples), power(tone(1_000).samples), relative: 0.01))
        let high = try condition.apply(to: tone(6_000), noise: noise)
        #expect(power(high.samples) < 1e-3 * power(tone(6_000).samples))
        #expect(high.samples.count == 16_000 && high.sampleRate == 16_000)
    }

    /// A click in a room is followed by its reflections, as much louder than itself as the ratio says.
    @Test(arguments: [6.0, -6]) func aRoomReflects(decibels: Double) throws {
        var samples = [Float](repeating: 0, count: 16_000)
        samples[100] = 0.5
        let heard = try SignalCondition.room(reverberationSeconds: 0.4, directRatioDecibels: decibels)
            .apply(to: Waveform(samples: samples, sampleRate: 16_000), noise: noise).samples
        #expect(heard[..<100].allSatisfy { abs($0) < 1e-6 })
        let direct = Double(heard[100] * heard[100])
        let reflected = heard[101...].reduce(0) { $0 + Double($1) * Double($1) }
        #expect(abs(10 * log10(direct / reflected) - decibels) < 0.5)
        #expect(isClose(direct + reflected, 0.25, relative: 0.01))
    }

    @Test func everySeriesHoldsTheRecordingsAsTheyAre() {
        for kind in ConditionSeries.Kind.allCases {
            #expect(kind.conditions.count { $0.condition == nil } == 1)
            #expect(kind.unit != nil || kind.conditions.allSatisfy { $0.value == nil })
        }
    }

    @Test(arguments: NoiseAlone.levels) func noiseAloneHasItsLevel(level: Double) {
        let window = NoiseAlone.scaled(noise, toLevel: level)
        #expect(abs(10 * log10(power(window)) - level) < 0.1)
        #expect(window.allSatisfy { abs($0) <= 1 })
        let silence = [Float](repeating: 0, count: 100)
        #expect(NoiseAlone.scaled(silence, toLevel: level) == silence)
    }

    /// White noise has as much power in each hertz, so twice as much in each octave; pink noise as much in each octave.
    @Test func coloursOfNoise() {
        let noises = NoiseGenerator(sampleCount: 8_000)
        var white = [Double](repeating: 0, count: 6)
        var pink = white
        for seed in 0..<20 {
            var generator = SeededGenerator(seed: UInt64(seed))
            for (octave, power) in octavePowers(noises.white(using: &generator)).enumerated() {
                white[octave] += power
            }
            for (octave, power) in octavePowers(noises.pink(using: &generator)).enumerated() {
                pink[octave] += power
            }
        }
        for octave in 1..<6 {
            #expect(abs(10 * log10(white[octave] / white[octave - 1]) - 3.01) < 0.5)
            #expect(abs(10 * log10(pink[octave] / pink[octave - 1])) < 0.5)
        }
    }

    /// Power from 125 to 250 Hz, and in the octaves above, up to 8 kHz, at 64 frequencies of each.
    private func octavePowers(_ samples: [Float]) -> [Double] {
        (0..<6).map { octave in
            (0..<64).reduce(0) { sum, step in
                let frequency = Double(125 << octave) * (1 + (Double(step) + 0.5) / 64)
                let angle = 2 * Double.pi * frequency / 16_000
                // The transform at this frequency, after Goertzel.
                var (last, before) = (0.0, 0.0)
                for sample in samples {
                    (last, before) = (Double(sample) + 2 * cos(angle) * last - before, last)
                }
                let power = last * last + before * before - 2 * cos(angle) * last * before
                return sum + power * Double(1 << octave)
            }
        }
    }
}
