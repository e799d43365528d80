import Foundation
import MynahModel
import MynahTestSupport
import Testing

/// `mynah pack`, and training from what it makes.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct PackCommandTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    private var pack: String { folder.file("words.mynahpack") }

    private func train(_ data: String, _ options: String...) throws -> [Float] {
        let model = folder.file("model")
        let outcome = try mynah(
            [
                "train", data, "--output", model, "--layers", "conv:4:3x3:2x2,gru:8", "--epochs", "2",
                "--threads", "2",
            ]
                + options)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        return try CommandModel(contentsOf: model).parameters
    }

    /// From the folder, from a pack, and with hardly any memory: the weights are the same.
    @Test func theModelOfAPackIsThatOfTheFolder() throws {
        let packed = try mynah("pack", words.set, "--output", pack)
        #expect(packed.ending == .status(0), "\(packed.errors)")
        #expect(packed.errors.contains("Packed 194 recordings of 0.06 h into "))
        let expected = try train(words.set)
        #expect(try train(pack) == expected)
        #expect(try train(pack, "--clip-memory", "0M") == expected)
        #expect(try train(words.set, "--clip-memory", "1M") == expected)
        #expect(try mynah("evaluate", pack, "--model", words.model).ending == .status(0))
        #expect(try mynah("pack", "--verify", pack).ending == .status(0))
        let again = try mynah("pack", words.set, "--output", pack)
        #expect(again.ending == .status(1) && again.errors.hasSuffix("it is complete already\n"))
    }

    @Test func damageIsNamedAndPassedOverIfAskedFor() throws {
        _ = try mynah("pack", words.set, "--output", pack)
        let shard = "\(pack)/shard-00000.tar"
        try folder.write(Array(try bytes(of: shard).dropLast(300_000)), to: "words.mynahpack/shard-00000.tar")
        let verified = try mynah("pack", "--verify", pack)
        #expect(verified.ending == .status(1))
        #expect(verified.errorLines.first?.contains(".wav: shard-00000.tar ends after ") == true)
        let command = ["train", pack, "--output", folder.file("model"), "--layers", "4", "--epochs", "1"]
        let refused = try mynah(command)
        #expect(refused.ending == .status(1))
        #expect(
            refused.errors.contains("shard-00000.tar ends after ")
                && refused.errors.contains("; --skip-damaged goes on without such recordings\n"))
        let outcome = try mynah(command + ["--skip-damaged"])
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
    }

    @Test func wrongUsageAndOtherFolders() throws {
        #expect(try mynah("pack", words.set).ending == .status(64))
        #expect(try mynah("pack", words.set, "--output", pack, "--sample-rate", "1").ending == .status(64))
        #expect(try mynah("train", words.set, "--output", "m", "--clip-memory", "many").ending == .status(64))
        try folder.write([1], to: "mine/letter")
        let mine = try mynah("pack", words.set, "--output", folder.file("mine"))
        #expect(mine.ending == .status(1))
        #expect(try bytes(of: folder.file("mine/letter")) == [1])
        let none = try mynah("pack", "--verify", words.set)
        #expect(none.ending == .status(1) && none.errorLines.count == 1, "\(none.errors)")
    }
}
