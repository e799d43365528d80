import Foundation
import MynahTestSupport
import Testing

/// Files that are no sound, or a broken one: one line each, and the others are still recognized.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct BadAudioTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    private static let tone = SyntheticSignal.tone(frequency: 440, sampleCount: 8_000, sampleRate: 16_000)

    private static func wav(
        _ samples: [Float] = tone, encoding: WAVFile.Encoding = .pcm16,
        _ change: (inout WAVFile) -> Void = { _ in }
    ) -> [UInt8] {
        var file = WAVFile(samples, sampleRate: 16_000, encoding: encoding)
        change(&file)
        return file.bytes
    }

    /// Each bad file, and the beginning of what is said about it.
    private static let badFiles: [(name: String, bytes: [UInt8], message: String)] = [
        ("empty.wav", [], "is empty (0 bytes)"),
        (
            "text.wav", Array("This is a text, and no sound.\n".utf8),
            "is not an audio file of any known format"
        ),
        ("header.wav", wav([]), "has an audio header, but no samples"),
        ("header-only.wav", Array(wav().prefix(36)), "has an audio header, but no samples"),
        ("cut.wav", wav().dropLast(1_000), "is cut off: its header promises 16044 bytes, it has 15044"),
        ("channels0.wav", wav { $0.channels = 0 }, "has 0 channels; 1 to 16 are supported"),
        ("channels17.wav", wav { $0.channels = 17 }, "has 17 channels; 1 to 16 are supported"),
        (
            "rate1.wav", wav { $0.sampleRate = 1 },
            "has a sample rate of 1 Hz; 4000 to 384000 Hz are supported"
        ),
        (
            "rate10M.wav", wav { $0.sampleRate = 10_000_000 },
            "has a sample rate of 10000000 Hz; 4000 to 384000 Hz are supported"
        ),
        ("nan.wav", wav([0, .nan, 0], encoding: .float32), "sample 1 is not a finite number"),
        (
            "infinite.wav", wav(tone + [-.infinity], encoding: .float32),
            "sample 8000 is not a finite number"
        ),
        ("integers.wav", wav([0, 20_000], encoding: .float32), "sample 1 is 20000.0, but full scale is 1"),
        ("codec.wav", wav { $0.formatTag = 0x161 }, "begins like WAV, codec 0x161, but is damaged"),
    ]

    @Test(arguments: badFiles.indices) func oneBadFile(index: Int) throws {
        let bad = Self.badFiles[index]
        let path = try folder.write(bad.bytes, to: bad.name)
        for json in [[], ["--json"]] {
            let outcome = try mynah(["recognize", "--model", words.model] + json + [path])
            #expect(outcome.ending == .status(1))
            #expect(outcome.output.isEmpty)
            #expect(outcome.errorLines.count == 1)
            #expect(outcome.errors.hasPrefix("mynah: \(path): \(bad.message)"), "\(outcome.errors)")
        }
    }

    @Test func sameFromStandardInput() throws {
        for bad in Self.badFiles {
            let outcome = try mynah(["recognize", "--model", words.model, "-"], input: bad.bytes)
            #expect(outcome.ending == .status(1))
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("mynah: -: \(bad.message)"), "\(bad.name): \(outcome.errors)")
            #expect(outcome.errorLines.count == 1)
        }
    }

    @Test func allInOneCommand() throws {
        for bad in Self.badFiles { try folder.write(bad.bytes, to: "bad/\(bad.name)") }
        try folder.writeSound(Word.rising.samples(speaker: 3), to: "bad/good.wav")
        let first = words.clip(.falling)
        let last = words.clip(.valley)
        try FileManager.default.createDirectory(
            atPath: folder.file("nothing"), withIntermediateDirectories: false)
        let missing = folder.file("missing.wav")
        let outcome = try mynah(
            "recognize", "--model", words.model, first, missing, folder.file("nothing"), "/dev/null",
            folder.file("bad"), last)
        #expect(outcome.ending == .status(1))
        #expect(
            outcome.outputLines.map { $0.split(separator: ": ").first ?? "" }
                == [first[...], folder.file("bad/good.wav")[...], last[...]])
        #expect(outcome.errorLines.count == Self.badFiles.count + 3)
        #expect(outcome.errors.contains("mynah: \(missing): no such file\n"))
        #expect(outcome.errors.contains("mynah: \(folder.file("nothing")): no audio files in this folder\n"))
        #expect(outcome.errors.contains("mynah: /dev/null: is a device, not an audio file"))
        for bad in Self.badFiles {
            #expect(outcome.errors.contains("mynah: \(folder.file("bad/\(bad.name)")): \(bad.message)"))
        }
        // Recognition writes nothing anywhere.
        #expect(try folder.names == ["bad", "nothing"])
    }

    @Test func rawSamples() throws {
        let odd = try folder.write([1, 2, 3], to: "odd.raw")
        let wav = try folder.write(Self.wav(), to: "tone.wav")
        let outcome = try mynah("recognize", "--model", words.model, "--raw", "16000", odd, wav)
        #expect(outcome.ending == .status(1))
        #expect(outcome.errorLines.count == 2)
        #expect(outcome.errors.contains("\(odd): 3 bytes are no whole number of raw 16-bit samples"))
        #expect(outcome.errors.contains("\(wav): is not raw samples, but begins like WAV"))
    }

    /// Three hours must take no more memory than a minute.
    @Test func threeHours() throws {
        func recognize(seconds: Int) throws -> Outcome {
            // All zeros, of which the disk keeps none.
            let path = try folder.write([], to: "\(seconds).raw")
            #expect(truncate(path, seconds * 32_000) == 0)
            return try mynah(["recognize", "--model", words.model, "--raw", "16000", path], timeLimit: 300)
        }
        let minute = try recognize(seconds: 60)
        let hours = try recognize(seconds: 3 * 3_600)
        #expect(hours.ending == .status(0))
        #expect(hours.outputLines.count == 1)
        #expect(hours.peakKilobytes > 1_000)
        #expect(
            hours.peakKilobytes < minute.peakKilobytes + 8_000, "\(minute.peakKilobytes) KiB for a minute")
        #expect(hours.peakKilobytes < 80_000)
    }

    /// The same through a header, another sample rate, and several channels; shorter, for conversion takes time.
    @Test func halfAnHourOfStereo() throws {
        let frameCount = 1_800 * 8_000
        var file = WAVFile([], sampleRate: 8_000, channels: 2)
        file.declaredDataSize = frameCount * 4
        file.declaredTotalSize = frameCount * 4 + 36
        let path = try folder.write(file.bytes, to: "long.wav")
        #expect(truncate(path, frameCount * 4 + 44) == 0)
        let outcome = try mynah(["recognize", "--model", words.model, path], timeLimit: 300)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(outcome.peakKilobytes > 1_000 && outcome.peakKilobytes < 80_000)
    }
}
