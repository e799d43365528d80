import Foundation
import MynahAudio
import MynahModel
import MynahRecognition
import MynahTestSupport
import Synchronization
import Testing

/// The recognizer against a direct computation, window by window.
struct RecognizerTests {
    private static let window = TestModels.windowLength
    private static let hop = TestModels.hop

    private func noise(_ sampleCount: Int, seed: UInt64 = 3) -> [Float] {
        // Louder and softer, so that windows differ.
        let noise = SyntheticSignal.noise(sampleCount: sampleCount, seed: seed, amplitude: 1)
        return noise.enumerated().map { $1 * Float(1 + ($0 / 700 * 37) % 11) / 12 }
    }

    private func waveform(_ samples: [Float]) -> Waveform { Waveform(samples: samples, sampleRate: 16_000) }

    /// Where the windows of a clip begin: every hop, and where the last one ends with the clip.
    private func starts(_ sampleCount: Int) -> [Int] {
        guard sampleCount > Self.window else { return [0] }
        let last = sampleCount - Self.window
        let regular = Array(stride(from: 0, through: last, by: Self.hop))
        return regular.last == last ? regular : regular + [last]
    }

    /// The decision that the documentation promises, from one window at a time.
    private func decision(of samples: [Float], with recognizer: Recognizer) -> (
        start: Int, posteriors: [Float]
    ) {
        var best: (rank: Int, start: Int, recognition: Recognition)?
        for start in starts(samples.count) {
            let end = min(samples.count, start + Self.window)
            let recognition = recognizer.recognize(waveform(Array(samples[start..<end])))
            let rank = ["_silence_": 0, "_unknown_": 1][recognition.best.label] ?? 2
            if let best,
                (best.rank, best.recognition.best.probability) >= (rank, recognition.best.probability)
            {
                continue
            }
            best = (rank, start, recognition)
        }
        return (best?.start ?? 0, best?.recognition.posteriors ?? [])
    }

    /// Lengths around one window, around multiples of the hop, and around a batch of windows.
    static let lengths: [Int] = {
        let edges = [0, 1, 2, 3, 15, 16, 17, 18, 31, 32, 33].map { window + $0 * hop }
        return [0, 1, 479, 480, 2_000] + edges.flatMap { [$0 - 1, $0, $0 + 1] }
    }()

    @Test(arguments: lengths) func equalsDirectComputation(sampleCount: Int) throws {
        let recognizer = try Recognizer(model: TestModels.random())
        let samples = noise(sampleCount)
        let recognition = recognizer.recognize(waveform(samples))
        let expected = decision(of: samples, with: recognizer)
        expectClose(recognition.posteriors, expected.posteriors, tolerance: 1e-5, "posteriors")
        #expect(recognition.windowStart == Double(expected.start) / 16_000)
        #expect(recognition.duration == Double(sampleCount) / 16_000)
        #expect(abs(recognition.posteriors.reduce(0, +) - 1) < 1e-5)
        #expect(recognition.labels == recognizer.model.labels)
    }

    /// The direct computation itself must not always say the same.
    @Test func decisionsDiffer() throws {
        let recognizer = try Recognizer(model: TestModels.random())
        let decided = (0..<20).map { seed in
            recognizer.recognize(waveform(noise(Self.window + 20 * Self.hop, seed: UInt64(seed)))).windowStart
        }
        #expect(Set(decided).count > 5)
    }

    @Test func shortClipIsFollowedBySilence() throws {
        let recognizer = try Recognizer(model: TestModels.random())
        let samples = noise(2_500)
        let padded = samples + [Float](repeating: 0, count: Self.window - samples.count)
        let recognition = recognizer.recognize(waveform(samples))
        #expect(recognition.posteriors == recognizer.recognize(waveform(padded)).posteriors)
        #expect(recognition.windowStart == 0)
    }

    static let clipLength = 60_000

    @Test(arguments: [0, 1, 500, 999, 1_000, 1_001, 12_345, 19_999, 20_003, 36_000, 52_499, 58_000])
    func wordIsFoundWhereItIs(offset: Int) throws {
        let recognizer = try Recognizer(model: TestModels.loudness())
        var samples = [Float](repeating: 0, count: Self.clipLength)
        let silence = recognizer.recognize(waveform(samples))
        #expect(silence.best.label == "_silence_")
        #expect(silence.best.probability > 0.6)

        let word = offset..<offset + 2_000
        samples.replaceSubrange(word, with: TestModels.burst(word.count))
        let recognition = recognizer.recognize(waveform(samples))
        #expect(recognition.best.label == "go")
        let start = Int((recognition.windowStart * 16_000).rounded())
        #expect(start <= word.lowerBound && word.upperBound <= start + Self.window, "window at \(start)")
    }

    /// A sound as short as a frame is noticed wherever it stands.
    @Test func everySampleIsHeard() throws {
        let recognizer = try Recognizer(model: TestModels.loudness())
        for sampleCount in [Self.window + 1, Self.window + 999, Self.window + 17_500] {
            let silence = [Float](repeating: 0, count: sampleCount)
            #expect(recognizer.recognize(waveform(silence)).best.label == "_silence_")
            for offset in stride(from: 0, through: sampleCount - 480, by: 240) + [sampleCount - 480] {
                var samples = silence
                samples.replaceSubrange(offset..<offset + 480, with: TestModels.burst(480))
                let recognition = recognizer.recognize(waveform(samples))
                #expect(recognition.best.label == "go", "at \(offset) of \(sampleCount)")
            }
        }
    }

