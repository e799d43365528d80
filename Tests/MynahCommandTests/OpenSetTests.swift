import Foundation
import MynahBase
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahTestSupport
import Testing

/// `mynah evaluate` on continuous audio, and its page.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct OpenSetTests {
    private let words: TrainedWords
    private let folder: TemporaryFolder

    init() throws {
        words = try TrainedWords.shared.get()
        folder = try TemporaryFolder()
    }

    /// Lays clips of the words into noise, and returns recording and table.
    private func compose() throws -> [String] {
        let outcome = try mynah(
            "compose", words.set, "--output", folder.file("mix.wav"), "--truth", folder.file("mix.tsv"),
            "--count", "20", "--words", "rising,falling,valley")
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        return ["--stream", folder.file("mix.wav"), "--truth", folder.file("mix.tsv")]
    }

    private func object(_ value: Any?, _ key: String) throws -> [String: Any] {
        try #require((value as? [String: Any])?[key] as? [String: Any], "\(key)")
    }

    private func report(_ outcome: Outcome) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    @Test func streamAndNegatives() throws {
        for (index, name) in ["a/deep/er/one.wav", "two.wav", "a/three.wav"].enumerated() {
            try folder.writeSound(
                SyntheticSignal.noise(sampleCount: 80_000, seed: UInt64(index), amplitude: 0.1),
                to: "speech/\(name)")
        }
        try folder.write([1, 2, 3], to: "speech/a/broken.ogg")
        try folder.write([1, 2, 3], to: "speech/a/notes.txt")
        let arguments =
            ["evaluate", "--model", words.model] + (try compose()) + ["--negatives", folder.file("speech")]
        let outcome = try mynah(arguments + ["--json", "--html", folder.file("page.html")])
        // The broken file is named, the others are kept.
        #expect(outcome.ending == .status(1))
        #expect(
            outcome.errorLines.count == 1
                && outcome.errors.hasPrefix("mynah: \(folder.file("speech/a/broken.ogg")): "),
            "\(outcome.errors)")
        let report = try report(outcome)
        #expect(report["closedSet"] == nil)
        let provenance = try object(report, "provenance")
        #expect(provenance["split"] == nil)
        #expect((provenance["dataHash"] as? String)?.count == 64)
        #expect((provenance["unreadableClips"] as? [Any])?.count == 1)
        let openSet = try object(report, "openSet")
        let recordings = try #require(openSet["recordings"] as? [[String: Any]])
        #expect(recordings.map { $0["fileCount"] as? Int } == [1, 3])
        #expect(recordings.map { $0["wordCount"] as? Int } == [20, 0])
        #expect(recordings[1]["seconds"] as? Double == 15)
        let misses = try object(try object(openSet, "score"), "misses")
        #expect(misses["total"] as? Int == 20)
        let curve = try #require(openSet["curve"] as? [[String: Any]])
        let missed = try curve.map { try #require(try object($0, "misses")["count"] as? Int) }
        #expect(curve.count > 40 && missed.last == 20)

        let page = try String(contentsOfFile: folder.file("page.html"), encoding: .utf8)
        #expect(page.contains("Misses against false alarms (DET)"))
        #expect(page.contains("at its threshold or above, for 300 ms"))
        let text = try mynah(arguments).output
        #expect(text.contains("Detection in continuous audio (threshold 0.700"))
        #expect(text.contains("broken.ogg: "))
    }

    /// The advised thresholds go into a model, and are used from then on.
    @Test func budget() throws {
        let stream = try compose()
        let advised = folder.file("advised.safetensors")
        // What else the model holds is none of the advice's business.
        let calibrated = folder.file("calibrated.safetensors")
        let original = try CommandModel(contentsOf: words.model)
        let decisionCount = original.network.stepCount(
            frameCount: original.frontEnd.frameCount(sampleCount: original.clipSampleCount))
        let calibration = EarlyCalibration(
            temperatures: [Float](repeating: 2, count: decisionCount), unknownOffset: 0)
        try original.with(earlyCalibration: calibration).write(to: calibrated)
        let outcome = try mynah(
            ["evaluate", "--model", calibrated] + stream + [
                "--budget", "20/h", "--output", advised, "--json",
            ])
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let advice = try object(try object(try report(outcome), "openSet"), "advice")
        #expect(advice["budgetPerHour"] as? Double == 20)
        let model = try CommandModel(contentsOf: advised)
        let settings = try object(advice, "settings")
        let thresholds = try #require(settings["thresholds"] as? [String: Double])
        #expect(Set(thresholds.keys) == ["rising", "falling", "valley"])
        #expect(model.detection?.thresholds.mapValues(Double.init).keys == thresholds.keys)
        #expect(model.earlyCalibration == calibration)

        let again = try mynah(["evaluate", "--model", advised] + stream + ["--json"])
        let used = try object(try report(again), "openSet")
        #expect(try object(used, "settings") as NSDictionary == settings as NSDictionary)
        #expect(
            try object(used, "score") as NSDictionary == (try object(advice, "score")) as NSDictionary)
    }

    /// A model keeps thresholds for each strictness, and says so where one is asked for that it does not have.
    @Test func strictness() throws {
        let stream = try compose()
        let strict = folder.file("strict.safetensors")
        let advised = try mynah(
            ["evaluate", "--model", words.model] + stream + [
                "--budget", "5/h", "--strictness", "strict", "--output", strict,
            ])
        #expect(advised.ending == .status(0), "\(advised.errors)")
        let model = try CommandModel(contentsOf: strict)
        #expect(model.detection == nil && model.detection(.strict) != nil && model.detection(.lax) == nil)
        let used = try mynah(
            ["evaluate", "--model", strict] + stream + ["--strictness", "strict", "--json"])
        let settings = try object(try object(try report(used), "openSet"), "settings")
        let thresholds = try #require(settings["thresholds"] as? [String: Double])
        #expect(Set(thresholds.keys) == ["rising", "falling", "valley"])
        #expect(try mynah("inspect", strict).output.contains("\nthresholds  strict, for "))
        for command in [["listen", stream[1]], ["evaluate"] + stream] {
            let refused = try mynah(command + ["--model", strict, "--strictness", "lax"])
            #expect(refused.ending == .status(1))
            #expect(refused.errors.contains("has no thresholds for --strictness lax"))
        }
    }

    @Test func early() throws {
        let outcome = try mynah(
            "evaluate", words.set, "--model", words.model, "--split", "validation", "--early", "0.9", "--json"
        )
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let report = try report(outcome)
        let early = try object(report, "earlyDecision")
        let whole = try object(early, "wholeAccuracy")
        let accuracy = try object(try object(report, "closedSet"), "accuracy")
        // Clips of the model's length: the last decision is what recognition says.
        #expect(whole["count"] as? Int == accuracy["count"] as? Int)
        #expect(whole["total"] as? Int == 24)
        #expect((early["labels"] as? [Any])?.count == 3)
        let times = try #require(early["timeHeard"] as? [[String: Any]])
        #expect(times.count > 50)
        let text = try mynah("evaluate", words.set, "--model", words.model, "--split", "validation").output
        #expect(text.contains("Stopping early, when a label is sure (confidence 95.0 %)"))
    }

    /// A page beside its clips plays them; one elsewhere does not.
    @Test func clipsBesideThePage() throws {
        _ = try WordFolder(in: folder, name: "my words")
        for (page, isPlayed) in [("page.html", true), ("elsewhere/page.html", false)] {
            try FileManager.default.createDirectory(
                atPath: folder.file("elsewhere"), withIntermediateDirectories: true)
            let outcome = try mynah(
                ["evaluate", "my words", "--model", words.model, "--html", page], folder: folder.path)
            #expect(outcome.ending == .status(0), "\(outcome.errors)")
            let html = try String(contentsOfFile: folder.file(page), encoding: .utf8)
            #expect(html.contains("src=\"my%20words/") == isPlayed)
        }
    }

    @Test func whatCannotBeEvaluated() throws {
        let stream = try compose()
        try folder.write([1], to: "empty/notes.txt")
        let beyond = try folder.write(Array("start\tend\tword\n1\t99999\trising\n".utf8), to: "beyond.tsv")
        let strange = try folder.write(Array("start\tend\tword\n1\t2\tzero\n".utf8), to: "strange.tsv")
        let garbled = try folder.write([0xff, 0xfe], to: "garbled.tsv")
        let shouted = try folder.write(Array("start\tend\tword\n1\t2\tRISING \n".utf8), to: "shouted.tsv")
        let future = folder.file("future.safetensors")
        try twoWays().write(to: future)
        for (model, arguments, message) in [
            (words.model, ["--negatives", folder.file("empty")], "no audio files in this folder"),
            (
                words.model, ["--negatives", folder.file("missing.wav")],
                "none of the recordings could be read"
            ),
            (words.model, [stream[0], stream[1], "--truth", beyond], "but the recording lasts"),
            (words.model, [stream[0], stream[1], "--truth", strange], "none of its words is known"),
            (
                words.model, [stream[0], stream[1], "--truth", garbled],
                "garbled.tsv: cannot be read: line 1 holds text in UTF-16, expected UTF-8"
            ),
            (
                words.model, [stream[0], stream[1], "--truth", shouted],
                "shouted.tsv: its word 'RISING' differs from the label 'rising' of the model in case"
            ),
            (words.model, [stream[0], stream[1], "--truth", folder.file("no.tsv")], "no.tsv"),
            (future, stream, "expected one that can follow a stream"),
        ] {
            let outcome = try mynah(["evaluate", "--model", model] + arguments)
            #expect(outcome.ending == .status(1))
            #expect(outcome.output.isEmpty)
            #expect(
                outcome.errorLines.last?.contains(message) == true, "\(message): \(outcome.errors)")
        }
    }

    @Test(arguments: [
        [], ["--stream", "a.wav"], ["--truth", "a.tsv"], ["--negatives", "n", "--budget", "1/h"],
        ["--stream", "a.wav", "--truth", "a.tsv", "--budget", "-1/h"],
        ["--stream", "a.wav", "--truth", "a.tsv", "--budget", "1/day"],
        ["--stream", "a.wav", "--truth", "a.tsv", "--output", "m"], ["--negatives", "n", "--conditions"],
        ["folder", "--early", "0.4"], ["--negatives", "n", "--negatives", "n"],
    ])
    func wrongUsage(arguments: [String]) throws {
        #expect(try mynah(["evaluate"] + arguments).ending == .status(64))
    }

    /// A network that reads a clip from both ends.
    private func twoWays() throws -> CommandModel {
        let causal = try CommandModel(contentsOf: words.model)
        let network = NetworkDescription(
            inputSize: causal.network.inputSize, layers: [.gru(hiddenSize: 4, bidirectional: true)],
            readOut: .mean, classCount: causal.labels.count)
        var generator = SeededGenerator(seed: 1)
        return try CommandModel(
            labels: causal.labels, frontEnd: causal.frontEnd, normalizer: causal.normalizer,
            clipSampleCount: causal.clipSampleCount, network: network,
            parameters: network.initialParameters(using: &generator), provenance: causal.provenance)
    }
}
