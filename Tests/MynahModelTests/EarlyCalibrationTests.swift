import Glibc
import MynahFeatures
import MynahNetwork
import Testing

@testable import MynahModel

/// The calibration of clips that are not over: what it makes of posteriors, and its way through a model file.
struct EarlyCalibrationTests {
    /// A model that is causal, and decides once in each of the 3 frames of its clip.
    private static func model() throws -> CommandModel {
        let network = NetworkDescription(
            inputSize: 3, layers: [.gru(hiddenSize: 2, bidirectional: false)], readOut: .mean, classCount: 3)
        return try TinyModel.make(
            clipSampleCount: 800, network: network,
            parameters: [Float](repeating: 0.1, count: network.parameterLayout.parameterCount))
    }

    private static let calibration = EarlyCalibration(temperatures: [4, 2, 1], unknownOffset: -1.5)

    @Test func surviveTheFile() throws {
        let model = try Self.model()
        #expect(model.earlyCalibration == nil)
        let read = try CommandModel(
            bytes: try model.with(earlyCalibration: Self.calibration).fileBytes.span.bytes, name: "m")
        #expect(read.earlyCalibration == Self.calibration)
        #expect(try read.with(detection: DetectionSettings()).earlyCalibration == Self.calibration)
        #expect(try read.with(statePaths: nil).earlyCalibration == Self.calibration)
        // It holds for the posteriors of one temperature only.
        #expect(try read.with(temperature: 2).earlyCalibration == nil)
        #expect(try read.with(earlyCalibration: nil).fileBytes == model.fileBytes)
    }

    /// The square root of 0.64, 0.32 and 0.04, the second being four times less probable.
    @Test func probabilitiesByHand() {
        let calibration = EarlyCalibration(temperatures: [1, 2], unknownOffset: -logf(4))
        for decision in [1, 2, 100] {
            var probabilities: [Float] = [0.64, 0.32, 0.04]
            calibration.apply(to: &probabilities, decision: decision, unknown: 1)
            let expected: [Float] = [0.8, 0.1414_2136, 0.2].map { $0 / 1.1414_2136 }
            for (actual, expected) in zip(probabilities, expected) { #expect(abs(actual - expected) < 1e-6) }
        }
        var first: [Float] = [0.64, 0.32, 0.04]
        calibration.apply(to: &first, decision: 0, unknown: nil)
        for (actual, expected) in zip(first, [0.64, 0.32, 0.04]) {
            #expect(abs(actual - Float(expected)) < 1e-6)
        }
    }

    @Test func oddPosteriors() {
        for posteriors in [[0, 1, 0], [.nan, 0.5, .nan], [0, 0, 0], [Float](repeating: .nan, count: 3)] {
            var probabilities: [Float] = posteriors
            Self.calibration.apply(to: &probabilities, decision: 0, unknown: 1)
            #expect(probabilities.allSatisfy { $0 >= 0 && $0 <= 1 })
            #expect(abs(probabilities.reduce(0, +) - 1) < 1e-5)
        }
    }

    @Test(arguments: [
        (
            EarlyCalibration(temperatures: [1, 1], unknownOffset: 0),
            "temperatures of 2 decisions, expected 3"
        ),
        (EarlyCalibration(temperatures: [], unknownOffset: 0), "temperatures of 0 decisions, expected 3"),
        (
            EarlyCalibration(temperatures: [1, 0, 1], unknownOffset: 0),
            "a temperature is 0.0, expected 0.05 to 20.0"
        ),
        (
            EarlyCalibration(temperatures: [1, 1, .nan], unknownOffset: 0),
            "a temperature is nan, expected 0.05 to 20.0"
        ),
        (
            EarlyCalibration(temperatures: [1, 1, 1], unknownOffset: 21),
            "the offset is 21.0, expected -20.0 to 20.0"
        ),
        (
            EarlyCalibration(temperatures: [1, 1, 1], unknownOffset: .nan),
            "the offset is nan, expected -20.0 to 20.0"
        ),
    ])
    func lies(calibration: EarlyCalibration, reason: String) throws {
        let model = try Self.model()
        let error = #expect(throws: ModelError.self) { try model.with(earlyCalibration: calibration) }
        #expect(error == .invalidModel(file: nil, fault: .badEarlyCalibration(reason: reason)))
    }

    @Test func aModelThatNeedsTheFutureHasNone() throws {
        let error = #expect(throws: ModelError.self) {
            try TinyModel.make().with(earlyCalibration: Self.calibration)
        }
        #expect(
            error
                == .invalidModel(
                    file: nil,
                    fault: .badEarlyCalibration(reason: "the network knows nothing before the end of a clip"))
        )
    }
}
