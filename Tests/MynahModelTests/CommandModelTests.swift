import Foundation
import MynahBase
import MynahFeatures
import MynahNetwork
import MynahTestSupport
import Testing

@testable import MynahModel

struct CommandModelTests {
    private func expectSame(_ model: CommandModel, _ other: CommandModel) {
        #expect(model.labels == other.labels)
        #expect(model.frontEnd == other.frontEnd)
        #expect(model.frontEndHash == other.frontEndHash)
        #expect(model.normalizer == other.normalizer)
        #expect(model.clipSampleCount == other.clipSampleCount)
        #expect(model.network == other.network)
        #expect(model.parameters.map(\.bitPattern) == other.parameters.map(\.bitPattern))
        #expect(model.provenance == other.provenance)
        #expect(model.hash == other.hash)
    }

    @Test func fileGivesTheModelBackToTheBit() throws {
        let folder = try TemporaryFolder()
        let model = try TinyModel.make()
        try model.write(to: folder.file("m.safetensors"))
        expectSame(try CommandModel(contentsOf: folder.file("m.safetensors")), model)
        #expect(try folder.names == ["m.safetensors"])
    }

    @Test func memoryGivesTheModelBackToTheBit() throws {
        let model = try TinyModel.make()
        #expect(model.parameters == TinyModel.parameters)
        expectSame(try CommandModel(bytes: model.fileBytes.span.bytes, name: "built-in model"), model)
    }

    @Test func sameContentGivesTheSameBytes() throws {
        let first = try TinyModel.make().fileBytes
        #expect(try first == TinyModel.make().fileBytes)
        #expect(first.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }.isMultiple(of: 8))
    }

    @Test func hashIsThatOfTheFileEvenIfAnotherProgramWroteIt() throws {
        let folder = try TemporaryFolder()
        var bytes = try TinyModel.make().fileBytes
        // Eight more spaces behind the header.
        let length = Int(bytes[0]) | Int(bytes[1]) << 8
        bytes.insert(contentsOf: [UInt8](repeating: 0x20, count: 8), at: 8 + length)
        withUnsafeBytes(of: UInt64(length + 8).littleEndian) { bytes.replaceSubrange(0..<8, with: $0) }
        try Data(bytes).write(to: URL(fileURLWithPath: folder.file("m")))
        let model = try CommandModel(contentsOf: folder.file("m"))
        #expect(model.hash == SHA256.hexDigest(of: bytes))
        #expect(try model.hash != TinyModel.make().hash)
        try model.write(to: folder.file("copy"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("copy"))) == Data(bytes))
    }

    @Test func requiredFrontEndIsTheSameOrNamedInItsDifferences() throws {
        let model = try TinyModel.make()
        try model.requireFrontEnd(TinyModel.frontEnd)
        var expected = TinyModel.frontEnd
        expected.window = .povey
        expected.sampleRate = 8_000
        let error = #expect(throws: ModelError.self) { try model.requireFrontEnd(expected) }
        #expect(
            error?.description
                == "the model has another front end: sampleRate: 16000, expected 8000; "
                + "window: periodicHann, expected povey")
    }

    @Test func frontEndHashDependsOnEverySetting() throws {
        var other = TinyModel.frontEnd
        other.sampleRate = 8_000
        #expect(other.settingsHash != TinyModel.frontEnd.settingsHash)
        #expect(try TinyModel.make().frontEndHash == TinyModel.frontEnd.settingsHash)
        #expect(try TinyModel.make().frontEndHash.count == 64)
    }

    @Test func normalizerOfAnyFiniteValuesComesBackToTheBit() throws {
        var generator = SeededGenerator(seed: 11)
        func value() -> Float {
            while true {
                let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
                if value.isFinite, value != 0 { return value }
            }
        }
        for _ in 0..<200 {
            let normalizer = FeatureNormalizer(
                mean: [value(), value(), value()],
                standardDeviation: [
                    max(value().magnitude, .leastNormalMagnitude), .leastNormalMagnitude,
                    .greatestFiniteMagnitude,
                ])
            let model = try CommandModel(
                labels: TinyModel.labels, frontEnd: TinyModel.frontEnd, normalizer: normalizer,
                clipSampleCount: 480, network: TinyModel.network, parameters: TinyModel.parameters,
                provenance: TinyModel.provenance)
            let read = try CommandModel(bytes: model.fileBytes.span.bytes, name: "m")
            #expect(read.normalizer == normalizer)
        }
    }

    @Test func provenanceTextsAreMadePrintable() throws {
        let provenance = TrainingProvenance(
            seed: 1, commandLine: "mynah train 'a\nb\u{1B}[31m'", data: .init(clips: []), dataHash: "",
            splitRule: "", mynahVersion: "", date: "", epochCount: 0, bestEpoch: 0,
            validationAccuracy: .init(correct: 0, total: 0), settings: [.init(name: "x\r", value: "\u{9B}")])
        #expect(provenance.commandLine == "mynah train 'a\\nb\\u{1B}[31m'")
        #expect(provenance.settings == [.init(name: "x\\r", value: "\\u{009B}")])
        let model = try TinyModel.make(provenance: provenance)
        #expect(try CommandModel(bytes: model.fileBytes.span.bytes, name: "m").provenance == provenance)
    }

    @Test func wrongNumberOfParametersTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = try? TinyModel.make(parameters: [1, 2, 3])
        }
    }
}
