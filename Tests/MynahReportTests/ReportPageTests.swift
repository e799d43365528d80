import Foundation
import MynahEvaluation
import MynahReport
import Testing

/// The page of a report: complete, in need of nothing, and safe whatever names are in it.
@Suite struct ReportPageTests {
    private static let hostile = "<script>alert('1')</script>&\u{202E}\u{1b}[2J"

    private static func report(labels: [String] = ["yes", "no"], model: String = "m.safetensors") throws
        -> EvaluationReport
    {
        let clips = (0..<40).map { index in
            ScoredClip(
                path: "yes/\(labels[0].count)_nohash_\(index).wav", speaker: "speaker \(index / 4)",
                label: index % 2,
                posteriors: index % 5 == 0 ? [0.3, 0.7] : index % 2 == 0 ? [0.9, 0.1] : [0.2, 0.8],
                processingSeconds: 0.001, audioSeconds: 1)
        }
        return EvaluationReport(
            provenance: EvaluationProvenance(
                mynahVersion: "0.1.0", machine: "2 cores", commandLine: "mynah evaluate data", model: model,
                modelHash: "aa11", frontEndHash: "bb22", data: "data", dataHash: "cc33", split: "testing",
                seed: .max,
                unreadableClips: [UnreadableClip(path: labels[0], reason: "it is empty")]),
            closedSet: try ClosedSetEvaluation(
                labels: labels, clips: clips, bootstrap: ClusterBootstrap(seed: 1, replicateCount: 100)),
            noiseAlone: [
                NoiseAlone(
                    kind: .recordings, source: labels[0], labels: labels,
                    points: [.init(level: -60, counts: [0, 0]), .init(level: -9, counts: [17, 83])])
            ])
    }

    /// No address but the name of a format, nothing that is loaded, nothing that runs.
    private func expectSelfContained(_ page: String) {
        let rest = page.replacing("xmlns=\"http://www.w3.org/2000/svg\"", with: "")
        for fault in [
            "http:", "https:", "//", "<script", "<link", "@import", "url(", "<img", "<iframe", "onload",
        ] {
            #expect(!rest.contains(fault), "the page has \(fault)")
        }
    }

    @Test func pageIsSelfContained() throws {
        let page = try ReportPage(try Self.report()).html()
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
        expectSelfContained(page)
        #expect(page.contains("prefers-color-scheme: dark") && page.contains("@media print"))
        #expect(page == (try ReportPage(try Self.report()).html()))
    }

    @Test func everyPartIsThere() throws {
        let page = try ReportPage(try Self.report()).html()
        for part in [
            "Confusion matrix", "Each label", "Accuracy by speaker", "Worst speakers", "Reliability",
            "Clips worth hearing", "Noise alone", "Noise of yes", "no 83, yes 17", "aa11", "bb22", "cc33",
            "testing split", "\(UInt64.max)",
            "mynah evaluate data", "2 cores", "it is empty",
        ] {
            #expect(page.contains(part), "\(part) is missing")
        }
        for element in ["section", "table", "tr", "td", "th", "figure", "svg", "div", "dl", "p", "h2", "h3"] {
            let opened = page.matches(of: try Regex("<\(element)[ >]")).count
            #expect(
                opened > 0 && opened == page.components(separatedBy: "</\(element)>").count - 1, "\(element)")
        }
        // A table without a heading of its own does not get that of its section.
        #expect(!page.contains("<h3>Speakers</h3>"))
    }

    @Test func namesFromOutsideAreText() throws {
        let page = try ReportPage(
            try Self.report(labels: [Self.hostile, "no{{version}}"], model: Self.hostile)
        ).html()
        expectSelfContained(page)
        #expect(page.contains("&lt;script&gt;") && page.contains("no{{version}}"))
        #expect(!page.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202E}" })
    }

    @Test func soundsBesideThePageArePlayed() throws {
        let report = try Self.report()
        #expect(!(try ReportPage(report).html()).contains("<audio"))
        let page = try ReportPage(report) { "clips/\($0)?\"" }.html()
        let players =
            page.components(separatedBy: "<audio controls preload=\"none\" src=\"clips/yes/").count - 1
        let lists = try #require(report.closedSet)
        #expect(players == lists.confidentlyWrong.count + lists.leastProbable.count)
        #expect(page.contains("?&quot;\"></audio>"))
    }
}
