import Foundation
import MynahBase
import MynahRecognition
import Testing

@testable import MynahEvaluation
@testable import MynahReport

/// The report of an evaluation as text for a terminal.
@Suite struct EvaluationTextTests {
    let report: EvaluationReport

    init() throws {
        let provenance = EvaluationProvenance(
            mynahVersion: "0.1.0", machine: "2 cores", commandLine: "mynah evaluate data",
            model: "m.safetensors",
            modelHash: "aa11", frontEndHash: "bb22", data: "data", dataHash: "cc33", split: "testing",
            seed: .max,
            unreadableClips: [UnreadableClip(path: "yes/\u{1b}[2Jbroken.wav", reason: "it is empty")])
        report = EvaluationReport(
            provenance: provenance,
            closedSet: try ClosedSetEvaluation(labels: smallLabels, clips: smallSet, bootstrap: fewDraws))
    }

    /// The words of the line that begins with `start`.
    func words(_ start: String, in text: String) -> [Substring] {
        let line = text.split(separator: "\n").first { $0.drop { $0 == " " }.hasPrefix(start) }
        return line?.split(separator: " ") ?? []
    }

    @Test func textSaysHowSureTheAccuracyIs() {
        let text = report.text(color: false)
        #expect(
            words("Accuracy", in: text).joined(separator: " ")
                == "Accuracy 66.7 % (4 of 6; 95 % interval 30.0–90.3)")
        #expect(
            text.contains(
                "over speakers: 95 % interval 33.3–100.0, 2 speakers; too few speakers, too narrow\n"))
        #expect(words("Macro F1", in: text).contains("0.667"))
        #expect(text.contains("mean over 2 of 3 classes"))
    }

    @Test func textShowsClassesConfusionAndClips() {
        let text = report.text(color: false)
        #expect(words("go", in: text) == ["go", "–", "none", "–", "–", "none", "–", "–", "–"])
        let confusion = text.components(separatedBy: "Confusion")[1]
        #expect(words("said", in: confusion) == ["said", "\\", "heard", "yes", "no", "go"])
        #expect(words("yes", in: confusion) == ["yes", "2", "1", "·"])
        #expect(text.contains("no/b_nohash_1.wav"))
        #expect(text.contains("9.0 ms  1.00 s  no/b_nohash_0.wav"))
    }

    @Test func textNamesItsSources() {
        let text = report.text(color: false)
        for fact in [
            "aa11", "bb22", "cc33", "testing split", "\(UInt64.max)", "mynah evaluate data", "2 cores",
        ] {
            #expect(text.contains(fact), "\(fact) is missing")
        }
        #expect(text.contains("yes/\\u{1B}[2Jbroken.wav: it is empty"))
    }

    @Test func colourIsTheCallersChoiceAndChangesNothingElse() throws {
        let plain = report.text(color: false)
        let colored = report.text(color: true)
        #expect(!plain.contains("\u{1b}"))
        #expect(colored.contains("\u{1b}[31m1\u{1b}[0m"))
        #expect(colored.replacing(try Regex("\u{1b}\\[[0-9]*m"), with: "") == plain)
    }

    @Test func withoutSpeakersTheTextSaysWhyThereIsNoInterval() throws {
        let clips = smallSet.map { clip($0.label, $0.posteriors) }
        let report = EvaluationReport(
            provenance: report.provenance,
            closedSet: try ClosedSetEvaluation(labels: smallLabels, clips: clips, bootstrap: fewDraws))
        #expect(report.text(color: false).contains("over speakers: no interval, no clip names its speaker\n"))
    }

    /// 12, 35 and 64 labels, with as many clips as a large set has.
    @Test(arguments: [12, 35, 64])
    func aConfusionMatrixFitsATerminal(labelCount: Int) {
        let labels = (0..<labelCount).map { "label number \($0)" }
        let outcomes = (0..<labelCount).flatMap { label in
            (0..<1_000).map { (label: label, heard: $0 < 990 ? label : $0 % labelCount) }
        }
        let confusion = ConfusionMatrix(labels: labels, outcomes: outcomes)
        let text = ConfusionText(confusion: confusion, columns: 100).render(color: false)
        let widths = text.split(separator: "\n").map { String($0).displayWidth }
        #expect((widths.max() ?? 0) <= 100)
        #expect(text.components(separatedBy: "99").count > labelCount)
    }

    @Test func headingsAreShortAndDifferent() {
        #expect(
            ConfusionText.headings(of: ["_silence_", "yes", "up", "_unknown_"], width: 3)
                == ["sil", "yes", "up", "unk"])
        #expect(
            ConfusionText.headings(of: ["forward", "fork", "forage", "for"], width: 3)
                == ["for", "fok", "foa", "#4"])
    }

    @Test func displayWidthFollowsTheTerminal() {
        #expect("naïve".displayWidth == 5)
        #expect("e\u{301}".displayWidth == 1)
        #expect("はい".displayWidth == 4)
        #expect("👍🏽".displayWidth == 2)
        #expect("はいはい".shortened(to: 6) == "はい…")
        #expect("a\r\nb\u{202e}".printable == "a\\r\\nb\\u{202E}")
    }

    @Test func textNamesEachCondition() throws {
        let accuracy = try #require(Proportion(count: 9, total: 10))
        let series = ConditionSeries(
            kind: .signalToNoise,
            points: [
                .init(value: nil, name: "no noise added", accuracy: accuracy, accuracyInterval: nil),
                .init(
                    value: 5, name: "5 dB", accuracy: accuracy,
                    accuracyInterval: Interval(lower: 0.7, upper: 0.95)),
            ])
        let lines = series.text(color: false).split(separator: "\n")
        #expect(lines[0].hasPrefix("Added background noise, by signal-to-noise ratio"))
        #expect(lines[2].hasSuffix("59.6–98.2  –"))
        #expect(lines[3].hasPrefix("  5 dB") && lines[3].hasSuffix("70.0–95.0"))
    }

    @Test func textCountsNoiseByLabel() {
        let series = NoiseAlone(
            kind: .recordings, source: "kitchen", labels: ["_silence_", "_unknown_", "up", "go"],
            points: [.init(level: -60, counts: [100, 0, 0, 0]), .init(level: -9, counts: [10, 70, 5, 15])])
        let lines = series.text(color: false).split(separator: "\n").map(String.init)
        #expect(lines[0] == "Noise of kitchen alone, by level in dB of full scale (100 clips each)")
        #expect(lines[1] == "   level  _silence_  _unknown_  words  words heard most")
        #expect(lines[2] == "  -60 dB        100          0      0")
        #expect(lines[3] == "   -9 dB         10         70     20  go 15, up 5")
    }

    @Test func textComparesTwoModels() throws {
        var changed = smallSet
        changed[2].posteriors = [0.6, 0.4, 0]
        changed[3].posteriors = [0.2, 0.1, 0.7]
        func provenance(_ model: String) -> EvaluationProvenance {
            var provenance = report.provenance
            (provenance.model, provenance.modelHash) = (model, "hash of \(model)")
            return provenance
        }
        let text = ComparisonReport(
            first: provenance("a"), second: provenance("b"),
            comparison: try PairedComparison(
                labels: smallLabels, first: smallSet, second: changed, bootstrap: fewDraws)
        ).text(color: false)
        for fact in [
            "66.7 %  (4 of 6;", "Difference        0.00  points; over speakers",
            "points; over speakers: 95 % interval -33.33 to +33.33",
            "p = 1.0000  1 clips right only with the first, 1 only with the second, 3 with both, 1 with neither",
            "yes/b_nohash_0.wav", "a  (hash of a)", "b  (hash of b)",
        ] {
            #expect(text.contains(fact), "\(fact) is missing in\n\(text)")
        }
    }

    /// "go" by a, safe at the third of four decisions, and by b, never safe; "stop" and silence.
    @Test func textSaysHowEarlyClipsAreSafe() throws {
        func unfolding(_ speaker: String?, _ label: Int, _ heard: [Int], _ verdict: (Int, Int)?)
            -> UnfoldingClip
        {
            UnfoldingClip(
                speaker: speaker, label: label, heard: heard, atEnd: heard[3],
                verdicts: [
                    verdict.map { EarlyDecision.Verdict(label: $0.0, probability: 0.9, decision: $0.1) }
                ])
        }
        let clips = [
            unfolding("a", 1, [0, 1, 1, 1], (1, 2)), unfolding("a", 1, [2, 2, 2, 1], nil),
            unfolding("b", 2, [2, 2, 1, 1], (2, 1)), unfolding(nil, 0, [0, 0, 0, 0], nil),
        ]
        let evaluation = try EarlyDecisionEvaluation(
            clips, labels: ["_silence_", "go", "stop", "yes"], times: [0.25, 0.5, 0.75, 1], clipSeconds: 1,
            confidence: 0.9, tried: [0.9], minimumSeconds: 0.1, bootstrap: fewDraws)
        let text = EarlyDecisionText(evaluation: evaluation, color: false).sections.joined()
        #expect(text.contains("confidence 90.0 %"))
        #expect(text.firstMatch(of: /audio saved +18.8 %/) != nil)
        #expect(text.firstMatch(of: /go +875 ms +988 ms +50.0 % +1 of 2 +100.0 % +100.0 %/) != nil)
        #expect(text.firstMatch(of: /1000 ms +75.0 % +3 of 4/) != nil)
    }

    @Test func textCountsNoiseByLabel() {
        let series = NoiseAlone(
            kind: .recordings, source: "kitchen", labels: ["_silence_", "_unknown_", "up", "go"],
            points: [.init(level: -60, counts: [100, 0, 0, 0]), .init(level: -9, counts: [10, 70, 5, 15])])
        let lines = series.text(color: false).split(separator: "\n").map(String.init)
        #expect(lines[0] == "Noise of kitchen alone, by level in dB of full scale (100 clips each)")
        #expect(lines[1] == "   level  _silence_  _unknown_  words  words heard most")
        #expect(lines[2] == "  -60 dB        100          0      0")
        #expect(lines[3] == "   -9 dB         10         70     20  go 15, up 5")
    }
}
