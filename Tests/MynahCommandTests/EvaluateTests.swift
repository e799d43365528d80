import Foundation
import MynahTestSupport
import Testing

/// `mynah evaluate`, as text and as JSON.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct EvaluateTests {
    private let words: TrainedWords

    init() throws { words = try TrainedWords.shared.get() }

    @Test func text() throws {
        let outcome = try mynah("evaluate", words.set, "--model", words.model)
        #expect(outcome.ending == .status(0))
        #expect(outcome.output.firstMatch(of: /Accuracy +[0-9.]+ % +\((29|30) of 30; 95 % interval/) != nil)
        for heading in ["Classes", "Confusion (rows: said, columns: heard)", "Speakers", "Slowest clips"] {
            #expect(outcome.outputLines.contains { $0 == heading })
        }
        #expect(!outcome.output.contains("\u{1B}"))
    }

    @Test(arguments: [("training", 138), ("validation", 24), ("testing", 30)])
    func splits(split: String, clipCount: Int) throws {
        let outcome = try mynah(
            "evaluate", words.set, "--model", words.model, "--split", split, "--json")
        #expect(outcome.ending == .status(0))
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let provenance = try #require(report["provenance"] as? [String: Any])
        #expect(provenance["split"] as? String == split)
        #expect(provenance["data"] as? String == words.set)
        #expect(provenance["model"] as? String == words.model)
        #expect((provenance["modelHash"] as? String)?.count == 64)
        #expect((provenance["dataHash"] as? String)?.count == 64)
        let command = try #require(provenance["commandLine"] as? String)
        #expect(command.hasPrefix("mynah evaluate ") && command.hasSuffix(" --split \(split) --json"))

        let closedSet = try #require(report["closedSet"] as? [String: Any])
        let accuracy = try #require(closedSet["accuracy"] as? [String: Any])
        #expect(accuracy["total"] as? Int == clipCount)
        let confusion = try #require(closedSet["confusion"] as? [String: Any])
        #expect(confusion["labels"] as? [String] == ["falling", "rising", "valley"])
        let counts = try #require(confusion["counts"] as? [[Int]])
        #expect(counts.map { $0.reduce(0, +) } == [clipCount / 3, clipCount / 3, clipCount / 3])
        #expect((0..<3).map { counts[$0][$0] }.reduce(0, +) == accuracy["count"] as? Int)
        #expect((closedSet["classes"] as? [Any])?.count == 3)
    }

    @Test func conditions() throws {
        let arguments = [
            "evaluate", words.set, "--model", words.model, "--split", "validation", "--conditions",
        ]
        let outcome = try mynah(arguments + ["--json"])
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let series = try #require(report["conditions"] as? [[String: Any]])
        #expect(
            series.map { $0["kind"] as? String } == [
                "timeShift", "gain", "signalToNoise", "reverberation", "transmission",
            ])
        let closedSet = try #require(report["closedSet"] as? [String: Any])
        let plain = try #require((closedSet["accuracy"] as? [String: Any])?["count"] as? Int)
        for one in series {
            let points = try #require(one["points"] as? [[String: Any]])
            let accuracies = try points.map { try #require($0["accuracy"] as? [String: Any]) }
            #expect(accuracies.allSatisfy { $0["total"] as? Int == 24 })
            #expect(accuracies.contains { $0["count"] as? Int == plain })
        }
        #expect(try mynah(arguments).output.contains("\nTransmission"))
    }

    @Test func noiseAloneIsCountedByLabel() throws {
        let arguments = [
            "evaluate", words.set, "--model", words.model, "--split", "validation", "--conditions",
            "--noise", "\(Program.sources)/audio-samples",
        ]
        let outcome = try mynah(arguments + ["--json"])
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let noises = try #require(report["noiseAlone"] as? [[String: Any]])
        #expect(
            noises.first?["kind"] as? String == "white" && noises.last?["kind"] as? String == "recordings")
        for noise in noises {
            let labels = try #require(noise["labels"] as? [String])
            let points = try #require(noise["points"] as? [[String: Any]])
            #expect(
                points.map { $0["level"] as? Double } == [-60, -54, -48, -42, -36, -30, -24, -18, -12, -9])
            for point in points {
                let counts = try #require(point["counts"] as? [Int])
                #expect(counts.count == labels.count && counts.reduce(0, +) == 100)
            }
        }
        #expect(try mynah(arguments).output.contains("\nPink noise alone, by level"))
        let refused = try mynah(Array(arguments.dropLast(3)) + arguments.suffix(2))
        #expect(refused.ending == .status(64))
        #expect(refused.errors.contains("--noise needs --conditions"))
    }

    /// Words that no training has met are counted by folder; what cannot be read is named, and the rest is heard.
    @Test func unmetWordsAreHeard() throws {
        let folder = try TemporaryFolder()
        for word in ["marvin", "sheila"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(word)", withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: "\(Program.sources)/audio-samples/left-flite-rms.wav",
                toPath: "\(folder.path)/\(word)/a.wav")
        }
        try Data("RIFF".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/marvin/b.wav"))
        let arguments = ["evaluate", words.set, "--model", words.model, "--split", "validation"]
        let outcome = try mynah(arguments + ["--conditions", "--unmet", folder.path, "--json"])
        #expect(outcome.ending == .status(1), "\(outcome.errors)")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let unmet = try #require(report["unmetWords"] as? [String: Any])
        let taken = try #require(unmet["taken"] as? [String: Any])
        #expect(taken["total"] as? Int == 2)
        #expect((unmet["words"] as? [[String: Any]])?.count == 2)
        #expect(outcome.output.contains("b.wav"))
        let refused = try mynah(arguments + ["--unmet", folder.path])
        #expect(refused.ending == .status(64) && refused.errors.contains("--unmet needs --conditions"))
    }

    /// All figures but the times are the same each time, however many threads there are.
    @Test func figuresAreRepeatable() throws {
        func figures(threads: Int) throws -> NSDictionary {
            let outcome = try mynah(
                "evaluate", words.set, "--model", words.model, "--json", "--threads", "\(threads)")
            let report = try #require(
                JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            var closedSet = try #require(report["closedSet"] as? [String: Any])
            closedSet["time"] = nil
            return closedSet as NSDictionary
        }
        #expect(try figures(threads: 1) == figures(threads: 3))
    }
}
