import Foundation
import MynahTestSupport
import Testing

/// The model within the program, which needs no other file.
struct BuiltInModelTests {
    /// A line of the samples' manifest.
    struct Sample: CustomTestStringConvertible, Sendable {
        let file: String
        let label: String

        var testDescription: String { file }
    }

    static let samples: [Sample] = {
        let manifest = try? String(
            contentsOfFile: Program.sources + "/audio-samples/manifest.tsv", encoding: .utf8)
        return (manifest ?? "").split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            return Sample(file: String(fields[0]), label: String(fields[1]))
        }
    }()

    @Test func everySampleIsListed() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Program.sources + "/audio-samples")
            .filter { !$0.hasSuffix(".md") && !$0.hasSuffix(".tsv") }
        #expect(Set(Self.samples.map(\.file)) == Set(files))
        #expect(Self.samples.count >= 30)
    }

    @Test(arguments: samples) func sampleIsRecognized(sample: Sample) throws {
        // From another folder, so that nothing but the program can be found.
        let outcome = try mynah(
            ["recognize", "\(Program.sources)/audio-samples/\(sample.file)"], folder: "/")
        #expect(outcome.ending == .status(0))
        #expect(
            outcome.output.contains("/\(sample.file): \(sample.label) "), "\(outcome.output)\(outcome.errors)"
        )
    }

    @Test func isTheShippedModel() throws {
        let shipped = Program.sources + "/models/commands.safetensors"
        func inspection(_ arguments: [String]) throws -> [String: Any] {
            let outcome = try mynah(["inspect", "--json"] + arguments, folder: "/")
            #expect(outcome.ending == .status(0))
            return try #require(
                JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        }
        let builtIn = try inspection([])
        #expect(builtIn["file"] as? String == "built-in")
        #expect(builtIn["hash"] as? String == (try inspection([shipped]))["hash"] as? String)
        #expect(
            Set(builtIn["labels"] as? [String] ?? [])
                == [
                    "_silence_", "_unknown_", "yes", "no", "up", "down", "left", "right", "on", "off", "stop",
                    "go",
                ])
    }

    @Test func memoryOfOneClip() throws {
        let outcome = try mynah("recognize", "\(Program.sources)/audio-samples/yes-flite-rms.wav")
        #expect(outcome.peakKilobytes > 1_000 && outcome.peakKilobytes < 60_000)
    }

    /// The samples of a WAV file of a second, 16 kHz and 16 bits, which those of the samples are that are used here.
    private func second(of file: String) throws -> [Float] {
        let bytes = try Data(contentsOf: URL(filePath: "\(Program.sources)/audio-samples/\(file)"))
        try #require(bytes.count == 44 + 32_000)
        return (0..<16_000).map { index in
            let (low, high) = (UInt16(bytes[44 + 2 * index]), UInt16(bytes[45 + 2 * index]))
            return Float(Int16(bitPattern: high << 8 | low)) / 32_768
        }
    }

    /// A second is also the window of the model, which is sure of the word all the time.
    ///
    /// Of the samples of a second, `right-pico-gb` and `yes-flite-rms` are missing: the network is not sure of them for long enough.
    @Test(arguments: [
        "yes-espeak-us", "no-pico-us", "up-festival-slt", "down-flite-slt", "left-pico-us",
        "right-festival-kal",
        "on-pico-gb", "off-festival-ked", "stop-pico-gb", "go-espeak-us-f2",
    ])
    func aWordSaidEverySecondIsHeardEverySecond(sample: String) throws {
        let folder = try TemporaryFolder()
        let clip = try second(of: "\(sample).wav")
        let silence = [Float](repeating: 0, count: 16_000)
        let sound = silence + (0..<5).flatMap { _ in clip } + silence
        let outcome = try mynah("listen", "--json", try folder.writeSound(sound, to: "again.wav"))
        let events = try ListenTests.events(outcome)
        #expect(events.map(\.word) == Array(repeating: String(sample.prefix { $0 != "-" }), count: 5))
        for (event, next) in zip(events, events.dropFirst()) { #expect(abs(next.end - event.end - 1) < 0.25) }
    }
}
