import FoundationEssentials
import MynahBase
package import MynahFeatures
package import MynahModel
package import MynahNetwork

/// Spoils model files field by field, and gives a network that was changed the weights that it needs: what such a file
/// says is then believed by all that only compare its parts, and whoever uses it must be ready for its sizes.
package struct ModelMutator: Sendable {
    /// Most weights that a changed network gets.
    private static let largestNetwork = 50_000

    private let mutator: SafetensorsMutator

    /// Takes the files of sound models.
    package init(originals: [[UInt8]]) {
        mutator = SafetensorsMutator(originals: originals)
    }

    /// A spoilt copy of one of the originals.
    package func mutatedFile(using generator: inout some RandomNumberGenerator) -> [UInt8] {
        let mends = Int.random(in: 0..<4, using: &generator) > 0
        let seed = UInt64.random(in: 0...(.max), using: &generator)
        return mutator.mutatedFile(using: &generator) { parts in
            if mends { Self.mend(&parts, seed: seed) }
        }
    }

    /// The parts of a description that others must agree with.
    private struct Description: Decodable {
        let frontEnd: FrontEndConfiguration
        let network: NetworkDescription
    }

    /// Puts the hash of the front end right, and the weights of the network.
    private static func mend(_ parts: inout SafetensorsParts, seed: UInt64) {
        guard let text = parts.metadata["description"], case .object(var values) = JSONValue(parsing: text),
            let description = try? JSONDecoder().decode(Description.self, from: Data(text.utf8))
        else { return }
        if (try? description.frontEnd.validate()) != nil {
            values["frontEndHash"] = .string(description.frontEnd.settingsHash)
            parts.metadata["description"] = JSONValue.object(values).text
        }
        let network = description.network
        guard (try? network.validate()) != nil else { return }
        let layout = network.parameterLayout
        guard layout.parameterCount <= largestNetwork else { return }
        let known = Dictionary(parts.tensors.map { ($0.name, $0.shape) }) { first, _ in first }
        guard
            layout.entries.contains(where: { known[$0.name] != nil && known[$0.name] != $0.shape })
                || layout.entries.count != parts.tensors.count
        else { return }
        var generator = SeededGenerator(seed: seed)
        parts.tensors = layout.entries.map { entry in
            let bytes = entry.range.flatMap { _ in
                withUnsafeBytes(of: (2 * generator.uniform() - 1).bitPattern.littleEndian) { Array($0) }
            }
            return .init(name: entry.name, dataType: "F32", shape: entry.shape, bytes: bytes)
        }
    }
}

extension ModelMutator {
    private static let convolution = LayerDescription.convolution(
        ConvolutionDescription(
            channels: 2, kernelFrames: 3, kernelBands: 3, frameStride: 2, bandStride: 4,
            batchNormalized: false))

    /// The files of small models of every kind of layer and read-out, with all that a model may carry.
    package static func smallModels() throws(ModelError) -> [[UInt8]] {
        let shapes: [([LayerDescription], ReadOut)] = [
            ([convolution, .gru(hiddenSize: 4, bidirectional: false)], .attention(heads: 2, size: 3)),
            (
                [
                    .recurrent(.init(cell: .lstm, hiddenSize: 3)),
                    .gru(hiddenSize: 3, bidirectional: false, residual: true),
                ], .mean
            ),
            ([.gru(hiddenSize: 3, bidirectional: true)], .last),
        ]
        var files: [[UInt8]] = []
        for (layers, readOut) in shapes {
            var model = try smallModel(layers: layers, readOut: readOut).with(
                spellings: Spellings(
                    speechModel: String(repeating: "0a", count: 32), words: ["go": ["gou", "co"]],
                    written: ["go"]))
            let steps = model.network.stepCount(
                frameCount: model.frontEnd.frameCount(sampleCount: model.clipSampleCount))
            if model.network.isCausal {
                model = try model.with(
                    earlyCalibration: EarlyCalibration(
                        temperatures: [Float](repeating: 1.5, count: steps), unknownOffset: -0.5))
            }
            files.append(model.fileBytes)
        }
        return files
    }

    /// A small model over windows of a quarter of a second.
    package static func smallModel(
        layers: [LayerDescription]? = nil, readOut: ReadOut = .mean, clipSampleCount: Int = 4_000,
        changing change: (inout FrontEndConfiguration) -> Void = { _ in }
    ) throws(ModelError) -> CommandModel {
        var frontEnd = FrontEndPreset.mynahMel.configuration()
        change(&frontEnd)
        let network = NetworkDescription(
            inputSize: frontEnd.featureCount,
            layers: layers ?? [convolution, .gru(hiddenSize: 4, bidirectional: false)], readOut: readOut,
            classCount: 3)
        var generator = SeededGenerator(seed: 1)
        return try CommandModel(
            labels: ["_silence_", "_unknown_", "go"], frontEnd: frontEnd,
            normalizer: FeatureNormalizer(
                mean: [Float](repeating: 0, count: frontEnd.featureCount),
                standardDeviation: [Float](repeating: 2, count: frontEnd.featureCount)),
            clipSampleCount: clipSampleCount, network: network,
            parameters: network.initialParameters(using: &generator),
            provenance: TrainingProvenance(
                seed: 1, commandLine: "none", data: .init(clips: []), dataHash: "00", splitRule: "none",
                mynahVersion: "0", date: "2025-01-31T12:00:00Z", epochCount: 1, bestEpoch: 1,
                validationAccuracy: .init(correct: 0, total: 1), settings: [], attribution: nil),
            detection: DetectionSettings())
    }
}
