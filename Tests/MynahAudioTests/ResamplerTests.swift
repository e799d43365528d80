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

    @Test(arguments: [(44_100, 9_000.0), (48_000, 8_500.0), (48_000, 15_000.0)])
    func nothingFoldsBack(rate: Int, frequency: Double) {
        let tone = SyntheticSignal.tone(frequency: frequency, sampleCount: rate, sampleRate: rate)
        let output = resample(tone, from: rate, to: 16_000, blockLengths: 8_192...8_192)
        let loudest = output.dropFirst(500).dropLast(500).map(abs).max() ?? 1
        #expect(loudest < 1e-4)
    }

    @Test func bandwidthReachesSevenKilohertz() {
        let tone = SyntheticSignal.tone(frequency: 6_800, sampleCount: 48_000, sampleRate: 48_000)
        let output = resample(tone, from: 48_000, to: 16_000, blockLengths: 8_192...8_192)
        #expect(amplitude(of: 6_800, in: Array(output[500..<15_500]), sampleRate: 16_000) > 0.49)
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
