import MynahFeatures
import Testing

@Suite struct StreamingFeatureExtractorTests {
    static let streamable: [FrontEndConfiguration] = {
        var configurations = FrontEndConfiguration.presets.values.filter {
            (try? $0.validateStreamable()) != nil
        }
        var deltas = FrontEndConfiguration.mynah
        deltas.deltas = .init(order: 2)
        configurations.append(deltas)
        deltas.deltas = .init(order: 1, windowFrames: 3)
        deltas.cepstrum = nil
        configurations.append(deltas)
        var sparse = FrontEndConfiguration.pythonSpeechFeatures
        sparse.framing = .init(frameLengthSamples: 40, frameShiftSamples: 97, edges: .zeroPaddedTail)
        sparse.deltas = .init(order: 2, windowFrames: 1)
        configurations.append(sparse)
        return configurations
    }()

    @Test func randomChunksGiveTheBitsOfTheWholeClip() throws {
        var generator = TestGenerator(seed: 1)
        #expect(Self.streamable.count >= 8)
        var chunkings = 0
        for configuration in Self.streamable {
            var whole = try FeatureExtractor(configuration)
            var stream = try StreamingFeatureExtractor(configuration)
            for _ in 0..<125 {
                let samples = generator.noise(count: Int.random(in: 0...4_000, using: &generator))
                let expected = whole.features(of: samples)
                var actual = FeatureMatrix(featureCount: configuration.featureCount)
                let longest = [1, 7, 160, 1_000, 5_000].randomElement(using: &generator) ?? 1
                for chunk in generator.chunks(of: samples, longest: longest) {
                    stream.push(chunk.span, appendingTo: &actual)
                }
                stream.finish(appendingTo: &actual)
                chunkings += 1
                try #require(bits(actual) == bits(expected), "\(configuration)")
            }
        }
        #expect(chunkings >= 1_000)
    }

    @Test func framesComeAsSoonAsTheirSamplesDo() throws {
        var stream = try StreamingFeatureExtractor(.mynah)
        var frames = 0
        let silence = [Float](repeating: 0, count: 479)
        stream.push(silence.span) { _ in frames += 1 }
        #expect(frames == 0)
        stream.push([0].span) { _ in frames += 1 }
        #expect(frames == 1)
        stream.push([Float](repeating: 0, count: 160).span) { _ in frames += 1 }
        #expect(frames == 2)
    }

    @Test func snapshotReturnsToItsMoment() throws {
        var generator = TestGenerator(seed: 2)
        for configuration in Self.streamable {
            var stream = try StreamingFeatureExtractor(configuration)
            var other = try StreamingFeatureExtractor(configuration)
            var ignored = FeatureMatrix(featureCount: configuration.featureCount)
            stream.push(generator.noise(count: 3_333).span, appendingTo: &ignored)
            let moment = stream.snapshot()
            let rest = generator.noise(count: 2_000)
            var first = FeatureMatrix(featureCount: configuration.featureCount)
            stream.push(rest.span, appendingTo: &first)
            stream.finish(appendingTo: &first)
            other.push(generator.noise(count: 777).span, appendingTo: &ignored)
            other.restore(moment)
            var second = FeatureMatrix(featureCount: configuration.featureCount)
            other.push(rest.span, appendingTo: &second)
            other.finish(appendingTo: &second)
            #expect(first.frameCount > 0)
            #expect(bits(first) == bits(second))
        }
    }

    @Test func resetForgetsTheStream() throws {
        var generator = TestGenerator(seed: 3)
        let samples = generator.noise(count: 2_000)
        for configuration in Self.streamable {
            var stream = try StreamingFeatureExtractor(configuration)
            var ignored = FeatureMatrix(featureCount: configuration.featureCount)
            stream.push(generator.noise(count: 1_111).span, appendingTo: &ignored)
            stream.reset()
            var actual = FeatureMatrix(featureCount: configuration.featureCount)
            stream.push(samples.span, appendingTo: &actual)
            stream.finish(appendingTo: &actual)
            var whole = try FeatureExtractor(configuration)
            #expect(bits(actual) == bits(whole.features(of: samples)))
        }
    }

    @Test(arguments: ["librosa", "torchaudio"])
    func settingsThatNeedTheFutureAreRefused(name: String) throws {
        let configuration = try FrontEndPreset(name: name).configuration()
        #expect(throws: FeatureError.self) { _ = try StreamingFeatureExtractor(configuration).configuration }
    }

    @Test func limitByTheLoudestFrameIsRefused() throws {
        var configuration = FrontEndConfiguration.mynah
        configuration.logarithm = .init(kind: .decibels, floor: 1e-10, topDecibels: 80)
        #expect(
            throws: FeatureError.notStreamable(
                setting: "logarithm.topDecibels", reason: "limits each frame by the loudest of the whole clip"
            )
        ) {
            _ = try StreamingFeatureExtractor(configuration).configuration
        }
    }

    private func bits(_ matrix: FeatureMatrix) -> [UInt32] { matrix.values.map(\.bitPattern) }
}

/// SplitMix64, so that a failure repeats.
struct TestGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func noise(count: Int) -> [Float] {
        (0..<count).map { _ in Float.random(in: -0.5...0.5, using: &self) }
    }

    mutating func chunks(of samples: [Float], longest: Int) -> [[Float]] {
        var chunks: [[Float]] = []
        var start = 0
        while start < samples.count {
            let end = min(samples.count, start + Int.random(in: 0...longest, using: &self))
            chunks.append(Array(samples[start..<end]))
            start = end
        }
        return chunks
    }
}
