import MynahRecognition
import Testing

@testable import MynahEvaluation

/// What stopping early costs and saves, on clips that can be worked out by hand.
@Suite struct EarlyDecisionEvaluationTests {
    private static let labels = ["_silence_", "go", "stop", "yes"]

    /// Clips of a second with decisions at 0.25, 0.5, 0.75 and 1 s, tried with confidences of 0.5 and 0.9.
    private static let clips = [
        // Right from the second decision on, safe there with 0.5 and a decision later with 0.9.
        unfolding("a", 1, [0, 1, 1, 1], (1, 1), (1, 2)),
        // Right at the end, but stopped before as something else with 0.5; never safe with 0.9.
        unfolding("a", 1, [2, 2, 2, 1], (2, 0), nil),
        // Wrong at the end, right when stopped.
        unfolding("b", 2, [2, 2, 1, 1], (2, 0), (2, 1)),
        // Silence is never safe.
        unfolding(nil, 0, [0, 0, 0, 0], nil, nil),
    ]

    private static func unfolding(
        _ speaker: String?, _ label: Int, _ heard: [Int], _ low: (Int, Int)?, _ high: (Int, Int)?
    ) -> UnfoldingClip {
        UnfoldingClip(
            speaker: speaker, label: label, heard: heard, atEnd: heard[3],
            verdicts: [low, high].map { verdict in
                verdict.map { EarlyDecision.Verdict(label: $0.0, probability: 0.9, decision: $0.1) }
            })
    }

    private func evaluation(confidence: Float) throws -> EarlyDecisionEvaluation {
        try EarlyDecisionEvaluation(
            Self.clips, labels: Self.labels, times: [0.25, 0.5, 0.75, 1], clipSeconds: 1,
            confidence: confidence, tried: [0.5, 0.9], minimumSeconds: 0.1,
            bootstrap: fewDraws)
    }

    @Test func costsAndSavings() throws {
        let eager = try evaluation(confidence: 0.5)
        #expect(eager.wholeAccuracy.count == 3)
        #expect(eager.result.accuracy.count == 3)
        #expect(eager.result.stopped.count == 3)
        // Heard: 0.5, 0.25, 0.25 and 1 of 4 s.
        #expect(eager.result.savedShare == 0.5)
        #expect(eager.difference == 0)

        let careful = try evaluation(confidence: 0.9)
        #expect(careful.result.accuracy.count == 4)
        #expect(careful.result.stopped.count == 2)
        // Heard: 0.75, 1, 0.5 and 1 of 4 s.
        #expect(careful.result.savedShare == 0.1875)
        #expect(careful.difference == 0.25)
        #expect(careful.differenceInterval != nil)
        #expect(careful.confidences == eager.confidences)
        #expect(careful.confidences.map(\.accuracy.count) == [3, 4])
    }

    @Test func accuracyAgainstTimeHeard() throws {
        let points = try evaluation(confidence: 0.9).timeHeard
        #expect(points.map(\.seconds) == [0.25, 0.5, 0.75, 1])
        #expect(points.map(\.accuracy.count) == [2, 3, 2, 3])
    }

    /// A label that nobody says is left out; a clip that is never safe counts as heard to its end.
    @Test func momentsOfEachLabel() throws {
        let labels = try evaluation(confidence: 0.9).labels
        #expect(labels.map(\.label) == ["_silence_", "go", "stop"])
        #expect(labels.map(\.median.value) == [1, 0.875, 0.5])
        #expect(labels.map(\.stopped.count) == [0, 1, 1])
        #expect(labels.map(\.wholeAccuracy.count) == [1, 2, 0])
        #expect(labels.map(\.accuracy.count) == [1, 2, 1])
    }

    @Test func withoutClipsThereIsNothingToTell() {
        #expect(throws: EvaluationError.noClips) {
            try EarlyDecisionEvaluation(
                [], labels: Self.labels, times: [1], clipSeconds: 1, confidence: 0.5, tried: [0.5],
                minimumSeconds: 0, bootstrap: fewDraws)
        }
    }
}
