import MynahBase
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahTestSupport
import Testing

@testable import MynahRecognition

/// The recognizer of streams against the network of whole clips, and against itself, however the stream is cut.
struct StreamingRecognizerTests {
    /// Any word fires easily, so that random networks have detections to compare.
    private static let eager = DetectionSettings(
        smoothingSeconds: 0.03, minimumSeconds: 0.02, refractorySeconds: 0.1, threshold: 0.3)

    static let models: [(readOut: ReadOut, convolution: Bool)] = [
        (.last, false), (.mean, false), (.attention(heads: 2, size: 4), false), (.last, true), (.mean, true),
    ]

    /// What comes out of a stream.
    private struct Heard: Equatable {
        var times: [Double] = []
        var posteriors: [[Float]] = []
        var detections: [Detection] = []
    }

    private func noise(_ sampleCount: Int, seed: UInt64 = 3) -> [Float] {
        let noise = SyntheticSignal.noise(sampleCount: sampleCount, seed: seed, amplitude: 1)
        return noise.enumerated().map { $1 * Float(1 + ($0 / 700 * 37) % 11) / 12 }
    }

    private func push(_ samples: ArraySlice<Float>, to recognizer: StreamingRecognizer, _ heard: inout Heard)
    {
        let chunk = Array(samples)
        recognizer.push(
            chunk.span,
            onPosteriors: { time, posteriors in
                heard.times.append(time)
                heard.posteriors.append(posteriors.indices.map { posteriors[$0] })
            },
            onDetection: { heard.detections.append($0) })
    }

    private func hear(_ samples: [Float], _ model: CommandModel) throws -> Heard {
        let recognizer = try StreamingRecognizer(model: model, detection: Self.eager)
        var heard = Heard()
        push(samples[...], to: recognizer, &heard)
        return heard
    }

    /// At every decision the posteriors are those of the network of whole clips over all that was heard so far, as long as
    /// that is no more than the window of the read-out.
    @Test(arguments: models.indices) func equalsWholeClipAtEachFrame(index: Int) throws {
        let model = try TestModels.streaming(
            readOut: Self.models[index].readOut, convolution: Self.models[index].convolution
        ).with(temperature: 1.7)
        let windowFrames = model.frontEnd.frameCount(sampleCount: model.clipSampleCount)
        let frameCount = model.network.readOut == .last ? 150 : windowFrames
        let framing = model.frontEnd.framing
        let samples = noise(framing.frameLengthSamples + (frameCount - 1) * framing.frameShiftSamples)
        let heard = try hear(samples, model)
        let stride = model.network.timeStride
        #expect(heard.posteriors.count == frameCount / stride)

        var extractor = try FeatureExtractor(model.frontEnd)
        let features = extractor.features(of: samples)
        for (decision, posteriors) in heard.posteriors.enumerated() {
            let frames = (decision + 1) * stride
            let whole = FeatureMatrix(
                values: Array(features.values.prefix(frames * features.featureCount)),
                featureCount: features.featureCount)
            let expected = try ClipNetwork(model, frameCount: frames).posteriors(ofFeatures: whole)[0]
            expectClose(posteriors, expected, tolerance: 1e-5, "decision \(decision)")
            let end = (frames - 1) * framing.frameShiftSamples + framing.frameLengthSamples
            #expect(abs(heard.times[decision] - Double(end) / 16_000) < 1e-9)
        }
    }

