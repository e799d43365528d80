import Foundation
import MynahBase
import Testing

@testable import MynahEvaluation

@Suite struct ReportTests {
    @Test func jsonRoundTrip() throws {
        let provenance = EvaluationProvenance(
            mynahVersion: "0.1.0", machine: "2 cores", commandLine: "mynah evaluate data",
            model: "m.safetensors",
            modelHash: "aa11", frontEndHash: "bb22", data: "data", dataHash: "cc33", split: "testing",
            seed: .max,
            unreadableClips: [UnreadableClip(path: "yes/broken.wav", reason: "it is empty")])
        let report = EvaluationReport(
            provenance: provenance,
            closedSet: try ClosedSetEvaluation(labels: smallLabels, clips: smallSet, bootstrap: fewDraws))
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
}
