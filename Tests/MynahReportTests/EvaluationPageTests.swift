import Foundation
import MynahEvaluation
import MynahReport
import Testing

/// The page of a report: complete, in need of nothing, and safe whatever names are in it.
@Suite struct EvaluationPageTests {
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
        let page = EvaluationPage(try Self.report()).html
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
        expectSelfContained(page)
        #expect(page.contains("prefers-color-scheme: dark") && page.contains("@media print"))
        #expect(page == EvaluationPage(try Self.report()).html)
    }

    @Test func everyPartIsThere() throws {
        let page = EvaluationPage(try Self.report()).html
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
    }

    /// What people need who hear the page, or move in it by keyboard.
    @Test func isAccessible() throws {
        let page = EvaluationPage(try Self.report()) { "clips/\($0)" }.html
        #expect(page.contains("<html lang=\"en\">"))
        #expect(page.matches(of: #/<h1>/#).count == 1 && page.matches(of: #/<main>/#).count == 1)
        // Each heading cell says what it heads, each row begins with one, and each drawing and player has a name.
        #expect(page.matches(of: #/<th[ >]/#).count == page.matches(of: #/<th scope="(?:col|row)"/#).count)
        let rows = page.matches(of: #/<tr><t[hd]/#).count
        #expect(rows > 20 && rows == page.matches(of: #/<tr><th scope="(?:col|row)"/#).count)
        let drawings = page.matches(of: #/<svg xmlns/#).count
        let named = page.matches(of: #/<svg xmlns[^>]*role="img"[^>]*>\s*<title>[^<]/#).count
        #expect(drawings == 4 && named == drawings)
        #expect(
            page.matches(of: #/<audio /#).count == page.matches(of: #/<audio [^>]*aria-label="[^"]/#).count)
        // What scrolls can be reached by keyboard, and every link leads somewhere.
        #expect(
            page.matches(of: #/class="scroll"/#).count
                == page.matches(of: #/class="scroll" role="region" aria-label="[^"]+" tabindex="0"/#).count)
        for link in page.matches(of: #/href="#([^"]+)"/#) {
            #expect(page.contains("id=\"\(link.output.1)\""), "\(link.output.1)")
        }
    }

    @Test func namesFromOutsideAreText() throws {
        let page = EvaluationPage(try Self.report(labels: [Self.hostile, "no"], model: Self.hostile)).html
        expectSelfContained(page)
        #expect(page.contains("&lt;script&gt;"))
        #expect(!page.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202E}" })
    }

    @Test func soundsBesideThePageArePlayed() throws {
        let report = try Self.report()
        #expect(!EvaluationPage(report).html.contains("<audio"))
        let page = EvaluationPage(report) { "clips/\($0)?\"" }.html
        let players =
            page.components(separatedBy: "<audio controls preload=\"none\" src=\"clips/yes/").count - 1
        let lists = try #require(report.closedSet)
        #expect(players == lists.confidentlyWrong.count + lists.leastProbable.count)
        #expect(page.contains("?&quot;\" aria-label=\"yes/"))
    }
}
