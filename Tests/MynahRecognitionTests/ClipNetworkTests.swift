import MynahBase
import MynahModel
import MynahNetwork
import MynahTestSupport
import Testing

@testable import MynahRecognition

/// The ways into the one from clips to posteriors, against each other.
struct ClipNetworkTests {
    private func clip(_ model: CommandModel, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<model.clipSampleCount).map { _ in 0.3 * generator.symmetric(1) }
    }

    @Test(arguments: [ReadOut.last, .mean, .attention(heads: 2, size: 4)])
    func aClipIsTheSameAloneInABatchAndStepByStep(readOut: ReadOut) throws {
        let model = try TestModels.streaming(readOut: readOut, convolution: true).with(temperature: 1.7)
        let clips = (1...3).map { clip(model, seed: $0) }
        let (single, batch) = (try ClipNetwork(model), try ClipNetwork(model, batchSize: 4))
        let together = batch.posteriors(of: clips.map { $0[...] })
        #expect(together.count == clips.count)
        for (clip, expected) in zip(clips, together) {
            #expect(single.posteriors(of: [clip[...]]) == [expected])
            let steps = single.posteriorsAtEachStep(of: clip)
            #expect(steps.count == single.stepCount)
            #expect(steps.last == expected)
            #expect(steps.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-6 })
        }
    }

    @Test func aStreamOfTheClipSaysTheSameAtItsEnd() throws {
        let model = try TestModels.streaming(readOut: .attention(heads: 2, size: 4))
        let clip = clip(model, seed: 1)
        let trace = try ClipTrace(clip, model: model)
        let whole = try ClipNetwork(model).posteriorsAtEachStep(of: clip)
        #expect(trace.posteriors.count == whole.count)
        for (heard, expected) in zip(trace.posteriors, whole) {
            expectClose(heard, expected, tolerance: 1e-5, "posterior")
        }
        #expect(trace.layers.map(\.states.count) == [whole.count])
    }
}

struct SurestAnswerTests {
    private static let labels = ["_silence_", "_unknown_", "stop", "go"]

    private func counting(_ answers: [[Float]]) -> [Float]? {
        var surest = SurestAnswer(labels: Self.labels)
        for answer in answers { surest.consider(answer) }
        return surest.posteriors
    }

    @Test func aWordCountsMoreThanUnknownAndThatMoreThanSilence() {
        let (silence, unknown, word): ([Float], [Float], [Float]) = (
            [0.97, 0.01, 0.01, 0.01], [0.2, 0.7, 0.05, 0.05], [0.2, 0.2, 0.4, 0.2]
        )
        #expect(counting([silence, unknown, word]) == word)
        #expect(counting([word, unknown, silence]) == word)
        #expect(counting([silence, unknown]) == unknown)
        #expect(counting([silence]) == silence)
        #expect(counting([]) == nil)
    }

    @Test func theSurestWordCountsAndOfEqualsTheFirst() {
        let (weak, strong, equal): ([Float], [Float], [Float]) = (
            [0.1, 0.3, 0.6, 0], [0.1, 0.1, 0, 0.8], [0.2, 0, 0.8, 0]
        )
        #expect(counting([weak, strong]) == strong)
        #expect(counting([strong, weak, equal]) == strong)
        #expect(counting([equal, strong]) == equal)
    }
}
