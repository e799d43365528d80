import Foundation
import MynahTestSupport
import Testing

/// `mynah calibrate`: writes a model whose probabilities differ and whose answers do not.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct CalibrateTests {
    private let words: TrainedWords

    init() throws { words = try TrainedWords.shared.get() }

    @Test func writesATemperatureThatEvaluationApplies() throws {
        let folder = try TemporaryFolder()
        let set = try folder.writeMislabelledWords()
        let output = folder.file("calibrated.safetensors")
        let outcome = try mynah("calibrate", words.model, set, "--output", output)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("fitted to 12 clips of the validation split"))

        func evaluation(_ model: String) throws -> (logLoss: Double, correct: Int) {
            let outcome = try mynah("evaluate", set, "--model", model, "--split", "validation", "--json")
            let report = try #require(
                JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            let closedSet = try #require(report["closedSet"] as? [String: Any])
            let accuracy = try #require(closedSet["accuracy"] as? [String: Any])
            return (
                try #require(closedSet["meanLogLoss"] as? Double), try #require(accuracy["count"] as? Int)
            )
        }
        let (before, after) = (try evaluation(words.model), try evaluation(output))
        #expect(after.logLoss < before.logLoss)
        #expect(after.correct == before.correct)

        let inspection = try mynah("inspect", output, "--json")
        let facts = try #require(
            JSONSerialization.jsonObject(with: Data(inspection.output.utf8)) as? [String: Any])
        #expect((facts["temperature"] as? Double ?? 0) > 1.1)
    }

    @Test func withoutErrorsNothingIsWritten() throws {
        let folder = try TemporaryFolder()
        let outcome = try mynah(
            "calibrate", words.model, words.set, "--output", folder.file("calibrated.safetensors"))
        #expect(outcome.ending == .status(1))
        #expect(outcome.errors.contains("fits best to 24 clips"))
        #expect(!FileManager.default.fileExists(atPath: folder.file("calibrated.safetensors")))
    }
}
