import Foundation
import MynahTestSupport
import Testing

/// Recordings of several channels, of which one is wanted.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct ChannelTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
        _ = try WordFolder(in: folder)
        // The same words, with a second channel of the other polarity.
        for word in Word.allCases {
            for speaker in 0..<32 {
                for take in 0..<WordFolder.takes {
                    let samples = word.samples(speaker: speaker, take: take)
                    let file = WAVFile(samples.flatMap { [$0, -$0] }, sampleRate: 16_000, channels: 2)
                    try folder.write(
                        file.bytes, to: "stereo/\(word)/mynah\(speaker)_nohash_\(take).wav")
                }
            }
        }
        let noise = folder.file("words/_background_noise_")
        try FileManager.default.copyItem(atPath: noise, toPath: folder.file("stereo/_background_noise_"))
    }

    private static let note =
        "channels cancel each other when they are averaged; choose one of them, --channel 1 for instance"

    @Test func recognize() throws {
        let clip = folder.file("stereo/rising/mynah3_nohash_0.wav")
        let mean = try mynah(["recognize", "--model", words.model, clip])
        #expect(mean.errors == "mynah: \(clip): its 2 \(Self.note)\n")
        let one = try mynah(["recognize", "--model", words.model, "--channel", "2", clip])
        #expect(one.errors.isEmpty)
        #expect(one.output.contains("rising"))
        let pipe = try shell("cat '\(clip)' | $MYNAH listen --model '\(words.model)' -")
        #expect(pipe.errors.contains("mynah: -: its 2 \(Self.note)"))
    }

    /// What the commands say of one channel is what they say of the same words as mono.
    @Test(arguments: [["evaluate", "--json"], ["doctor"]])
    func oneChannelIsAsGoodAsMono(arguments: [String]) throws {
        func outcome(_ name: String, _ more: [String]) throws -> Outcome {
            var words = [arguments[0]]
            words += [folder.file(name)] + more
            if arguments[0] == "evaluate" { words += ["--model", self.words.model] }
            words += arguments.dropFirst()
            return try mynah(words)
        }
        func text(_ outcome: Outcome, _ name: String) -> [Substring] {
            // Lines that differ from run to run, or say where the data lie.
            let others = ["\"date\"", "econds", "realTimeFactor", "commandLine", "ash"]
            return outcome.output.replacingOccurrences(of: folder.file(name), with: "FOLDER")
                .split(separator: "\n").filter { line in !others.contains { line.contains($0) } }
        }
        let mono = try outcome("words", [])
        #expect(mono.ending == .status(0), "\(mono.errors)")
        let stereo = try outcome("stereo", ["--channel", "1"])
        #expect(stereo.ending == .status(0), "\(stereo.errors)")
        #expect(!stereo.errors.contains("cancel"))
        #expect(text(stereo, "stereo") == text(mono, "words"))
        let mean = try outcome("stereo", [])
        #expect(mean.errors.components(separatedBy: Self.note).count == 4, "three of them are named")
        #expect(mean.errors.contains("further ones are not listed"))
        let other = try outcome("stereo", ["--channel", "3"])
        #expect(other.ending == .status(1))
        #expect((other.errors + other.output).contains("has no channel 3; its channels are 1 to 2"))
    }

    @Test func train() throws {
        let model = folder.file("model.safetensors")
        let outcome = try mynah(
            ["train", folder.file("stereo"), "--output", model, "--channel", "2"]
                + TrainedWords.trainingArguments)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(!outcome.errors.contains("cancel"))
        let clip = folder.file("words/valley/mynah3_nohash_0.wav")
        #expect(try mynah(["recognize", "--model", model, clip]).output.contains("valley"))
        #expect(try mynah(["inspect", "--json", model]).output.contains("\"channel\""))
    }

    @Test(arguments: [
        ["doctor", "x"], ["evaluate", "x"], ["train", "x", "--output", "y"], ["listen"],
        ["augment", "x", "--output", "y"],
    ])
    func wrongUsage(arguments: [String]) throws {
        let outcome = try mynah(arguments + ["--channel", "0"])
        #expect(outcome.ending == .status(64))
        #expect(outcome.errors.contains("--channel is 0, expected 1 or more"))
    }
}
