import Foundation
import MynahBase
import MynahNetwork
import Testing

@testable import MynahEvaluation

@Suite struct ComparisonTests {
    /// The small set with two answers changed: "b" is now heard in "yes", and "a" no longer in "no".
    let changed: [ScoredClip] = {
        var clips = smallSet
        clips[2].posteriors = [0.6, 0.4, 0]
        clips[3].posteriors = [0.2, 0.1, 0.7]
        return clips
    }()

    func compare(_ first: [ScoredClip], _ second: [ScoredClip]) throws -> PairedComparison {
        try PairedComparison(labels: smallLabels, first: first, second: second, bootstrap: fewDraws)
    }

    @Test func aSmallSetByHand() throws {
        let result = try compare(smallSet, changed)
        #expect(result.firstAccuracy.count == 4 && result.secondAccuracy.count == 4)
        #expect(result.difference == 0 && result.bothCorrect == 3 && result.neitherCorrect == 1)
        #expect(result.gained.map(\.first.path) == ["yes/b_nohash_0.wav"])
        #expect(result.gained[0].first.heard == "no" && result.gained[0].second.heard == "yes")
        #expect(result.lost.map(\.second.path) == ["no/a_nohash_0.wav"])
        #expect(result.lost[0].second.heard == "go" && result.lost[0].second.confidence == 0.7)
        #expect(result.test.pValue == 1)
        // Of a alone one clip in three is lost, of b alone one in three gained.
        #expect(result.differenceInterval == Interval(lower: -1.0 / 3, upper: 1.0 / 3))
    }

    @Test func theSameModelTwiceShowsNoDifference() throws {
        let result = try compare(smallSet, smallSet)
        #expect(result.difference == 0 && result.differenceInterval == nil)
        #expect(result.gained.isEmpty && result.lost.isEmpty && result.test.pValue == 1)
    }

    @Test func exchangedModelsTurnTheSignAround() throws {
        let (there, back) = (
            try compare(smallSet, [clip(0, [1, 0, 0])] + changed.dropFirst()),
            try compare(changed, smallSet)
        )
        #expect(there.difference == -back.difference && there.lost.count == back.gained.count)
        #expect(back.differenceInterval == Interval(lower: -1.0 / 3, upper: 1.0 / 3))
    }

    /// Speakers that differ in how much they gain: the interval covers the true difference in 95 % of evaluations.
    @Test func theIntervalCoversTheTrueDifference() throws {
        let covered = (0..<1_000).count { evaluation in
            var generator = SeededGenerator(seed: 14, evaluation)
            var change: [Double] = []
            var total: [Double] = []
            for _ in 0..<80 {
                let clips = 5 + Int(generator.uniform() * 26)
                let gain: Float = generator.uniform() < 0.3 ? 0.15 : 0.02
                let steps = (0..<clips).map { _ -> Double in
                    let draw = generator.uniform()
                    return draw < gain ? 1 : draw < gain + 0.03 ? -1 : 0
                }
                change.append(steps.reduce(0, +))
                total.append(Double(clips))
            }
            let interval = ClusterBootstrap(seed: UInt64(evaluation), replicateCount: 400)
                .interval(ratioOf: change, to: total)
            return interval.contains(0.3 * 0.15 + 0.7 * 0.02 - 0.03)
        }
        #expect((930...970).contains(covered), "covered \(covered) of 1,000")
    }

    @Test func labelsInAnotherOrderAreBroughtIntoThis() {
        let other = clip(2, [0.1, 0.2, 0.7]).reordered(by: [2, 0, 1])
        #expect(other.posteriors == [0.7, 0.1, 0.2] && other.label == 0 && other.isCorrect)
    }

    @Test func json() throws {
        func provenance(_ model: String) -> EvaluationProvenance {
            EvaluationProvenance(
                mynahVersion: "0.1.0", machine: "2 cores", commandLine: "mynah compare a b data",
                model: model, modelHash: "hash of \(model)", frontEndHash: "ff", data: "data", dataHash: "dd",
                split: "validation", seed: 1, unreadableClips: [])
        }
        let report = ComparisonReport(
            first: provenance("a"), second: provenance("b"), comparison: try compare(smallSet, changed))
        let data = try JSONEncoder().encode(report)
        #expect(try JSONDecoder().decode(ComparisonReport.self, from: data) == report)
        #expect(report.schema == "mynah.comparison/1")
    }
}
