import CAllocationCounter
import MynahModel
import MynahRecognition
import MynahTestSupport
import Testing

/// What a stream costs beside time, with the default network.
struct StreamCostTests {
    private let samples = SyntheticSignal.noise(sampleCount: 32_000, seed: 6, amplitude: 0.5)

    private func push(_ range: Range<Int>, to recognizer: StreamingRecognizer, _ posteriorSum: inout Float) {
        recognizer.push(
            samples.span.extracting(range), onPosteriors: { _, posteriors in posteriorSum += posteriors[0] })
    }

    /// In a stream that has heard a second, so that its window is full, as in one that has just begun.
    @Test func aFrameAllocatesNothing() throws {
        let recognizer = try StreamingRecognizer(model: TestModels.standard())
        var posteriorSum: Float = 0
        // The libraries allocate once for all streams, at the first product.
        push(0..<4_000, to: recognizer, &posteriorSum)
        let before = mynah_allocations_of_thread()
        for start in stride(from: 4_000, to: samples.count, by: 160) {
            push(start..<start + 160, to: recognizer, &posteriorSum)
        }
        let count = mynah_allocations_of_thread().count - before.count
        #expect(count == 0, "\(count) allocations in 175 chunks of 10 ms")
        #expect(posteriorSum > 0)
    }

    /// Beside the model, which all streams share.
    @Test func aStreamTakesLittleMemory() throws {
        let model = try TestModels.standard()
        var posteriorSum: Float = 0
        let first = try StreamingRecognizer(model: model)
        push(0..<32_000, to: first, &posteriorSum)
        let before = mynah_allocations_of_thread()
        let second = try StreamingRecognizer(model: model)
        push(0..<32_000, to: second, &posteriorSum)
        let bytes = mynah_allocations_of_thread().liveBytes - before.liveBytes
        // The counter counts: rings and buffers take some memory.
        #expect(bytes > 4_096)
        #expect(bytes <= 72 * 1024, "a stream takes \(bytes) bytes")
        #expect(second.decisionCount == first.decisionCount)
    }
}
