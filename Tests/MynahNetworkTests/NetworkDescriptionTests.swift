import Foundation
import MynahNetwork
import Testing

@Suite struct NetworkDescriptionTests {
    @Test(arguments: [
        "gru:128", "bilstm:64", "mingru:32:residual", "elman:3", "conv:16:5x8:2x3", "conv:4:1x1:1x1",
    ])
    func aLayerSurvivesTextAndJSON(_ text: String) throws {
        let layer = try LayerDescription(parsing: text)
        #expect(layer.description == text)
        #expect(try JSONDecoder().decode(LayerDescription.self, from: JSONEncoder().encode(layer)) == layer)
    }

    @Test func shortFormsAreRead() throws {
        #expect(try LayerDescription(parsing: "96").description == "gru:96")
        #expect(try LayerDescription(parsing: "conv:8:3x3").description == "conv:8:3x3:1x1")
    }

    @Test(arguments: [
        "", "gru", "gru:", "gru:x", "rnn:5", "gru:5:", "gru:5:twice", "gru:5:residual:residual", "conv:8",
        "conv:8:3",
        "conv:8:3x", "conv:8:3x3x3", "conv:8:3x3:2", "biconv:8:3x3", "bi:3", ":3",
    ])
    func anythingElseIsRefused(_ text: String) {
        #expect(throws: NetworkError.unreadableLayer(text: text)) { try LayerDescription(parsing: text) }
    }

    @Test(arguments: ["last", "mean", "attention:4:64"])
    func aReadOutSurvivesTextAndJSON(_ text: String) throws {
        let readOut = try ReadOut(parsing: text)
        #expect(readOut.description == text)
        #expect(try JSONDecoder().decode(ReadOut.self, from: JSONEncoder().encode(readOut)) == readOut)
    }

    @Test(arguments: ["", "max", "attention", "attention:4", "attention:a:b", "mean:1"])
    func noOtherReadOutIsRead(_ text: String) {
        #expect(throws: NetworkError.unreadableReadOut(text: text)) { try ReadOut(parsing: text) }
    }

    @Test(arguments: NetworkPreset.allCases)
    func aPresetCanBeBuilt(_ preset: NetworkPreset) throws {
        let network = NetworkDescription(
            inputSize: 40, layers: preset.layers, readOut: preset.readOut, classCount: 12)
        try network.validate()
        let limit =
            switch preset {
            case .tiny: 30_000
            case .commands: 300_000
            case .best: 1_000_000
            case .elman, .lstm, .gru, .minGRU, .crnn: 170_000
            }
        let count = network.parameterLayout.parameterCount
        #expect(count <= limit)
        if limit == 170_000 { #expect(count >= 155_000) }
        #expect(network.isCausal == (preset != .best))
    }

    @Test func sizesAndProductsAreCountedByHand() throws {
        let network = NetworkDescription(
            inputSize: 10,
            layers: [
                try LayerDescription(parsing: "conv:3:4x5:2x2"),
                try LayerDescription(parsing: "conv:2:3x1:1x1"),
                try LayerDescription(parsing: "gru:7"),
            ], readOut: .attention(heads: 2, size: 4), classCount: 3)
        #expect(network.timeStride == 2)
        #expect(network.stepCount(frameCount: 9) == 4)
        #expect(network.stateSize == 7)
        #expect(network.readOutSize == 14)
        // Per step of two frames: 5 bands of 3 filters over 4·5 values, 5 of 2 over 3·3, the gates, the attention.
        #expect(
            network.multiplyAccumulatesPerFrame == (15 * 20 + 10 * 9 + 21 * (10 + 7) + 4 * (7 + 2) + 1) / 2)
        let names = network.parameterLayout.entries.map { "\($0.name) \($0.shape)" }
        #expect(names.first == "layers.0.filters [3, 4, 5, 1]")
        #expect(names.contains("layers.1.filters [2, 3, 1, 3]"))
        #expect(names.contains("layers.2.forward.inputWeights [21, 10]"))
    }

    @Test func impossibleNetworksAreRefused() throws {
        func validate(_ layers: String, readOut: ReadOut = .last) throws {
            try NetworkDescription(
                inputSize: 10,
                layers: layers.split(separator: ",").map { try LayerDescription(parsing: String($0)) },
                readOut: readOut, classCount: 3
            ).validate()
        }
        #expect(throws: NetworkError.convolutionBehindRecurrence(layer: 1)) {
            try validate("gru:4,conv:2:3x3")
        }
        #expect(throws: NetworkError.residualSize(layer: 0, input: 10, output: 4)) {
            try validate("gru:4:residual")
        }
        #expect(throws: NetworkError.self) { try validate("conv:2:1x3:2x1,gru:4") }
        #expect(throws: NetworkError.self) { try validate("gru:4", readOut: .attention(heads: 0, size: 3)) }
        #expect(throws: NetworkError.self) { try validate("conv:1024:64x4096:1x1,gru:4096") }
    }
}
