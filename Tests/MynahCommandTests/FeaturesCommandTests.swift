import Foundation
import MynahAudio
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahTestSupport
import Testing

/// `mynah features`: what it writes in each format, and what it refuses.
struct FeaturesCommandTests {
    private static let samples = SyntheticSignal.chirp(
        from: 200, to: 3_000, sampleCount: 16_000, sampleRate: 16_000)

    private func expected(_ configuration: FrontEndConfiguration, of clip: String) throws -> FeatureMatrix {
        var extractor = try FeatureExtractor(configuration)
        return try extractor.features(
            of: Waveform(
                contentsOf: .file(path: clip), sampleRate: configuration.sampleRate, maximumDuration: 10))
    }

    /// Reads NPY of version 1.0 byte by byte: shape and values.
    private func readNPY(_ bytes: [UInt8]) throws -> (shape: [Int], values: [Float]) {
        #expect(bytes.prefix(8) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
        let length = Int(bytes[8]) | Int(bytes[9]) << 8
        #expect((10 + length).isMultiple(of: 64))
        let header = String(decoding: bytes[10..<10 + length], as: UTF8.self)
        #expect(header.hasSuffix("\n"))
        let match = try #require(
            header.wholeMatch(
                of: /\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\), \} *\n/))
        let shape = try [#require(Int(match.1)), #require(Int(match.2))]
        let values = stride(from: 10 + length, to: bytes.count, by: 4).map { start in
            Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * $1) })
        }
        return (shape, values)
    }

    // MARK: Formats

    @Test(arguments: FrontEndPreset.allCases)
    func csv(preset: FrontEndPreset) throws {
        let folder = try TemporaryFolder()
        let clip = try folder.writeSound(Self.samples, to: "chirp.wav")
        let outcome = try mynah("features", "--preset", preset.rawValue, clip)
        #expect(outcome.ending == .status(0))
        #expect(outcome.errors.isEmpty)
        let configuration = preset.configuration()
        let first = preset == .htk ? 1 : 0
        let kind = preset == .mynahMel ? "mel" : "c"
        let names = (first..<first + configuration.featureCount).map { "\(kind)\($0)" }
        #expect(outcome.outputLines.first == "time_s,\(names.joined(separator: ","))")
        let rows = outcome.outputLines.dropFirst().map { $0.split(separator: ",").map { Double($0) ?? .nan } }
        let matrix = try expected(preset.configuration(), of: clip)
        #expect(rows.count == matrix.frameCount)
        #expect(rows.flatMap { row in row[1...].map { Float($0) } } == matrix.values)
        let isCentered = preset == .librosa || preset == .torchaudio
        let halfFrame = isCentered ? 0 : configuration.frameLengthMilliseconds / 2
        #expect(abs(rows[3][0] * 1_000 - halfFrame - 3 * configuration.frameShiftMilliseconds) < 1e-9)
    }

    @Test(arguments: [FrontEndPreset.mynah, .librosa])
    func npy(preset: FrontEndPreset) throws {
        let folder = try TemporaryFolder()
        let clip = try folder.writeSound(Self.samples, to: "chirp.wav")
        let path = folder.file("chirp.npy")
        let outcome = try mynah("features", clip, "--preset", preset.rawValue, "--output", path)
        #expect(outcome.ending == .status(0))
        #expect(outcome.output.isEmpty)
        let matrix = try expected(preset.configuration(), of: clip)
        let (shape, values) = try readNPY(bytes(of: path))
        #expect(shape == [matrix.frameCount, matrix.featureCount])
        #expect(values == matrix.values)

        let piped = folder.file("piped")
        let input = try bytes(of: clip)
        let pipe = try mynah(
            ["features", "-", "--preset", preset.rawValue, "--format", "npy"], input: input, output: piped)
        #expect(pipe.ending == .status(0))
        #expect(try bytes(of: piped) == bytes(of: path))
        #expect(try folder.names == ["chirp.npy", "chirp.wav", "piped"])
    }

    @Test func json() throws {
        struct Answer: Decodable {
            let file: String
            let frontEnd: FrontEndConfiguration
            let frontEndHash: String
            let columns: [String]
            let frameTimes: [Double]
            let values: [[Float]]
        }
        let folder = try TemporaryFolder()
        let clip = try folder.writeSound(Self.samples, to: "a \"chirp\".wav")
        let outcome = try mynah("features", clip, "--format", "json", "--preset", "kaldi")
        let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
        let matrix = try expected(.kaldi, of: clip)
        #expect(answer.file == clip)
        #expect(answer.frontEnd == .kaldi)
        #expect(answer.frontEndHash.count == 64)
        #expect(answer.columns == (0..<13).map { "c\($0)" })
        #expect(answer.frameTimes.count == matrix.frameCount)
        #expect(answer.frameTimes.prefix(2) == [0.0125, 0.0225])
        #expect(answer.values.flatMap(\.self) == matrix.values)
    }

    @Test func otherRatesAndRawSamples() throws {
        let folder = try TemporaryFolder()
        let tone = SyntheticSignal.tone(frequency: 440, sampleCount: 44_100, sampleRate: 44_100)
        let stereo: [Float] = tone.flatMap { [$0, 0] }
        let wav = WAVFile(stereo, sampleRate: 44_100, channels: 2)
        try folder.write(wav.bytes, to: "stereo.wav")
        let left = try mynah("features", folder.file("stereo.wav"), "--channel", "1")
        #expect(left.outputLines.count == 99)
        let mono = try folder.write(WAVFile(tone, sampleRate: 44_100).bytes, to: "mono.wav")
        #expect(try mynah("features", mono).output == left.output)
        let raw = try folder.write(WAVFile(tone, sampleRate: 44_100).data, to: "mono.raw")
        #expect(try mynah("features", raw, "--raw", "44100").output == left.output)
    }

    @Test func shortClipHasNoRows() throws {
        let folder = try TemporaryFolder()
        let clip = try folder.writeSound([Float](repeating: 0.1, count: 100), to: "short.wav")
        let outcome = try mynah(
            "features", clip, "--output", folder.file("o.npy"), "--plot", folder.file("p.svg"))
        #expect(outcome.ending == .status(0))
        #expect(outcome.errors == "mynah: \(clip): shorter than a frame of 30 ms, so it has no features\n")
        #expect(try readNPY(bytes(of: folder.file("o.npy"))).shape == [0, 40])
    }

    // MARK: Front ends

    private func model(sampleRate: Int, in folder: TemporaryFolder) throws -> CommandModel {
        var frontEnd = FrontEndPreset.mynah.configuration(sampleRate: max(8_000, sampleRate))
        frontEnd.sampleRate = sampleRate
        frontEnd.mel.highFrequencyHz = min(frontEnd.mel.highFrequencyHz, Double(sampleRate) / 2)
        frontEnd.cepstrum = nil
        frontEnd.mel.bandCount = 4
        frontEnd.deltas = .init(order: 1)
        let network = NetworkDescription(
            inputSize: 8, layers: [.gru(hiddenSize: 2, bidirectional: false)], readOut: .mean, classCount: 3)
        let model = try CommandModel(
            labels: ["_silence_", "_unknown_", "yes"], frontEnd: frontEnd,
            normalizer: FeatureNormalizer(
                mean: .init(repeating: 1, count: 8), standardDeviation: .init(repeating: 2, count: 8)),
            clipSampleCount: sampleRate, network: network,
            parameters: .init(repeating: 0, count: network.parameterLayout.parameterCount),
            provenance: TrainingProvenance(
                seed: 1, commandLine: "mynah", data: .init(clips: []), dataHash: "00", splitRule: "none",
                mynahVersion: "0.1", date: "2025-01-31T12:00:00Z", epochCount: 1, bestEpoch: 1,
                validationAccuracy: .init(correct: 0, total: 1), settings: [], attribution: nil))
        try model.write(to: folder.file("m.safetensors"))
        return model
    }

    @Test func frontEndOfAModel() throws {
        let folder = try TemporaryFolder()
        let model = try model(sampleRate: 16_000, in: folder)
        let clip = try folder.writeSound(Self.samples, to: "chirp.wav")
        let outcome = try mynah("features", clip, "--model", folder.file("m.safetensors"))
        #expect(outcome.ending == .status(0))
        #expect(
            outcome.errors
                == "mynah: front end of \(folder.file("m.safetensors")): 16,000 Hz, 8 features a frame, "
                + "hash \(model.frontEndHash)\n")
        #expect(
            outcome.outputLines.first
                == "time_s,mel0,mel1,mel2,mel3,delta_mel0,delta_mel1,delta_mel2,delta_mel3")
        let matrix = try expected(model.frontEnd, of: clip)
        let values = outcome.outputLines.dropFirst().flatMap {
            $0.split(separator: ",").dropFirst().map { Float($0) ?? .nan }
        }
        #expect(values == matrix.values)
    }

    @Test func longSoundForAFrontEndThatCannotStream() throws {
        let folder = try TemporaryFolder()
        let clip = try folder.write([UInt8](repeating: 0, count: 601 * 8_000), to: "long.raw")
        let outcome = try mynah(
            "features", clip, "--raw", "4000", "--preset", "librosa", "--output", folder.file("o.csv"))
        #expect(outcome.ending == .status(1))
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("lasts 601.0 s, of which at most 600 s can be taken at once"))
        #expect(outcome.errors.contains("cannot stream: framing.edges"))
        #expect(try folder.names == ["long.raw"])
    }

    @Test(.enabled(if: Program.isOptimized), arguments: [FeatureFile.csv, .npy, .json])
    func memoryDoesNotGrowWithTheSound(format: FeatureFile) throws {
        let folder = try TemporaryFolder()
        func peak(seconds: Int) throws -> Int {
            let clip = try folder.write([UInt8](repeating: 7, count: seconds * 32_000), to: "\(seconds).raw")
            let outcome = try mynah(
                "features", clip, "--raw", "16000", "--output", folder.file("o.\(format)"), "--plot",
                folder.file("p.svg"), "--force")
            #expect(outcome.ending == .status(0))
            return outcome.peakKilobytes
        }
        // The features of 300 s are 4,800 KiB.
        #expect(try peak(seconds: 310) < peak(seconds: 10) + 2_000)
    }

    /// How a file of features ends.
    enum FeatureFile: String { case csv, npy, json }

    // MARK: Plot

    @Test func plot() throws {
        let folder = try TemporaryFolder()
        let clip = try folder.writeSound(Self.samples, to: "a<&>b.wav")
        let outcome = try mynah("features", clip, "--plot", folder.file("p.svg"))
        #expect(outcome.ending == .status(0))
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.isEmpty)
        let svg = String(decoding: try bytes(of: folder.file("p.svg")), as: UTF8.self)
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
        for text in [
            "a&lt;&amp;&gt;b.wav, front end mynah", "time (s)", "frequency (Hz)", "coefficient", "4000",
        ] {
            #expect(svg.contains("\(text)<"), "\(text)")
        }
        #expect(svg.utf8.count < 300_000)

        let both = try mynah("features", clip, "--plot", folder.file("q.svg"), "--format", "csv")
        #expect(both.outputLines.count == 99)
        #expect(try bytes(of: folder.file("q.svg")) == bytes(of: folder.file("p.svg")))
    }

    // MARK: Errors

    @Test func helpHasAnExample() throws {
        let outcome = try mynah("features", "--help")
        #expect(outcome.ending == .status(0))
        #expect(outcome.output.contains("EXAMPLE\n  mynah features "))
    }

    @Test(arguments: [
        [], ["a.wav", "b.wav"], ["a.wav", "--preset", "mfcc"], ["a.wav", "--format", "xml"],
        ["a.wav", "--preset", "kaldi", "--model", "m"], ["a.wav", "--raw", "1"], ["a.wav", "--channel", "0"],
        ["a.wav", "--output", ""], ["a.wav", "--plot", ""], ["a.wav", "--output", "o", "--plot", "o"],
        ["a.wav", "--output", "a.wav"], ["a.wav", "--plot", "a.wav"],
    ])
    func wrongUsage(arguments: [String]) throws {
        let outcome = try mynah(["features"] + arguments)
        #expect(outcome.ending == .status(64))
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("Error: "))
    }

    @Test func errorsLeaveNothingBehind() throws {
        let folder = try TemporaryFolder()
        let clip = try folder.writeSound(Self.samples, to: "chirp.wav")
        var cut = WAVFile(Self.samples, sampleRate: 16_000)
        cut.declaredDataSize = 1_000_000
        try folder.write(cut.bytes, to: "cut.wav")
        try folder.write([1, 2, 3], to: "old.npy")
        let old = folder.file("old.npy")
        let before = try folder.names
        for arguments in [
            [folder.file("missing.wav"), "--output", old], [folder.file("cut.wav"), "--output", old],
            [folder.path, "--output", old], [clip, "--output", folder.file("no/o.csv")],
            [clip, "--output", "/dev/full"], [clip, "--plot", folder.file("no/o.svg")],
            [clip, "--channel", "2", "--output", old], [clip, "--model", clip, "--output", old],
        ] {
            let outcome = try mynah(["features"] + arguments)
            #expect(outcome.ending == .status(1), "\(arguments)")
            #expect(outcome.output.isEmpty)
            #expect(outcome.errorLines.count == 1)
            #expect(outcome.errors.hasPrefix("mynah: "))
            #expect(try folder.names == before)
            #expect(try bytes(of: old) == [1, 2, 3])
        }
    }

    @Test(arguments: ["csv", "npy", "json"])
    func fullDisk(format: String) throws {
        let folder = try TemporaryFolder()
        let clip = try folder.writeSound(Self.samples, to: "chirp.wav")
        let file = try mynah(
            ["features", clip, "--output", folder.file("o.\(format)")], fileSizeLimit: 4_096)
        #expect(file.ending == .status(1))
        #expect(file.errorLines.count == 1)
        #expect(try folder.names == ["chirp.wav"])
        let device = try mynah(["features", clip, "--format", format], output: "/dev/full")
        #expect(device.ending == .status(1))
        #expect(device.errors == "mynah: standard output: cannot be written: No space left on device\n")
    }
}
