import Foundation
import MynahTestSupport
import Testing

/// `mynah teach`, `forget` and `words`, on words of tones.
@Suite(.enabled(if: Program.isOptimized, "learning takes too long without optimization"))
struct TeachTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Takes of a word with the noise of a microphone, as files.
    private func takes(_ word: Word, _ speakers: Range<Int>) throws -> [String] {
        try speakers.map { speaker in
            let noise = SyntheticSignal.noise(
                sampleCount: 16_000, seed: UInt64(speaker + 1), amplitude: 0.0005)
            let samples = zip(word.samples(speaker: speaker), noise).map { $0 + $1 }
            return try folder.writeSound(samples, to: "\(word)-\(speaker).wav")
        }
    }

    private func run(_ arguments: [String]) throws -> Outcome {
        try mynah(arguments + ["--model", "mine.safetensors"], folder: folder.path)
    }

    private func expectRefused(_ arguments: [String], _ line: String) throws {
        let outcome = try run(arguments)
        #expect(outcome.ending == .status(1))
        #expect(outcome.output.isEmpty)
        #expect(
            outcome.errorLines.count == 1 && outcome.errors.hasPrefix("mynah: \(line)"), "\(outcome.errors)")
    }

    @Test func taughtWordsAreHeardForgottenAndHadBack() throws {
        let first = try run(["teach", "up"] + takes(.rising, 0..<4))
        #expect(first.ending == .status(0), "\(first.errors)")
        #expect(first.output.hasPrefix("up: 4 takes by 1 speaker; will be heard about "))
        #expect(first.errors == "Wrote mine.safetensors: up\n")
        let second = try run(["teach", "down", "--json", "--speaker", "anna"] + takes(.falling, 0..<4))
        let advice = try #require(
            JSONSerialization.jsonObject(with: Data(second.output.utf8)) as? [String: Any])
        #expect(
            (advice["words"] as? [[String: Any]])?.compactMap { $0["word"] as? String } == ["down", "up"])
        let heard = try run(["recognize"] + takes(.rising, 6..<8) + takes(.falling, 6..<8))
        #expect(heard.outputLines.map { $0.split(separator: " ")[1] } == ["up", "up", "down", "down"])

        let list = try run(["words"])
        #expect(list.outputLines.count == 2)
        #expect(list.outputLines.first?.hasPrefix("down: anna_nohash_0.wav anna_nohash_1.wav ") == true)
        #expect(try run(["forget", "up/me_nohash_1.wav"]).errors == "Wrote mine.safetensors: down, up\n")
        #expect(try run(["words", "--rename", "up=high"]).errors == "Wrote mine.safetensors: down, high\n")
        #expect(try run(["forget", "high"]).errors == "Wrote mine.safetensors: down\n")
        #expect(try run(["forget", "down"]).errors == "No words are left: mine.safetensors is gone\n")
        #expect(try !folder.names.contains("mine.safetensors"))
        for line in [
            "Undid: forgot 4 recordings of 'down'", "Undid: forgot 3 recordings of 'high'",
            "Undid: renamed 'up' to 'high'", "Undid: forgot 1 recording of 'up'",
            "Undid: taught 'down', 4 recordings", "Undid: taught 'up', 4 recordings",
        ] {
            #expect(try run(["words", "--undo"]).errorLines.first.map(String.init) == line)
        }
        try expectRefused(["words", "--undo"], "mine.recordings: there is no change to undo")
    }

    @Test func badInputCostsALine() throws {
        let good = try takes(.rising, 0..<1)
        let silent = try folder.writeSound([Float](repeating: 0, count: 16_000), to: "silent.wav")
        try expectRefused(["teach", "a/b"] + good, "'a/b' cannot be a word: it is a path")
        try expectRefused(["teach", "_silence_"] + good, "'_silence_' cannot be a word: it is reserved")
        try expectRefused(["teach", "up", silent], "\(silent): nothing is said in it")
        try expectRefused(["teach", "up", "none.wav"], "none.wav: no such file")
        try expectRefused(["teach", "up", "*.flac"], "*.flac: no file matches")
        try expectRefused(["forget", "up"], "mine.safetensors: no such file")
        try expectRefused(
            ["teach", "up", "--from", "none.safetensors"] + good, "none.safetensors: no such file")
        // Nothing is left behind.
        #expect(try folder.names == ["rising-0.wav", "silent.wav"])

        try folder.write(Array("no model".utf8), to: "mine.safetensors")
        try expectRefused(["teach", "up"] + good, "mine.safetensors is not a valid safetensors file")
    }

    @Test func theSameFileIsTold() throws {
        let file = try takes(.rising, 0..<1)
        let outcome = try run(["teach", "up"] + file + file)
        #expect(outcome.ending == .status(0))
        #expect(
            outcome.errors.contains(
                "note: \(file[0]): the same recording as me_nohash_0.wav, which counts once"))
    }

    @Test func recordingsTrainAModelAsWell() throws {
        _ = try run(["teach", "up"] + takes(.rising, 0..<4))
        _ = try run(["teach", "down"] + takes(.falling, 0..<4))
        let outcome = try mynah(
            [
                "train", "mine.recordings", "--layers", "4", "--epochs", "1", "--output",
                "trained.safetensors",
            ],
            folder: folder.path)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
    }
}
