import MynahBase
import MynahData
import Testing

@testable import MynahEvaluation

@Suite struct AlignmentLagTests {
    private let extents = [(0.6, 0.9), (1.4, 1.9), (2.0, 2.4), (3.1, 3.3)]

    /// Noise that is loud within the words, and `quiet` of that elsewhere.
    private func levels(quiet: Float) -> SoundLevels {
        var generator = SeededGenerator(seed: 1)
        let samples = (0..<4 * 16_000).map { index in
            let time = Double(index) / 16_000
            let isLoud = extents.contains { ($0.0..<$0.1).contains(time) }
            return (Float(generator.index(below: 2001)) / 1000 - 1) * (isLoud ? 0.2 : 0.2 * quiet)
        }
        return SoundLevels(of: samples, sampleRate: 16_000)
    }

    private func words(start: Double, end: Double) -> [AlignedWord] {
        extents.map { AlignedWord(word: "a", start: $0.0 + start, end: $0.1 + end, confidence: 1) }
    }

    @Test(arguments: [(0, 0), (-0.05, 0.03), (0.035, 0.12), (0.15, 0.07), (0.2, -0.05)])
    func lagsAreFound(_ start: Double, _ end: Double) {
        for quiet: Float in [0, 0.1] {
            let lag = AlignmentLag(of: words(start: start, end: end), levels: levels(quiet: quiet))
            #expect(abs(lag.start - start) < 0.011, "\(lag.start)")
            #expect(abs(lag.end - end) < 0.011, "\(lag.end)")
        }
    }

    @Test func recordingsAddUp() {
        var sum = AlignmentLag()
        #expect(sum.start == 0 && sum.end == 0)
        sum.add(AlignmentLag(of: words(start: 0.1, end: 0.05), levels: levels(quiet: 0.01)))
        sum.add(AlignmentLag(of: [], levels: levels(quiet: 0)))
        sum.add(
            AlignmentLag(of: words(start: 0.3, end: 0.3), levels: SoundLevels(of: [], sampleRate: 16_000)))
        #expect(abs(sum.start - 0.1) < 0.011 && abs(sum.end - 0.05) < 0.011)
    }

    @Test func whatIsEvenlyLoudTellsNothing() {
        for level: Float in [0, 0.3] {
            let levels = SoundLevels(of: [Float](repeating: level, count: 64_000), sampleRate: 16_000)
            let lag = AlignmentLag(of: words(start: 0.2, end: 0.2), levels: levels)
            #expect(lag.start == 0 && lag.end == 0)
        }
        #expect(SoundLevels(of: [0.5], sampleRate: 16_000).values.isEmpty)
    }

    /// Beside a pause a boundary is where the level says it is; of words that run together, the second begins where the first ends.
    @Test func boundariesBesidePausesAreExact() {
        for quiet: Float in [0, 0.1] {
            let boundaries = PauseBoundaries(levels(quiet: quiet))
            for (start, end) in [(0.06, -0.04), (-0.03, 0.02), (0.08, 0.08)] {
                let moved = boundaries.moved(words(start: start, end: end))
                for (word, extent) in zip(moved, extents) {
                    #expect(abs(word.start - extent.0) < 0.011 && abs(word.end - extent.1) < 0.011, "\(word)")
                }
            }
        }
        let together = [("a", 0.55, 0.72), ("b", 0.78, 0.95)].map {
            AlignedWord(word: $0.0, start: $0.1, end: $0.2, confidence: 1)
        }
        let moved = PauseBoundaries(levels(quiet: 0.01)).moved(together)
        #expect(moved.map(\.start) == [0.6, 0.72] && moved.map(\.end) == [0.72, 0.9])
        let silence = PauseBoundaries(SoundLevels(of: [], sampleRate: 16_000))
        #expect(silence.moved(together).map(\.start) == [0.55, 0.72])
        // Words that overlap do so still, and those that are farther apart stay where they are.
        for start in [0.7, 0.81] {
            let others = [together[0], AlignedWord(word: "b", start: start, end: 0.95, confidence: 1)]
            #expect(silence.moved(others) == others)
        }
    }

    @Test func wordsStayWithinTheirRecording() {
        let word = AlignedWord(word: "a", start: 0.05, end: 0.2, confidence: 1)
        let early = word.moved(start: 0.1, end: 0.05, within: 1)
        #expect(early.start == 0 && abs(early.end - 0.15) < 1e-9)
        let late = word.moved(start: -0.9, end: -0.9, within: 1)
        #expect(abs(late.start - 0.95) < 1e-9 && late.end == 1)
        #expect(word.moved(start: 0, end: 0.3, within: 1).end == 0.05)
    }
}
