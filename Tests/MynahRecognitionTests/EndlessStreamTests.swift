import Dispatch
import MynahBase
import MynahModel
import MynahNetwork
import MynahTestSupport
import Synchronization
import Testing

@testable import MynahRecognition

/// Streams that go on for days, and many of them at once.
struct EndlessStreamTests {
    private static let labels = ["_silence_", "_unknown_", "stop", "go"]

    /// Half a second of `stop` between silence, as posteriors every 10 ms.
    private func word(_ decoder: inout CommandDecoder) -> [Detection] {
        var detections: [Detection] = []
        for frame in 0..<200 {
            let isWord = (70..<120).contains(frame)
            let posteriors: [Float] = isWord ? [0.03, 0.03, 0.9, 0.04] : [0.9, 0.04, 0.03, 0.03]
            if let detection = decoder.push(posteriors.span) { detections.append(detection) }
        }
        return detections
    }

    /// Two days of frames: sums do not drift, and times stay exact to the microsecond.
    @Test func decoderAfterDays() throws {
        var fresh = CommandDecoder(
            labels: Self.labels, settings: DetectionSettings(),
            timing: StreamTiming(decisionSeconds: 0.01, firstDecisionEnd: 0.03))
        let expected = try #require(word(&fresh).first)

        var old = CommandDecoder(
            labels: Self.labels, settings: DetectionSettings(),
            timing: StreamTiming(decisionSeconds: 0.01, firstDecisionEnd: 0.03))
        var generator = SeededGenerator(seed: 6)
        let noise = (0..<64).map { _ in
            let values = Self.labels.map { _ in generator.uniform() }
            return values.map { $0 / values.reduce(0, +) }
        }
        let days = 2 * 24 * 3_600 * 100
        var count = 0
        for frame in 0..<days {
            let posteriors = noise[frame & 63]
            if old.push(posteriors.span) != nil { count += 1 }
        }
        _ = word(&old)
        let start = old.timing.end(ofDecision: old.decisionCount)
        let found = word(&old)
        #expect(found.count == 1)
        #expect(found[0].label == expected.label)
        #expect(found[0].confidence == expected.confidence)
        let offset = start - old.timing.firstDecisionEnd
        #expect(abs(found[0].start - offset - expected.start) < 1e-6)
        #expect(abs(found[0].end - offset - expected.end) < 1e-6)
        #expect(count < days)
    }

    /// A model is shared by threads, each with streams of its own.
    @Test func streamsOnManyThreads() throws {
        let model = try TestModels.streaming(readOut: .attention(heads: 2, size: 4))
        @Sendable func posteriors(seed: Int) -> [Float] {
            guard let recognizer = try? StreamingRecognizer(model: model) else { return [] }
            let sound = SyntheticSignal.noise(sampleCount: 24_000, seed: UInt64(seed), amplitude: 0.3)
            var heard: [Float] = []
            for start in stride(from: 0, to: sound.count, by: 777) {
                let chunk = Array(sound[start..<min(sound.count, start + 777)])
                recognizer.push(
                    chunk.span,
                    onPosteriors: { _, values in heard += values.indices.map { values[$0] } })
            }
            return heard
        }
        let expected = (0..<32).map(posteriors)
        let gathered = Mutex<[Int: [Float]]>([:])
        DispatchQueue.concurrentPerform(iterations: 32) { seed in
            let heard = posteriors(seed: seed)
            gathered.withLock { $0[seed] = heard }
        }
        let heard = gathered.withLock { $0 }
        for seed in 0..<32 { #expect(heard[seed] == expected[seed]) }
        #expect(Set(expected).count == 32)
    }
}
