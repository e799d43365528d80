import Foundation
import Glibc
import MynahTestSupport
import Testing

/// `mynah listen --keep`, `mynah review` and `mynah learn`, with a model that the tests have trained.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct ReviewTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    private var kept: String { folder.file("kept") }

    private func listen(
        to name: String = "talk.wav", _ sound: [Float] = ListenTests.talk(), threshold: String = "0.6",
        limit: Int? = nil
    ) throws -> Outcome {
        let path = try folder.writeSound(sound, to: name)
        return try mynah(
            ["listen", "--model", words.model, "--threshold", threshold, "--keep", kept, "--json", path],
            fileSizeLimit: limit)
    }

    /// What the kept files say of the moments, in order of their names.
    private func moments() throws -> [[String: Any]] {
        try FileManager.default.contentsOfDirectory(atPath: kept).filter { $0.hasSuffix(".json") }.sorted()
            .map {
                let data = try Data(contentsOf: URL(fileURLWithPath: "\(kept)/\($0)"))
                return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            }
    }

    private func table() throws -> [[String]] {
        try String(contentsOfFile: "\(kept)/review.tsv", encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    }

    private func review(_ answers: String, _ arguments: [String] = []) throws -> Outcome {
        try mynah(
            ["review", kept] + arguments, input: Array(answers.utf8), environment: ["PATH": "/nowhere"])
    }

    @Test func whatIsHeardIsKept() throws {
        let outcome = try listen()
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(outcome.errors.contains("mynah review asks what they were"))
        let events = try ListenTests.events(outcome)
        let fired = try moments().filter { $0["fired"] as? Bool == true }
        #expect(fired.map { $0["word"] as? String } == events.map(\.word))
        for (moment, event) in zip(fired, events) {
            #expect(abs((moment["end"] as? Double ?? 0) - event.end) < 1e-6)
            #expect(moment["source"] as? String == folder.file("talk.wav"))
            #expect(moment["words"] as? [String] == ["falling", "rising", "valley"])
        }
        let sounds = try FileManager.default.contentsOfDirectory(atPath: kept).filter { $0.hasSuffix(".wav") }
        #expect(try sounds.count == moments().count)
        // Another listener adds to it.
        #expect(try listen().ending == .status(0))
        #expect(try moments().count == 2 * sounds.count)
    }

    @Test func nothingIsKeptUnasked() throws {
        let path = try folder.writeSound(ListenTests.talk(), to: "talk.wav")
        #expect(try mynah("listen", "--model", words.model, path).ending == .status(0))
        #expect(try folder.names == ["talk.wav"])
    }

    @Test func aFullDiskIsOneWarning() throws {
        let outcome = try listen(limit: 1_000)
        #expect(outcome.ending == .status(0))
        #expect(!(try ListenTests.events(outcome)).isEmpty)
        #expect(outcome.errorLines.count == 2, "\(outcome.errors)")
        #expect(outcome.errors.contains("listening goes on"))
        #expect(try moments().isEmpty)
    }

    @Test func answersAreWrittenAtOnce() throws {
        #expect(try listen(threshold: "0.3").ending == .status(0))
        let count = try moments().count
        try #require(count >= 3)
        // Something that is no answer, two answers, one of them taken back, and the end of the input.
        let first = try review("hello\nr\nn\nu\n")
        #expect(first.ending == .status(0))
        #expect(first.errors.contains("none of aplay, paplay and ffplay is installed"))
        #expect(try table().map { $0[1] } == ["answer", "right", "nobody", "undone"])
        #expect(first.errors.contains("1 of \(count) moments reviewed: 1 right"))
        // It goes on behind the first; another word is asked for by name.
        // What is no word is told, and asked about again.
        let second = try review("w\nnonsense\nw\n\ns\nq\n")
        #expect(second.errors.contains("'nonsense' is none of them"))
        #expect(second.ending == .status(0))
        #expect(try table().last?[1...2] == ["wrong-word", ""])
        #expect(second.errors.contains("2 of \(count) moments reviewed: 1 right, 1 other words"))
    }

    @Test func aReviewThatIsKilledLosesNothing() throws {
        #expect(try listen().ending == .status(0))
        let job = try Job([
            "/bin/sh", "-c", "(echo r; sleep 60) | \"$0\" review \"$1\"", Program.path, kept,
        ])
        try job.waitUntilErrors(contain: "2 of ")
        kill(-job.processID, SIGKILL)
        #expect(try table().map { $0[1] } == ["answer", "right"])
    }

    @Test func soundsArePlayedByAnotherProgram() throws {
        #expect(try listen().ending == .status(0))
        _ = try FakeSynthesizers(
            in: folder, hasEspeak: false,
            others: ["aplay": "echo \"$@\" >>\"\(folder.file("played"))\"\n"])
        let outcome = try mynah(
            ["review", kept], input: Array("p\nr\nq\n".utf8), environment: ["PATH": folder.file("bin")])
        #expect(outcome.ending == .status(0))
        let played = try String(contentsOfFile: folder.file("played"), encoding: .utf8)
        #expect(played.split(separator: "\n").count == 3 && played.hasPrefix("-q \(kept)/"))
    }

    @Test func aTableAnswers() throws {
        #expect(try listen().ending == .status(0))
        let truth = try folder.write(
            Array("start\tend\tword\n1\t2\trising\n3\t4\tfalling\n5\t6\tvalley\n".utf8), to: "truth.tsv")
        let outcome = try review("", ["--truth", truth])
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(try table().count == moments().count + 1)
        // Nothing is left to be answered, and nothing is answered twice.
        #expect(try review("", ["--truth", truth]).ending == .status(0))
        #expect(try table().count == moments().count + 1)
        // A second recording is not that of the table.
        #expect(try listen(to: "a.wav").ending == .status(0))
        #expect(try listen(to: "b.wav").ending == .status(0))
        let several = try review("", ["--truth", truth])
        #expect(several.ending == .status(1) && several.errorLines.count == 1)
    }

    @Test func foldersThatCannotBeReviewed() throws {
        let missing = try mynah("review", folder.file("nowhere"))
        #expect(missing.ending == .status(1) && missing.errorLines.count == 1)
        try FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: true)
        let empty = try mynah("review", kept)
        #expect(
            empty.ending == .status(1)
                && empty.errors.contains("holds no sound that mynah listen --keep has kept"))
        let file = try folder.write([], to: "file")
        #expect(try mynah("review", file).errorLines.count == 1)
        #expect(
            try mynah("listen", "--model", words.model, "--keep", file, words.clip(.rising)).ending
                == .status(1))
        #expect(try mynah("listen", "--keep", "", words.clip(.rising)).ending == .status(64))
    }

    /// A talk in which tones that are no words come again and again.
    private func night(seed: UInt64) -> [Float] {
        var samples = SyntheticSignal.noise(sampleCount: 60 * 16_000, seed: seed, amplitude: 0.001)
        for index in 0..<15 {
            let word = Word.allCases[index % 3]
            var clip = word.samples(speaker: 3 + index)
            if index % 2 == 0 {
                // The first two tones of a word alone.
                for place in 9_000..<clip.count { clip[place] = 0 }
            }
            for (offset, sample) in clip.enumerated() { samples[(1 + 4 * index) * 16_000 + offset] += sample }
        }
        return samples
    }

    private var truth: String {
        "start\tend\tword\n"
            + (0..<15).filter { $0 % 2 == 1 }.map {
                "\(1 + 4 * $0)\t\(2 + 4 * $0)\t\(Word.allCases[$0 % 3])\n"
            }
            .joined()
    }

    @Test func mistakesAreLearntFrom() throws {
        let table = try folder.write(Array(truth.utf8), to: "truth.tsv")
        for night in 1...2 {
            #expect(
                try listen(to: "night\(night).wav", self.night(seed: UInt64(night)), threshold: "0.3").ending
                    == .status(0))
            #expect(try review("", ["--truth", table]).ending == .status(0))
        }
        let before = try bytes(of: words.model)
        let outcome = try mynah([
            "learn", kept, "--model", words.model, "--recordings", words.set, "--output",
            folder.file("better.safetensors"), "--threads", "2",
        ])
        #expect(outcome.output.contains("night2.wav held out"), "\(outcome.errors)")
        #expect(outcome.output.contains("false alarms an hour"))
        #expect(outcome.output.contains("named rightly, of the recordings"))
        // Whether it is better is the network's affair; whether it is written follows from that.
        let isWritten = FileManager.default.fileExists(atPath: folder.file("better.safetensors"))
        #expect(isWritten == (outcome.ending == .status(0)))
        #expect(isWritten || outcome.errors.contains("not written"))
        #expect(try bytes(of: words.model) == before)
    }

    @Test func whatCannotBeLearntFromIsRefused() throws {
        func learn(_ extra: [String] = [], output: String = "better.safetensors") throws -> Outcome {
            try mynah(
                ["learn", kept, "--model", words.model, "--output", folder.file(output)] + extra)
        }
        func expectRefusal(_ outcome: Outcome, _ text: String, _ status: Int = 1) {
            #expect(outcome.ending == .status(status) && outcome.errors.contains(text), "\(outcome.errors)")
        }
        expectRefusal(try learn(), "no such folder")
        #expect(try listen().ending == .status(0))
        expectRefusal(try learn(), "nothing in it was reviewed")
        #expect(try review("r\nr\nr\nr\nr\nr\n").ending == .status(0))
        let mine = try folder.write([1], to: "mine")
        expectRefusal(try learn(output: "mine"), "exists already")
        #expect(try bytes(of: mine) == [1])
        expectRefusal(
            try mynah("learn", kept, "--model", words.model, "--output", words.model), "which is read", 64)
        expectRefusal(try mynah("learn", kept, "--output", "-"), "standard output", 64)
        try folder.write(Array("start\tend\tword\n".utf8), to: "kept/review.tsv")
        expectRefusal(try learn(), "is no table of answers")
        #expect(!FileManager.default.fileExists(atPath: folder.file("better.safetensors")))
    }
}
