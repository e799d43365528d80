import Foundation
import MynahBase
import MynahFeatures
import MynahNetwork
import MynahTestSupport
import Testing

@testable import MynahModel

/// What a speech model keeps, and every way in which it can be unusable.
@Suite struct SpeechModelTests {
    private static let network = NetworkDescription(
        inputSize: 3, layers: [.gru(hiddenSize: 2, bidirectional: false)], readOut: .frame, classCount: 5)

    private func make(
        symbols: SymbolTable = SymbolTable(of: ["é a'"]), network: NetworkDescription = network,
        moved: [MovedSpeaker] = [MovedSpeaker(speaker: "Jörg", split: "training")]
    ) throws(ModelError) -> SpeechModel {
        var generator = SeededGenerator(seed: 7)
        return try SpeechModel(
            symbols: symbols, frontEnd: TinyModel.frontEnd,
            normalizer: FeatureNormalizer(mean: [0.1, -2.7, 1e-7], standardDeviation: [0.3, 1.1, 3e8]),
            network: network, parameters: network.initialParameters(using: &generator),
            provenance: TinyModel.provenance, movedSpeakers: moved)
    }

    private func refused(_ fault: ModelFault, _ body: () throws -> SpeechModel) {
        #expect(throws: ModelError.invalidModel(file: nil, fault: fault)) { try body() }
    }

    @Test func aModelIsReadAsItWasWritten() throws {
        let model = try make()
        let folder = try TemporaryFolder()
        let path = folder.file("speech.safetensors")
        try model.write(to: path)
        let again = try SpeechModel(contentsOf: path)
        #expect(again.symbols.symbols == [" ", "'", "a", "é"])
        #expect(again.movedSpeakers == model.movedSpeakers)
        #expect(again.parameters == model.parameters)
        #expect(again.normalizer == model.normalizer && again.frontEnd == model.frontEnd)
        #expect(again.provenance == model.provenance)
        #expect(again.fileBytes == model.fileBytes && again.hash == model.hash)
        #expect(ModelKind(ofFileAt: path) == .speech)
        #expect(ModelKind.isModel(at: path))
        #expect(abs(model.stepSeconds - 0.01) < 1e-12)
    }

    @Test func eachKindRefusesTheOther() throws {
        let speech = try make().fileBytes
        #expect(
            throws: ModelError.invalidModel(
                file: "m", fault: .otherKind(actual: "speech", expected: "commands"))
        ) { try CommandModel(bytes: speech.span.bytes, name: "m") }
        let commands = try TinyModel.make().fileBytes
        #expect(
            throws: ModelError.invalidModel(
                file: "m", fault: .otherKind(actual: "commands", expected: "speech"))
        ) { try SpeechModel(bytes: commands.span.bytes, name: "m") }
        var metadata = try TinyModel.metadata()
        metadata["kind"] = "pictures"
        let file = SafetensorsFile(tensors: TinyModel.tensors, metadata: metadata)
        let error = #expect(throws: ModelError.self) {
            try CommandModel(bytes: file.bytes.span.bytes, name: "m")
        }
        #expect(
            error?.description
                == "m is not a usable model: it is a model of the kind 'pictures', expected a model of commands, which names single words"
        )
    }

    @Test func symbolsMustBeThoseOfTheNetwork() throws {
        refused(.badSymbols(reason: "2 symbols for 5 classes, expected one less")) {
            try make(symbols: SymbolTable(symbols: ["a", "b"]))
        }
        refused(.badSymbols(reason: "the symbol '1', expected letters, a blank or an apostrophe")) {
            try make(symbols: SymbolTable(symbols: ["1", "a", "b", "c"]))
        }
        refused(.badSymbols(reason: "the symbol '\\u{1B}', expected letters, a blank or an apostrophe")) {
            try make(symbols: SymbolTable(symbols: ["\u{1B}", "a", "b", "c"]))
        }
        refused(.badSymbols(reason: "the symbol 'ab', expected letters, a blank or an apostrophe")) {
            try make(symbols: SymbolTable(symbols: ["ab", "c", "d", "e"]))
        }
        refused(.badSymbols(reason: "the symbols 'b' and 'b' out of order")) {
            try make(symbols: SymbolTable(symbols: ["a", "b", "b", "c"]))
        }
    }

    @Test func theReadOutMustSpellAtEachStep() throws {
        var network = Self.network
        network.readOut = .last
        refused(.badNetwork(reason: "its read-out is last, expected frame")) { try make(network: network) }
    }

    @Test func speakersMustBePrintableAndInASplit() throws {
        refused(.badSpeakers(reason: "'anna' in the split 'nowhere'")) {
            try make(moved: [MovedSpeaker(speaker: "anna", split: "nowhere")])
        }
        refused(.badSpeakers(reason: "'\\n' in the split 'testing'")) {
            try make(moved: [MovedSpeaker(speaker: "\n", split: "testing")])
        }
    }

    /// Files of which single bytes were changed are read or refused, in one line.
    @Test func damagedFilesLoadOrAreRefused() throws {
        let refused = try refusals(ofDamaged: make().fileBytes) { bytes in
            _ = try SpeechModel(bytes: bytes.span.bytes, name: "m")
        }
        #expect(refused.count > 1_000)
        #expect(refused.longMessages.isEmpty)
    }
}
