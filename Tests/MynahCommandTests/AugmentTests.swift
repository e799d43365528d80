import Foundation
import MynahAudio
import MynahTestSupport
import Testing

/// `mynah augment`: sound files that training could have drawn.
struct AugmentTests {
    private let folder: TemporaryFolder
    private let clip: String

    init() throws {
        folder = try TemporaryFolder()
        clip = try folder.writeSound(Word.rising.samples(speaker: 3), to: "rising.wav")
        try folder.writeSound(
            SyntheticSignal.noise(sampleCount: 32_000, seed: 1, amplitude: 0.1), to: "noise/hiss.wav")
    }

    private let everything = [
        "--noise-probability", "1", "--room-probability", "1", "--band-probability", "1",
        "--code-probability", "1",
    ]

    private func samples(_ name: String) throws -> [Float] {
        try Waveform(contentsOf: .file(path: folder.file(name)), sampleRate: 16_000, maximumDuration: 10)
            .samples
    }

    @Test func filesFollowFromTheSeed() throws {
        func write(to name: String, seed: Int) throws -> [[UInt8]] {
            let outcome = try mynah(
                [
                    "augment", clip, "--count", "3", "--output", folder.file(name), "--seed", "\(seed)",
                    "--noise", folder.file("noise"),
                ] + everything)
            #expect(outcome.ending == .status(0), "\(outcome.errors)")
            #expect(outcome.errors.isEmpty)
            #expect(outcome.outputLines.count == 3)
            #expect(outcome.outputLines.allSatisfy { $0.contains(" dB above hiss.wav") })
            return try (1...3).map { try bytes(of: folder.file("\(name)/rising-\($0).wav")) }
        }
        let first = try write(to: "first", seed: 1)
        #expect(try write(to: "again", seed: 1) == first)
        #expect(try write(to: "other", seed: 2) != first)
        #expect(Set(first).count == 3)
        #expect(try samples("first/rising-1.wav").count == 16_000)
    }

    @Test func aClipWithoutVariationStaysAsItIs() throws {
        let outcome = try mynah(
            [
                "augment", "rising.wav", "--count", "1", "--time-shift", "0", "--speed-change", "0",
                "--gain", "0", "--noise-probability", "0", "--room-probability", "0", "--band-probability",
                "0", "--code-probability", "0",
            ], folder: folder.path)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(outcome.output == "./rising-1.wav: shift +0 ms, speed 1.00, level +0.0 dB\n")
        #expect(try samples("rising-1.wav") == samples("rising.wav"))
    }

    @Test func jsonSaysWhatWasDrawn() throws {
        let outcome = try mynah(
            [
                "augment", clip, "--count", "2", "--output", folder.file("varied"), "--json", "--noise",
                folder.file("noise"), "--noise-ratio", "12", "--sample-rate", "8000",
            ] + everything)
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(report["schemaVersion"] as? Int == 1)
        #expect(report["sampleRate"] as? Int == 8_000)
        let variations = try #require(report["variations"] as? [[String: Any]])
        #expect(variations.count == 2)
        for variation in variations {
            let noise = try #require(variation["noise"] as? [String: Any])
            #expect(noise["ratioDecibels"] as? Double == 12)
            #expect(noise["recording"] as? String == "hiss.wav")
            #expect(Set(variation.keys).isSuperset(of: ["room", "band", "codeBits", "speed", "file"]))
        }
    }

    @Test func withoutNoiseItSaysSo() throws {
        let outcome = try mynah("augment", clip, "--output", folder.file("varied"))
        #expect(outcome.ending == .status(0))
        #expect(outcome.errors == "note: no background noise is mixed in, for --noise gives none\n")
    }

    @Test func whatCannotBeReadOrWritten() throws {
        let output = ["--output", folder.file("varied")]
        for (arguments, fault) in [
            (["missing.wav"] + output, "cannot be read"),
            ([clip, "--noise", folder.file("missing")] + output, "no such folder"),
            ([clip, "--output", clip], "expected a directory"),
            ([clip, "--output", folder.file("a/b")], "cannot be written"),
        ] {
            let outcome = try mynah(["augment"] + arguments)
            #expect(outcome.ending == .status(1))
            #expect(outcome.errors.contains(fault), "\(outcome.errors)")
        }
        #expect(try !folder.names.contains("varied"))
    }
}
