import Foundation
import MynahTestSupport
import Testing

/// `mynah average`: writes the mean of models, and tells what it is worth.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct AverageTests {
    private let words: TrainedWords

    init() throws { words = try TrainedWords.shared.get() }

    private func right(_ model: String, in set: String) throws -> Int {
        let outcome = try mynah("evaluate", set, "--model", model, "--split", "validation", "--json")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let closedSet = try #require(report["closedSet"] as? [String: Any])
        return try #require((closedSet["accuracy"] as? [String: Any])?["count"] as? Int)
    }

    @Test func tellsWhatEachModelAndTheMeanRecognize() throws {
        let folder = try TemporaryFolder()
        let set = try folder.writeMislabelledWords()
        let (other, mean) = (folder.file("other.safetensors"), folder.file("mean.safetensors"))
        let training = try mynah(
            "train", words.set, "--from", words.model, "--seed", "9", "--epochs", "1", "--output", other)
        try #require(training.ending == .status(0), "\(training.errors)")
        let outcome = try mynah("average", set, words.model, other, "--output", mean)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)

        let told = outcome.errors.matches(of: /([0-9]+) of 12  [0-9.]+  (.*)\n/)
        #expect(told.map { String($0.output.2) } == [words.model, other, "the mean"])
        #expect(
            try told.map { Int($0.output.1) }
                == [words.model, other, mean].map { try right($0, in: set) })
        let inspection = try mynah("inspect", mean)
        #expect(inspection.output.contains("mean of the weights of \(other)"))
        #expect(inspection.output.contains("(\(try right(mean, in: set)) of 12)"))
    }

    @Test func modelsOfOtherWordsAreRefusedBeforeAnythingIsWritten() throws {
        let folder = try TemporaryFolder()
        let output = folder.file("mean.safetensors")
        let builtIn = "\(Program.sources)/models/commands.safetensors"
        let outcome = try mynah("average", words.set, words.model, builtIn, "--output", output)
        #expect(outcome.ending == .status(1))
        #expect(
            outcome.errors
                == "mynah: \(builtIn): differs from \(words.model) in its labels: only models that are alike can be averaged\n"
        )
        #expect(!FileManager.default.fileExists(atPath: output))
    }
}
