import Foundation
import MynahBase
import Testing

@testable import MynahEvaluation

@Suite struct ReportTests {
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

    @Test func jsonRoundTrip() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let data = try encoder.encode(report)
        #expect(try JSONDecoder().decode(EvaluationReport.self, from: data) == report)
        let json = try #require(String(data: data, encoding: .utf8))
        #expect(json.contains(#""schema":"mynah.evaluation\/1""#))
        #expect(json.contains(#""counts":[[2,1,0],[1,2,0],[0,0,0]]"#))
        #expect(json.contains(#""confidence":0.99,"heard":"yes","label":"no""#))
        #expect(json.contains(#"{"label":"go"}"#))
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

    @Test func numbersAreWrittenForReaders() {
        #expect(NumberText.fixed(0.9696, decimals: 3) == "0.970")
        #expect(NumberText.fixed(-0.04, decimals: 1) == "0.0")
        #expect(NumberText.fixed(12.5, decimals: 0) == "13")
        #expect(
            [0.7, 0.6789, 0.999, 0.9998, 0.99995].map(NumberText.threshold)
                == ["0.700", "0.6789", "0.999", "0.9998", "0.99995"])
        #expect(NumberText.grouped(1_234_567) == "1,234,567")
        #expect(NumberText.grouped(999) == "999")
        #expect(NumberText.percent(0.97116) == "97.1 %")
    }

    @Test func displayWidthFollowsTheTerminal() {
        #expect("naïve".displayWidth == 5)
        #expect("e\u{301}".displayWidth == 1)
        #expect("はい".displayWidth == 4)
        #expect("👍🏽".displayWidth == 2)
        #expect("はいはい".shortened(to: 6) == "はい…")
        #expect("a\r\nb\u{202e}".printable == "a\\r\\nb\\u{202E}")
    }
}
