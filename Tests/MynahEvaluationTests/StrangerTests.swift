import MynahBase
import MynahTestSupport
import Testing

@testable import MynahEvaluation

/// The figure to choose models by.
@Suite struct StrangerTests {
    private static let labels = ["_silence_", "_unknown_", "yes", "no"]

    /// 9 of 10 clips of each word and 4 of 5 unknown ones right.
    private func closedSet(unknown: Bool = true, no: Bool = true) throws -> ClosedSetEvaluation {
        func clips(_ label: Int, right: Int, wrong: Int) -> [ScoredClip] {
            (0..<right + wrong).map { index in
                var posteriors = [Float](repeating: 0, count: 4)
                posteriors[index < right ? label : (label + 1) % 4] = 1
                return clip(label, posteriors, path: "\(label)/\(index).wav")
            }
        }
        return try ClosedSetEvaluation(
            labels: Self.labels,
            clips: clips(0, right: 3, wrong: 0) + (unknown ? clips(1, right: 4, wrong: 1) : [])
                + clips(2, right: 9, wrong: 1) + (no ? clips(3, right: 9, wrong: 1) : []),
            bootstrap: fewDraws)
    }

    private func noise(_ kind: NoiseAlone.Kind, silent: [Int]) -> NoiseAlone {
        NoiseAlone(
            kind: kind, labels: Self.labels,
            points: zip(NoiseAlone.levels, silent).map {
                .init(level: $0, counts: [$1, 100 - $1, 0, 0])
            })
    }

    private func unmet(taken: Int, of total: Int) throws -> UnmetWords {
        let share = try #require(Proportion(count: taken, total: total))
        return UnmetWords(
            source: "others", taken: share, takenSurely: share, threshold: 0.7, words: [], heard: [])
    }

    @Test func everyLabelCountsAlike() throws {
        let found = try #require(
            StrangerAccuracy(
                closedSet: closedSet(),
                noiseAlone: [
                    noise(.white, silent: [100, 80]), noise(.pink, silent: [100, 40]),
                    // A dog is not silence.
                    noise(.recordings, silent: [0, 0]),
                ], unmet: unmet(taken: 10, of: 100)))
        #expect(isClose(found.words, 0.9, relative: 1e-12))
        #expect(isClose(try #require(found.unknown), 0.4 * 0.8 + 0.6 * 0.9, relative: 1e-12))
        #expect(isClose(try #require(found.silence), 0.8, relative: 1e-12))
        #expect(isClose(found.accuracy, (0.9 + 0.9 + 0.86 + 0.8) / 4, relative: 1e-12))
    }

    @Test func nothingIsMadeOfHalfOfTheParts() throws {
        let noises = [noise(.white, silent: [100])]
        let words = try unmet(taken: 0, of: 5)
        #expect(
            try StrangerAccuracy(closedSet: closedSet(unknown: false), noiseAlone: noises, unmet: words)
                == nil)
        #expect(
            try StrangerAccuracy(closedSet: closedSet(no: false), noiseAlone: noises, unmet: words) == nil)
        #expect(try StrangerAccuracy(closedSet: closedSet(), noiseAlone: [], unmet: words) == nil)
    }
}
