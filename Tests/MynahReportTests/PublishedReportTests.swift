import Foundation
import MynahEvaluation
import MynahReport
import Testing

/// The reports of the shipped models, as `make accuracy` has measured them.
@Suite struct PublishedReportTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Documentation/accuracy")

    private func report(_ name: String) throws -> EvaluationReport {
        try JSONDecoder().decode(
            EvaluationReport.self, from: Data(contentsOf: Self.folder.appending(path: "\(name).json")))
    }

    /// JSON of an earlier version is still read, and gives a page and a text with all parts.
    @Test(arguments: [
        "clips", "detection", "quiet", "english", "advised", "tiny/clips", "tiny/detection", "tiny/quiet",
        "tiny/english", "tiny/advised", "best/clips",
    ])
    func isAPageAndAText(name: String) throws {
        let report = try report(name)
        let (page, text) = (EvaluationPage(report).html, report.text(color: false))
        if let folder = ProcessInfo.processInfo.environment["MYNAH_WRITE_PAGES"] {
            try page.write(toFile: "\(folder)/\(name).html", atomically: true, encoding: .utf8)
        }
        #expect(page.hasSuffix("</html>\n") && page.contains(report.provenance.modelHash))
        #expect(text.contains(report.provenance.modelHash))
        let sections =
            (report.closedSet == nil ? [] : ["words", "speakers", "calibration", "clips"])
            + (report.conditions == nil ? [] : ["conditions"])
            + (report.strangers == nil ? [] : ["strangers"])
            + (report.earlyDecision == nil ? [] : ["early"])
            + (report.openSet == nil ? [] : ["detection"]) + ["provenance"]
        #expect(page.matches(of: #/<section id="([a-z]+)"/#).map { String($0.output.1) } == sections)
        if let openSet = report.openSet {
            #expect(text.contains("Detection in continuous audio"))
            #expect(text.contains("Advised thresholds") == (openSet.advice?.isWithinBudget == true))
            #expect(text.contains("Missed words\n") == !openSet.missedWords.isEmpty)
        }
    }
}
