import Foundation
import MynahTestSupport
import Testing

/// `mynah compare`: two models on the same clips.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct CompareTests {
    private let words: TrainedWords

    init() throws { words = try TrainedWords.shared.get() }

    /// A model that has hardly learned anything, with other words or another window if that is asked for.
    private func poorModel(in folder: TemporaryFolder, _ options: String...) throws -> String {
        let path = folder.file("poor.safetensors")
        let training = try mynah(
            ["train", words.set, "--output", path, "--layers", "4", "--epochs", "1"] + options)
        #expect(training.ending == .status(0), "\(training.errors)")
        return path
    }

    @Test(arguments: [["--clip-seconds", "1"], ["--clip-seconds", "0.8"]])
    func findsTheBetterModel(options: [String]) throws {
        let folder = try TemporaryFolder()
        let poor = try poorModel(in: folder, options[0], options[1])
        let outcome = try mynah("compare", poor, words.model, words.set, "--json")
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(report["schema"] as? String == "mynah.comparison/1")
        let comparison = try #require(report["comparison"] as? [String: Any])
        #expect(try #require(comparison["difference"] as? Double) > 0.2)
        #expect((comparison["firstAccuracy"] as? [String: Any])?["total"] as? Int == 24)
        #expect(((comparison["test"] as? [String: Any])?["pValue"] as? Double ?? 1) < 0.05)
        let models = ["first", "second"].map { (report[$0] as? [String: Any])?["model"] as? String }
        #expect(models == [poor, words.model])

        let text = try mynah("compare", poor, words.model, words.set)
        #expect(text.output.contains("\nRight only with the second model"))
    }

    @Test func modelsOfOtherWordsAreRefused() throws {
        let folder = try TemporaryFolder()
        let other = try poorModel(in: folder, "--words", "rising,falling")
        let outcome = try mynah("compare", other, words.model, words.set)
        #expect(outcome.ending == .status(1))
        #expect(
            outcome.errors.contains(
                "mynah: the models have different labels: only the first has _silence_, _unknown_; "
                    + "only the second has valley"))
    }
}
