import Foundation
import MynahBase
import MynahFeatures
import MynahNetwork
import Testing

@testable import MynahModel

/// A model of three classes that is small enough to be spoilt in every way.
enum TinyModel {
    static let frontEnd: FrontEndConfiguration = {
        var frontEnd = FrontEndPreset.mynah.configuration()
        frontEnd.cepstrum?.coefficientCount = 3
        return frontEnd
    }()

    static let network = NetworkDescription(
        inputSize: 3, layers: [.gru(hiddenSize: 2, bidirectional: true)], readOut: .mean, classCount: 3)

    static let labels = ["_silence_", "_unknown_", "größer"]

    static let provenance = provenance()

    static func provenance(
        dataHash: String = "00ff", attribution: String = "CC BY 4.0"
    ) -> TrainingProvenance {
        TrainingProvenance(
            seed: .max, commandLine: "mynah train words --output \"model.safetensors\"",
            data: .init(clips: [.init(label: "größer", training: 8, validation: 1, testing: 1)]),
            dataHash: dataHash, splitRule: "hash of the speaker", mynahVersion: "0.1",
            date: "2025-01-31T12:00:00Z",
            epochCount: 12, bestEpoch: 9, validationAccuracy: .init(correct: 97, total: 100),
            settings: [.init(name: "batch size (clips)", value: "100"), .init(name: "areas", value: "a/b")],
            attribution: attribution)
    }

    /// Values whose bits survive only if nothing rounds them, among them the smallest and the largest.
    static let parameters: [Float] = {
        var generator = SeededGenerator(seed: 7)
        var values = (0..<network.parameterLayout.parameterCount).map { _ in generator.uniform() - 0.5 }
        values[0] = -0.0
        values[1] = .leastNonzeroMagnitude
        values[2] = .greatestFiniteMagnitude
        return values
    }()

    static func make(
        labels: [String] = labels, clipSampleCount: Int = 16_000, network: NetworkDescription = network,
        parameters: [Float] = parameters, provenance: TrainingProvenance = provenance
    ) throws(ModelError) -> CommandModel {
        try CommandModel(
            labels: labels, frontEnd: frontEnd,
            normalizer: FeatureNormalizer(mean: [0.1, -2.7, 1e-7], standardDeviation: [0.3, 1.1, 3e8]),
            clipSampleCount: clipSampleCount, network: network, parameters: parameters, provenance: provenance
        )
    }

    /// The tensors of the model, for files that are put together by hand.
    static var tensors: [SafetensorsFile.NamedTensor] {
        network.parameterLayout.entries.map {
            .init(name: $0.name, shape: $0.shape, values: parameters[$0.range])
        }
    }

    /// The metadata of the model, with one piece of the description replaced by another.
    static func metadata(
        replacing old: String = "", by new: String = ""
    ) throws -> [String: String] {
        var metadata = try SafetensorsFile(bytes: make().fileBytes, name: "tiny").header.metadata
        let description = try #require(metadata["description"])
        if !old.isEmpty {
            guard description.contains(old) else { throw Missing(text: old, description: description) }
            metadata["description"] = description.replacingOccurrences(of: old, with: new)
        }
        return metadata
    }

    struct Missing: Error {
        let text: String
        let description: String
    }
}

/// A file of the safetensors format from a header written by hand.
func safetensors(header: String, dataByteCount: Int) -> [UInt8] {
    safetensors(header: Array(header.utf8), dataByteCount: dataByteCount)
}

/// A file of the safetensors format from a header written by hand.
func safetensors(header: [UInt8], dataByteCount: Int) -> [UInt8] {
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    return length + header + [UInt8](repeating: 0, count: dataByteCount)
}

/// The file of this name in the folder of fixtures.
func fixture(_ name: String) throws -> String {
    try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil)).path
}