    /// 1,000 ways of cutting two seconds, 200 for each network.
    @Test(arguments: models.indices) func chunksDoNotMatter(index: Int) throws {
        let model = try TestModels.streaming(
            readOut: Self.models[index].readOut, convolution: Self.models[index].convolution)
        let samples = noise(32_000)
        let expected = try hear(samples, model)
        #expect(expected.posteriors.count > 90)
        // The mean over a window changes too slowly for a random network to name several words.
        if index == 0 { #expect(!expected.detections.isEmpty) }
        let recognizer = try StreamingRecognizer(model: model, detection: Self.eager)
        var generator = SeededGenerator(seed: UInt64(index))
        for _ in 0..<200 {
            var heard = Heard()
            var start = 0
            let longest = [1, 7, 160, 500, 4_000][Int(generator.next() % 5)]
            while start < samples.count {
                let length = longest == 1 ? 37 : Int(generator.next() % UInt64(longest + 1))
                let end = min(samples.count, start + length)
                push(samples[start..<end], to: recognizer, &heard)
                start = end
            }
            #expect(heard == expected)
            recognizer.reset()
        }
    }

    @Test(arguments: models.indices) func snapshotGoesOnElsewhere(index: Int) throws {
        let model = try TestModels.streaming(
            readOut: Self.models[index].readOut, convolution: Self.models[index].convolution)
        let samples = noise(32_000)
        let expected = try hear(samples, model)
        for cut in [0, 1, 479, 481, 9_999, 20_001] {
            let first = try StreamingRecognizer(model: model, detection: Self.eager)
            var heard = Heard()
            push(samples[..<cut], to: first, &heard)
            let snapshot = first.snapshot()
            var other = Heard()
            push(noise(5_000, seed: 77)[...], to: first, &other)
            let second = try StreamingRecognizer(model: model, detection: Self.eager)
            push(noise(3_333, seed: 78)[...], to: second, &other)
            second.restore(snapshot)
            push(samples[cut...], to: second, &heard)
            #expect(heard == expected, "cut at \(cut)")
        }
    }

    @Test func finishedStreamIsForgotten() throws {
        let model = try TestModels.streaming(readOut: .mean)
        let samples = noise(20_000)
        let recognizer = try StreamingRecognizer(model: model, detection: Self.eager)
        var first = Heard()
        push(samples[...], to: recognizer, &first)
        recognizer.finish()
        #expect(recognizer.decisionCount == 0)
        var second = Heard()
        push(samples[...], to: recognizer, &second)
        #expect(first == second)
    }

    @Test func streamsShareAModel() throws {
        let model = try TestModels.streaming(readOut: .last)
        let signals = (0..<8).map { noise(24_000, seed: UInt64($0 + 1)) }
        let expected = try signals.map { try hear($0, model) }
        // Interleaved on one thread: no stream hears anything of another.
        let recognizers = try signals.map { _ in
            try StreamingRecognizer(model: model, detection: Self.eager)
        }
        var heard = [Heard](repeating: Heard(), count: signals.count)
        for start in stride(from: 0, to: 24_000, by: 1_000) {
            for (index, signal) in signals.enumerated() {
                push(signal[start..<start + 1_000], to: recognizers[index], &heard[index])
            }
        }
        #expect(heard == expected)
    }

    @Test func networksThatNeedTheFutureAreRefused() throws {
        let error = #expect(throws: RecognitionError.self) {
            try StreamingRecognizer(model: TestModels.random())
        }
        #expect(error?.description.contains("bidirectional") == true)
    }

    @Test func modelBringsItsThresholds() throws {
        let model = try TestModels.streaming(readOut: .last)
        #expect(try StreamingRecognizer(model: model).detection == DetectionSettings())
        let tuned = try model.with(detection: Self.eager)
        #expect(try StreamingRecognizer(model: tuned).detection == Self.eager)
        let own = DetectionSettings(threshold: 0.99)
        #expect(try StreamingRecognizer(model: tuned, detection: own).detection == own)
    }

    /// What a broken driver may deliver harms the frames that it is in, and nothing after.
    @Test func brokenSamplesPass() throws {
        let model = try TestModels.streaming(readOut: .mean)
        let recognizer = try StreamingRecognizer(model: model)
        var heard = Heard()
        var samples = noise(40_000)
        for index in 5_000..<5_100 { samples[index] = index.isMultiple(of: 2) ? .nan : .infinity }
        push(samples[...], to: recognizer, &heard)
        #expect(heard.posteriors.allSatisfy { $0.allSatisfy(\.isFinite) })
    }
}
