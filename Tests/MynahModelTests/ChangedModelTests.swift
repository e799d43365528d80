import Foundation
import MynahFeatures
import MynahNetwork
import Testing

@testable import MynahModel

/// Models that differ from another one in one part.
struct ChangedModelTests {
    private static let hash = String(repeating: "0a", count: 32)

    /// A causal model that has every part a model can have.
    private static func model() throws -> CommandModel {
        let network = NetworkDescription(
            inputSize: 3, layers: [.gru(hiddenSize: 2, bidirectional: false)], readOut: .mean, classCount: 3)
        return try CommandModel(
            labels: TinyModel.labels, frontEnd: TinyModel.frontEnd,
            normalizer: FeatureNormalizer(mean: [0.1, -2.7, 1e-7], standardDeviation: [0.3, 1.1, 3e8]),
            clipSampleCount: 800, network: network,
            parameters: [Float](repeating: 0.1, count: network.parameterLayout.parameterCount),
            provenance: TinyModel.provenance, temperature: 1.5,
            detection: DetectionSettings(threshold: 0.6, thresholds: ["größer": 0.9]),
            statePaths: StatePaths(
                center: [0.5, 0], axes: [[1, 0], [0, 1]],
                paths: [[.init(x: 0, y: 1)], [], [.init(x: 3, y: 4)]], clipCounts: [7, 0, 1]),
            earlyCalibration: EarlyCalibration(temperatures: [4, 2, 1], unknownOffset: -1.5)
        ).with(detection: DetectionSettings(threshold: 0.4), for: .lax)
            .with(detection: DetectionSettings(threshold: 0.8), for: .strict)
            .with(spellings: Spellings(speechModel: hash, words: ["größer": ["groser"]], written: []))
    }

    /// The parts of a model as they stand in its file, by their keys, and all of its weights under one more.
    private func parts(of model: CommandModel) throws -> [String: NSObject] {
        let header = try SafetensorsFile(bytes: model.fileBytes, name: "model").header
        let description = try #require(header.metadata["description"])
        let json = try JSONSerialization.jsonObject(with: Data(description.utf8))
        var parts = try #require(json as? [String: NSObject])
        parts["weights"] = NSArray(array: model.parameters.map { NSNumber(value: $0) })
        return parts
    }

    /// Each function, the part that it is for, and those that it must take away because they held for the old one.
    ///
    /// A part that a model gains later is compared without being named here, and must be given to `model()`.
    @Test(arguments: [
        ("temperature", ["detection", "laxDetection", "strictDetection", "earlyCalibration"]),
        ("detection", []), ("laxDetection", []), ("strictDetection", []), ("statePaths", []),
        ("earlyCalibration", []), ("spellings", []), ("provenance", []),
    ])
    func everyOtherPartStays(part: String, removed: [String]) throws {
        let model = try Self.model()
        let before = try parts(of: model)
        for child in Mirror(reflecting: model.description).children {
            let name = try #require(child.label)
            #expect(before[name] != nil, "the model of this test has no \(name)")
        }
        let changes: [CommandModel] =
            switch part {
            case "temperature": [try model.with(temperature: 3)]
            case "detection":
                [try model.with(detection: nil), try model.with(detection: DetectionSettings())]
            case "laxDetection": [try model.with(detection: nil, for: .lax)]
            case "strictDetection": [try model.with(detection: DetectionSettings(), for: .strict)]
            case "statePaths": [try model.with(statePaths: nil)]
            case "provenance": [try model.with(validationAccuracy: .init(correct: 1, total: 2))]
            case "spellings":
                [
                    try model.with(spellings: nil),
                    try model.with(spellings: Spellings(speechModel: Self.hash, words: [:])),
                ]
            default:
                [
                    try model.with(earlyCalibration: nil),
                    try model.with(
                        earlyCalibration: EarlyCalibration(temperatures: [1, 1, 1], unknownOffset: 0)),
                ]
            }
        for changed in changes {
            let after = try parts(of: changed)
            #expect(Set(after.keys).isSubset(of: before.keys))
            #expect(Set(before.keys.filter { before[$0] != after[$0] }) == Set(removed + [part]))
            #expect(removed.allSatisfy { after[$0] == nil })
        }
    }
}
