import Foundation
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
}
