import MynahModel
import Testing

@testable import MynahEvaluation

@Suite struct EarlyCalibrationFitTests {
    @Test func agreesWithSciPy() throws {
        let golden = try Goldens.load().earlyCalibration
        let fit = try EarlyCalibrationFit(
            tracks: golden.posteriors, truth: golden.truth, unknown: golden.unknown, threads: 2
        ).calibration
        #expect(fit.temperatures.count == golden.temperatures.count)
        for (actual, expected) in zip(fit.temperatures, golden.temperatures) {
            #expect(isClose(Double(actual), expected, relative: 1e-3), "\(actual), expected \(expected)")
        }
        #expect(
            isClose(Double(fit.unknownOffset), golden.unknownOffset, relative: 2e-3), "\(fit.unknownOffset)")
    }

    /// Right in three of four clips, whatever is said of them: 0.8 becomes 0.75, and 0.6 too.
    @Test func twoLabelsByHand() throws {
        let tracks: [[[Float]]] = Array(repeating: [[0.6, 0.4], [0.8, 0.2]], count: 4)
        let fit = try EarlyCalibrationFit(tracks: tracks, truth: [0, 0, 0, 1], unknown: nil, threads: 1)
            .calibration
        #expect(fit.unknownOffset == 0)
        for (decision, said) in [[Float(0.6), 0.4], [0.8, 0.2]].enumerated() {
            var probabilities = said
            fit.apply(to: &probabilities, decision: decision, unknown: nil)
            #expect(abs(probabilities[0] - 0.75) < 1e-4)
        }
    }

    /// Without errors no temperature is low enough, and none beyond the allowed ones is taken.
    @Test func staysWithinWhatIsAllowed() throws {
        let tracks: [[[Float]]] = [[[0.9, 0.1]], [[0.2, 0.8]]]
        let fit = try EarlyCalibrationFit(tracks: tracks, truth: [0, 1], unknown: 1, threads: 1).calibration
        #expect(fit.temperatures.allSatisfy { $0 >= 0.05 && $0 < 0.051 })
        #expect(fit.unknownOffset.isFinite)
        #expect(throws: EvaluationError.noClips) {
            try EarlyCalibrationFit(tracks: [], truth: [], unknown: nil, threads: 1)
        }
    }
}
