import Glibc
import MynahAudio
import MynahFeatures
import Testing

@Suite struct FeatureExtractorTests {
    @Test func rowsCountAsTheFramingSays() throws {
        var generator = TestGenerator(seed: 4)
        for (name, configuration) in FrontEndConfiguration.presets {
            var extractor = try FeatureExtractor(configuration)
            for count in [0, 1, 2, 150, 399, 400, 401, 479, 480, 481, 560, 2_047, 2_048, 5_000] {
                let features = extractor.features(of: generator.noise(count: count))
                #expect(
                    features.frameCount == configuration.frameCount(sampleCount: count), "\(name) \(count)")
                #expect(!features.values.contains { !$0.isFinite }, "\(name) \(count)")
            }
        }
    }

    @Test func clipShorterThanAFrameHasNoFramesWhenSnipped() throws {
        var snipped = try FeatureExtractor(.mynah)
        #expect(snipped.features(of: [Float](repeating: 0.1, count: 479)).frameCount == 0)
        #expect(snipped.features(of: [Float](repeating: 0.1, count: 480)).frameCount == 1)
        var padded = try FeatureExtractor(.pythonSpeechFeatures)
        #expect(padded.features(of: [0.1]).frameCount == 1)
        #expect(padded.features(of: [Float]()).frameCount == 0)
    }

    @Test func hostileSamplesGiveFiniteFeatures() throws {
        let poisons: [Float] = [
            .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -1e30, .leastNonzeroMagnitude,
        ]
        for (name, configuration) in FrontEndConfiguration.presets {
            var extractor = try FeatureExtractor(configuration)
            for poison in poisons {
                var samples = [Float](repeating: 0.1, count: 3_000)
                samples[1_500] = poison
                let one = extractor.features(of: samples)
                #expect(!one.values.contains { !$0.isFinite }, "\(name) with one sample of \(poison)")
                let all = extractor.features(of: [Float](repeating: poison, count: 3_000))
                #expect(!all.values.contains { !$0.isFinite }, "\(name) with samples of \(poison)")
            }
        }
    }

    @Test func noClipDependsOnTheOneBefore() throws {
        var generator = TestGenerator(seed: 5)
        let (first, second) = (generator.noise(count: 4_000), generator.noise(count: 3_000))
        for configuration in FrontEndConfiguration.presets.values {
            var used = try FeatureExtractor(configuration)
            _ = used.features(of: first)
            var fresh = try FeatureExtractor(configuration)
            #expect(used.features(of: second) == fresh.features(of: second))
        }
    }

    @Test func appendingKeepsWhatIsThere() throws {
        var generator = TestGenerator(seed: 6)
        let (first, second) = (generator.noise(count: 1_000), generator.noise(count: 2_000))
        var extractor = try FeatureExtractor(.mynah)
        var joined = FeatureMatrix(featureCount: 40)
        extractor.appendFeatures(of: first.span, to: &joined)
        extractor.appendFeatures(of: second.span, to: &joined)
        #expect(joined.values == extractor.features(of: first).values + extractor.features(of: second).values)
        #expect(Array(joined.row(1)) == (0..<40).map { joined[1, $0] })
    }

    @Test func otherSampleRateIsRefused() throws {
        var extractor = try FeatureExtractor(.mynah)
        let waveform = Waveform(samples: [Float](repeating: 0, count: 8_000), sampleRate: 8_000)
        #expect(throws: FeatureError.wrongSampleRate(actualHz: 8_000, expectedHz: 16_000)) {
            _ = try extractor.features(of: waveform)
        }
    }

    /// A pure tone must light the band whose triangle peaks nearest to it.
    @Test func toneIsLoudestInItsBand() throws {
        var configuration = FrontEndConfiguration.mynah
        configuration.cepstrum = nil
        var extractor = try FeatureExtractor(configuration)
        let tone = (0..<16_000).map { 0.5 * sin(2 * .pi * 1_000 * Float($0) / 16_000) }
        let features = extractor.features(of: tone)
        // 1,000 Hz is 1,000 mel; 40 bands divide 31.8 to 2,787.5 mel into 41 steps of 67.2.
        for frame in 0..<features.frameCount {
            let row = Array(features.row(frame))
            #expect(row.firstIndex(of: row.max() ?? 0) == 13)
        }
    }

    @Test func deltasOfARampAreItsSlope() throws {
        var configuration = FrontEndConfiguration.mynah
        configuration.cepstrum = nil
        configuration.deltas = .init(order: 2)
        var extractor = try FeatureExtractor(configuration)
        // Noise whose amplitude grows by a constant factor a frame has log energies that grow by a constant.
        var generator = TestGenerator(seed: 7)
        let period = generator.noise(count: 160)
        let growth: Float = 0.05
        let samples = (0..<4_800).map { period[$0 % 160] * 0.01 * exp(growth * Float($0) / 160) }
        let features = extractor.features(of: samples)
        for frame in 4..<features.frameCount - 4 {
            for band in 0..<40 {
                #expect(abs(features[frame, 40 + band] - 2 * growth) < 1e-4)
                #expect(abs(features[frame, 80 + band]) < 1e-4)
            }
        }
    }
}