    @Test(arguments: lengths.filter { $0 > 0 }) func fileEqualsWaveform(sampleCount: Int) throws {
        let path = NSTemporaryDirectory() + "mynah-recognizer-\(UUID().uuidString).wav"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = WAVFile(noise(sampleCount), sampleRate: 16_000, encoding: .float32)
        try Data(file.bytes).write(to: URL(fileURLWithPath: path))
        let recognizer = try Recognizer(model: TestModels.random())
        #expect(
            try recognizer.recognize(.file(path: path)) == recognizer.recognize(waveform(noise(sampleCount))))
    }

    /// Nothing of a clip stays behind for the next one.
    @Test func clipsDoNotInfluenceEachOther() throws {
        let recognizer = try Recognizer(model: TestModels.random())
        let clips = [40_000, 900, Self.window, 27_000].map { waveform(noise($0, seed: UInt64($0))) }
        let together = clips.map(recognizer.recognize)
        for (clip, recognition) in zip(clips, together).reversed() {
            #expect(recognizer.recognize(clip) == recognition)
            #expect(try Recognizer(model: TestModels.random()).recognize(clip) == recognition)
        }
    }

    @Test func threadsShareAModel() throws {
        let model = try TestModels.random()
        let clips = (0..<12).map { waveform(noise(3_000 + 3_777 * $0, seed: UInt64($0))) }
        let recognizer = try Recognizer(model: model)
        let expected = clips.map(recognizer.recognize)
        let results = Mutex([[Recognition]](repeating: [], count: 4))
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            guard let recognizer = try? Recognizer(model: model) else { return }
            let own = clips.map(recognizer.recognize)
            results.withLock { $0[thread] = own }
        }
        #expect(results.withLock { $0 } == [[Recognition]](repeating: expected, count: 4))
    }

    @Test(arguments: [8_000, 44_100, 48_000]) func otherSampleRatesAreConverted(sampleRate: Int) throws {
        let recognizer = try Recognizer(model: TestModels.random())
        func chirp(_ rate: Int) -> Waveform {
            Waveform(
                samples: SyntheticSignal.chirp(from: 200, to: 2_000, sampleCount: rate * 2, sampleRate: rate),
                sampleRate: rate)
        }
        let recognition = recognizer.recognize(chirp(sampleRate))
        #expect(abs(recognition.duration - 2) < 1e-3)
        // Above half the rate the front end hears nothing, which counts for features; so at 8 kHz only the sound of a
        // chirp at 16 kHz that has been at 8 kHz is alike.
        var back = chirp(16_000).samples
        if sampleRate < 16_000 {
            back = converted(converted(back, 16_000, sampleRate), sampleRate, 16_000)
        }
        let expected = recognizer.recognize(waveform(back))
        #expect(recognition.windowStart == expected.windowStart)
        expectClose(recognition.posteriors, expected.posteriors, tolerance: 0.02, "posteriors")
        // Taken at the wrong rate it would be another sound.
        let wrong = recognizer.recognize(waveform(chirp(sampleRate).samples))
        #expect(zip(wrong.posteriors, expected.posteriors).contains { abs($0 - $1) > 0.05 })
    }

    private func converted(_ samples: [Float], _ from: Int, _ to: Int) -> [Float] {
        var resampler = Resampler(from: from, to: to)
        var result: [Float] = []
        resampler.process(samples.span, appendingTo: &result)
        resampler.finish(appendingTo: &result)
        return result
    }

    @Test func errorsNameTheFile() throws {
        let recognizer = try Recognizer(model: TestModels.random())
        do throws(RecognitionError) {
            _ = try recognizer.recognize(.file(path: "/missing\u{1B}.wav"))
            Issue.record("a missing file was recognized")
        } catch {
            #expect(error.description == #"/missing\u{1B}.wav: no such file"#)
        }
    }
}

/// The temperature of a model, in whole clips and in windows that go through the network together.
struct TemperatureTests {
    @Test(arguments: [TestModels.windowLength, 20 * TestModels.windowLength]) func dividesTheLogits(
        sampleCount: Int
    ) throws {
        let model = try TestModels.random()
        let sound = Waveform(
            samples: SyntheticSignal.noise(sampleCount: sampleCount, seed: 9, amplitude: 0.5),
            sampleRate: 16_000)
        let plain = try Recognizer(model: model).recognize(sound)
        let flat = try Recognizer(model: model.with(temperature: 1.25)).recognize(sound)
        #expect(plain.best.label == flat.best.label && plain.windowStart == flat.windowStart)
        let weights = plain.posteriors.map { pow($0, 1 / 1.25) }
        let sum = weights.reduce(0, +)
        expectClose(flat.posteriors, weights.map { $0 / sum }, tolerance: 1e-5, "posteriors")
        #expect(flat.best.probability < plain.best.probability)
    }
}
