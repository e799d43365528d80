import Foundation
import MynahAudio
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

    @Test func everySeriesHoldsTheRecordingsAsTheyAre() {
        for kind in ConditionSeries.Kind.allCases {
            #expect(kind.conditions.count { $0.condition == nil } == 1)
            #expect(kind.unit != nil || kind.conditions.allSatisfy { $0.value == nil })
        }
    }
}
