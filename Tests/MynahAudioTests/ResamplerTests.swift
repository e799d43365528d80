import Foundation
import MynahAudio
import MynahBase
import MynahNetwork
import MynahTestSupport
import Testing

struct ResamplerTests {
    /// The whole of `samples` at another rate, given in blocks of random length.
    private func resample(
        _ samples: [Float], from inputRate: Int, to outputRate: Int, blockLengths: ClosedRange<Int>,
        seed: UInt64 = 1
    ) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        var resampler = Resampler(from: inputRate, to: outputRate)
        var output: [Float] = []
        var position = 0
        while position < samples.count {
            let end = min(samples.count, position + Int.random(in: blockLengths, using: &generator))
            let block = Array(samples[position..<end])
            resampler.process(block.span, appendingTo: &output)
            position = end
        }
        resampler.finish(appendingTo: &output)
        return output
    }

    @Test(arguments: [44_100, 48_000, 8_000, 22_050, 96_000, 384_000, 4_000])
    func toneKeepsFrequencyAmplitudeAndPhase(rate: Int) {
        let tone = SyntheticSignal.tone(frequency: 1_000, sampleCount: rate, sampleRate: rate)
        let output = resample(tone, from: rate, to: 16_000, blockLengths: 8_192...8_192)
        let expected = SyntheticSignal.tone(frequency: 1_000, sampleCount: 16_000, sampleRate: 16_000)
        #expect(output.count == 16_000)
        // The ends, where the signal begins and stops at once, are left out.
        expectClose(
            Array(output.dropFirst(500).dropLast(500)), Array(expected[500..<15_500]), tolerance: 1e-3)
    }

    /// A square wave overshoots when it is resampled; that is clamped, as in what is read from files.
    @Test(arguments: [8_000, 44_100]) func wholeSoundsStayWithinFullScale(rate: Int) {
        let square = Waveform(samples: (0..<rate).map { $0 / 20 % 2 == 0 ? 1 : -1 }, sampleRate: rate)
        let resampled = square.resampled(to: 16_000).samples
        #expect(resampled.count == 16_000)
        #expect(resampled.max() == 1 && resampled.min() == -1)
    }

    /// SciPy's polyphase filter, far longer than is needed, in double precision.
    @Test func agreesWithSciPy() throws {
        struct Goldens: Decodable {
            struct Conversion: Decodable {
                let inputRate: Int
                let outputRate: Int
                let input: [Float]
                let output: [Float]
            }
            let conversions: [Conversion]
        }
        let goldens = try JSONDecoder().decode(
            Goldens.self, from: Data(try fixtureBytes("resampling.json")))
        #expect(goldens.conversions.count == 5)
        for golden in goldens.conversions {
            let output = resample(
                golden.input, from: golden.inputRate, to: golden.outputRate, blockLengths: 1...500)
            expectClose(
                output, golden.output, tolerance: 3e-5, "\(golden.inputRate) to \(golden.outputRate) Hz")
        }
    }

    /// The loudest sample of a sine of full scale, away from the ends, where it begins and stops at once.
    private func level(of frequency: Double, from rate: Int, to outputRate: Int = 16_000) -> Double {
        let sine = (0..<rate).map { Float(sin(2 * .pi * frequency * Double($0) / Double(rate))) }
        let output = resample(sine, from: rate, to: outputRate, blockLengths: 8_192...8_192)
        let edge = outputRate / 10
        let power = output[edge..<output.count - edge].reduce(0) { $0 + Double($1) * Double($1) }
        return 10 * log10(2 * power / Double(output.count - 2 * edge) + 1e-30)
    }

    /// Flat to 0.9 of half the rate.
    @Test(arguments: [48_000, 44_100, 22_050, 96_000], [100.0, 1_000, 5_000, 6_800, 7_200])
    func passBand(rate: Int, frequency: Double) {
        #expect(abs(level(of: frequency, from: rate)) < 0.01)
    }

    /// What lies above half the rate does not fold back: it is at least 110 dB down.
    @Test(arguments: [48_000, 44_100, 22_050, 96_000], [8_050.0, 8_500, 9_000, 10_900])
    func nothingFoldsBack(rate: Int, frequency: Double) {
        #expect(level(of: frequency, from: rate) < -110)
    }

    /// Nor do images appear above half the lower rate.
    @Test func noImages() {
        let sine = (0..<8_000).map { Float(sin(2 * .pi * 1_000 * Double($0) / 8_000)) / 2 }
        let output = resample(sine, from: 8_000, to: 16_000, blockLengths: 8_192...8_192)
        #expect(amplitude(of: 7_000, in: Array(output[1_000..<15_000]), sampleRate: 16_000) < 2e-6)
    }

    /// An impulse comes out where it went in.
    @Test(arguments: [48_000, 44_100, 8_000, 96_000])
    func nothingIsDelayed(rate: Int) {
        var impulse = [Float](repeating: 0, count: rate / 2)
        impulse[rate / 4] = 1
        let output = resample(impulse, from: rate, to: 16_000, blockLengths: 1...2_000)
        let loudest = output.indices.max { abs(output[$0]) < abs(output[$1]) }
        #expect(loudest == 4_000)
        // Of linear phase: the same on both sides.
        for distance in 1..<500 {
            #expect(abs(output[4_000 - distance] - output[4_000 + distance]) < 1e-5)
        }
    }

    /// In a live stream, no more than so much of the sound is held back.
    @Test(arguments: [48_000, 44_100]) func littleIsHeldBack(rate: Int) {
        var resampler = Resampler(from: rate, to: 16_000)
        var output: [Float] = []
        let block = SyntheticSignal.noise(sampleCount: rate / 100, seed: 9)
        for number in 1...200 {
            resampler.process(block.span, appendingTo: &output)
            #expect(Double(number) / 100 - Double(output.count) / 16_000 < 0.05)
        }
    }

    @Test(arguments: [44_100, 8_000, 48_000, 11_025], [1...1, 1...50, 1_000...9_000])
    func blocksDoNotMatter(rate: Int, blockLengths: ClosedRange<Int>) {
        let noise = SyntheticSignal.noise(sampleCount: 9_001, seed: 3)
        let whole = resample(noise, from: rate, to: 16_000, blockLengths: 9_001...9_001)
        let blocks = resample(noise, from: rate, to: 16_000, blockLengths: blockLengths, seed: 4)
        #expect(whole == blocks)
    }

    @Test(arguments: [44_100, 8_000, 48_000, 11_025, 384_000, 4_001])
    func lengthIsRoundedRatio(rate: Int) {
        for count in [0, 1, 2, 3, 100, 777, 8_192] {
            let output = resample(
                [Float](repeating: 0.1, count: count), from: rate, to: 16_000, blockLengths: 100...100)
            // A sound does not vanish, however short it is.
            let rounded = Int((Double(count) * 16_000 / Double(rate)).rounded())
            #expect(output.count == max(min(1, count), rounded), "\(count) samples")
        }
    }

    @Test func equalRatesChangeNothing() {
        let noise = SyntheticSignal.noise(sampleCount: 5_000, seed: 5)
        #expect(resample(noise, from: 16_000, to: 16_000, blockLengths: 1...999) == noise)
    }
}
