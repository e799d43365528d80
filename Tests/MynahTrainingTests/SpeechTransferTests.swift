import MynahBase
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahRecognition
import Testing

@testable import MynahTraining

/// A training of commands that starts from a speech model.
@Suite struct SpeechTransferTests {
    private static func layers(batchNormalized: Bool = true) -> [LayerDescription] {
        [
            .convolution(
                ConvolutionDescription(
                    channels: 2, kernelFrames: 3, kernelBands: 5, frameStride: 2, bandStride: 4,
                    batchNormalized: batchNormalized)),
            .gru(hiddenSize: 6, bidirectional: false),
        ]
    }

    private let layers = Self.layers()

    private func speech(batchNormalized: Bool = true) throws -> SpeechModel {
        let layers = Self.layers(batchNormalized: batchNormalized)
        let frontEnd = FrontEndPreset.mynahMel.configuration()
        let symbols = SymbolTable(of: ["abc "])
        let network = NetworkDescription(
            inputSize: frontEnd.featureCount, layers: layers, readOut: .frame, classCount: symbols.classCount)
        var generator = SeededGenerator(seed: 2)
        return try SpeechModel(
            symbols: symbols, frontEnd: frontEnd,
            normalizer: FeatureNormalizer(
                mean: [Float](repeating: 0.25, count: frontEnd.featureCount),
                standardDeviation: [Float](repeating: 2, count: frontEnd.featureCount)),
            network: network, parameters: network.initialParameters(using: &generator).map { $0 + 0.001 },
            provenance: TrainingProvenance(
                seed: 1, commandLine: "none", data: .init(clips: []), dataHash: "00", splitRule: "none",
                mynahVersion: "0", date: "2025-01-31T12:00:00Z", epochCount: 1, bestEpoch: 1,
                validationAccuracy: .init(correct: 0, total: 1), settings: []))
    }

    /// The layers are those of the speech model, to the bit, but for the normalization, which a finished model has folded into them;
    /// read-out and output are those of a new network.
    @Test(arguments: [ReadOut.last, .mean, .attention(heads: 2, size: 4)])
    func theLayersAreTaken(_ readOut: ReadOut) throws {
        let speech = try speech(batchNormalized: false)
        var transfer = ModelTransfer()
        transfer.speech = speech
        let network = NetworkDescription(
            inputSize: speech.network.inputSize, layers: layers, readOut: readOut, classCount: 4)
        var generator = SeededGenerator(seed: 7)
        let initial = network.initialParameters(using: &generator)
        let parameters = try #require(
            transfer.startParameters(labels: ["a", "b", "c", "d"], network: network, initial: initial))
        let old = Dictionary(
            uniqueKeysWithValues: speech.network.parameterLayout.entries.map {
                ($0.name, speech.parameters[$0.range])
            })
        var layerCount = 0
        for entry in network.parameterLayout.entries {
            if case .layer = entry.part {
                let normalization: [String: Float] = [
                    "layers.0.mean": 0, "layers.0.variance": 1, "layers.0.scale": (1 + 1e-5).squareRoot(),
                ]
                let added = normalization[entry.name].map { [$0, $0][...] }
                #expect(
                    parameters[entry.range].elementsEqual(try #require(added ?? old[entry.name])),
                    "\(entry.name)")
                layerCount += 1
            } else {
                #expect(parameters[entry.range] == initial[entry.range], "\(entry.name)")
            }
        }
        #expect(layerCount > 6)
        #expect(transfer.normalizer == speech.normalizer)
        #expect(transfer.startModel?.hash == speech.hash)
    }

    @Test func whatDoesNotFitIsTold() throws {
        var transfer = ModelTransfer()
        transfer.speech = try speech()
        var plan = CommandTraining.Plan(
            frontEnd: FrontEndPreset.mynahMel.configuration(), layers: layers, readOut: .last)
        try transfer.check(plan, labels: ["a"])
        plan.layers = [.gru(hiddenSize: 6, bidirectional: false)]
        let layersDiffer = #expect(throws: TrainingError.self) { try transfer.check(plan, labels: ["a"]) }
        #expect(
            layersDiffer?.description
                == "the model that is the start does not fit: its layers are "
                + "\(layers.map(\.description).joined(separator: ",")), expected gru:6")
        // A finished model has its normalization folded.
        var folded = ModelTransfer()
        folded.speech = try speech(batchNormalized: false)
        plan.layers = layers
        try folded.check(plan, labels: ["a"])
        plan.layers = Self.layers(batchNormalized: false)
        try folded.check(plan, labels: ["a"])
        plan.layers = layers
        plan.frontEnd = FrontEndPreset.mynah.configuration()
        let frontEndDiffers = #expect(throws: ModelError.self) { try transfer.check(plan, labels: ["a"]) }
        #expect(frontEndDiffers?.description.hasPrefix("the model has another front end: ") == true)
    }

    /// A model of commands begins with the layers and the read-out of its start.
    @Test func commandsOfAnotherShapeAreTold() throws {
        let transfer = ModelTransfer(start: try .builtIn())
        let labels = try CommandModel.builtIn().labels
        let plan = CommandTraining.Plan(transfer: transfer)
        try transfer.check(plan, labels: labels)
        let tiny = CommandTraining.Plan(network: .tiny, transfer: transfer)
        let layers = #expect(throws: TrainingError.self) { try transfer.check(tiny, labels: labels) }
        #expect(
            layers?.description.hasPrefix(
                "the model that is the start does not fit: its layers are idct:40,conv:")
                == true)
        var last = plan
        last.readOut = .last
        let readOut = #expect(throws: TrainingError.self) { try transfer.check(last, labels: labels) }
        #expect(
            readOut?.description
                == "the model that is the start does not fit: its read-out is \(plan.readOut), expected last")
    }
}
