import MynahModel
import MynahRecognition
import Testing

/// The rule against posteriors whose safe moment can be told by hand.
struct EarlyDecisionTests {
    private static let labels = ["_silence_", "_unknown_", "go", "stop"]
    private static let silence: [Float] = [0.99, 0, 0.01, 0]
    private static let unknown: [Float] = [0.02, 0.97, 0.01, 0]
    private static let go: [Float] = [0.01, 0.01, 0.97, 0.01]
    private static let stop: [Float] = [0.01, 0.01, 0.01, 0.97]
    private static let doubtful: [Float] = [0.05, 0.02, 0.93, 0]

    /// What is safe after each part has been repeated as often as it says, as `label at decision`; three decisions in a
    /// row make a label safe.
    private func verdict(_ parts: (Int, [Float])..., minimum: Double = 0.03) -> String? {
        var rule = EarlyDecision(
            labels: Self.labels, confidence: 0.95, minimumSeconds: minimum, decisionSeconds: 0.01)
        for (count, posteriors) in parts {
            for _ in 0..<count { _ = rule.push(posteriors.span) }
        }
        return rule.verdict.map { "\(Self.labels[$0.label]) \($0.decision)" }
    }

    @Test func wordIsSafeWhenItStaysSure() {
        #expect(verdict((10, Self.doubtful), (2, Self.go)) == nil)
        #expect(verdict((10, Self.doubtful), (3, Self.go)) == "go 12")
        #expect(verdict((10, Self.silence), (1, Self.go), minimum: 0) == "go 10")
    }

    @Test func jumpIsNotSafe() {
        #expect(verdict((2, Self.go), (1, Self.doubtful), (2, Self.go)) == nil)
        #expect(verdict((2, Self.go), (2, Self.stop), (2, Self.go)) == nil)
        #expect(verdict((2, Self.go), (3, Self.stop)) == "stop 4")
        #expect(verdict((2, Self.go), (1, Self.silence), (3, Self.go)) == "go 5")
    }

    @Test func silenceIsNeverSafeAndUnknownIs() {
        #expect(verdict((90, Self.silence)) == nil)
        #expect(verdict((20, Self.silence), (5, Self.unknown)) == "_unknown_ 22")
    }

    /// What comes after the moment at which a listener would have stopped changes nothing.
    @Test func firstVerdictStands() {
        #expect(verdict((5, Self.go), (50, Self.stop)) == "go 2")
    }

    @Test func resetBeginsAnotherClip() {
        var rule = EarlyDecision(
            labels: Self.labels, confidence: 0.95, minimumSeconds: 0.02, decisionSeconds: 0.01)
        _ = rule.push(Self.go.span)
        #expect(rule.push(Self.go.span)?.probability == 0.97)
        rule.reset()
        #expect(rule.verdict == nil)
        #expect(rule.push(Self.stop.span) == nil)
        #expect(
            rule.push(Self.stop.span) == EarlyDecision.Verdict(label: 3, probability: 0.97, decision: 1))
    }

    /// With a calibration one decision is enough, and how sure the network must be depends on the moment.
    @Test func calibratedForTheMoment() {
        func verdict(_ offset: Float, _ posteriors: [Float]) -> String? {
            var rule = EarlyDecision(
                labels: Self.labels, confidence: 0.95, decisionSeconds: 0.01,
                calibration: EarlyCalibration(temperatures: [4, 4, 1], unknownOffset: offset))
            #expect(rule.minimumSeconds == 0)
            for _ in 0..<5 { _ = rule.push(posteriors.span) }
            return rule.verdict.map { "\(Self.labels[$0.label]) \($0.decision)" }
        }
        #expect(verdict(0, Self.go) == "go 2")
        #expect(verdict(0, Self.doubtful) == nil)
        // A word against unknown ones that came more often in training than they do in life.
        #expect(verdict(0, [0, 0.08, 0.92, 0]) == nil)
        #expect(verdict(-2, [0, 0.08, 0.92, 0]) == "go 2")
        #expect(verdict(-2, Self.unknown) == nil)
        #expect(verdict(0, Self.silence) == nil)
    }

    @Test func notANumberIsNotSure() {
        #expect(verdict((9, [.nan, .nan, .nan, .nan])) == nil)
        #expect(verdict((9, [0, 0, .nan, 0.97])) == "stop 2")
    }
}
