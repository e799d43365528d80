import Foundation
import Testing

@testable import MynahEvaluation

@Suite struct TemperatureTests {
    @Test func agreesWithSciPy() throws {
        let golden = try Goldens.load().temperature
        let clips = zip(golden.truth, golden.posteriors).map { clip($0, $1) }
        let fit = try TemperatureFit(clips: clips, scoredAt: golden.scoredAt)
        #expect(isClose(Double(fit.temperature), golden.temperature, relative: 1e-5), "\(fit.temperature)")
        #expect(isClose(fit.meanLogLossBefore, golden.lossBefore, relative: 1e-6))
        #expect(isClose(fit.meanLogLoss, golden.loss, relative: 1e-6))
        #expect(fit.calibration.expectedError < fit.calibrationBefore.expectedError / 2)
        #expect(fit.clipCount == golden.truth.count)
    }

    /// Two labels, 0.8 for the one heard, right in three of four clips: the best temperature makes it 0.75.
    @Test func twoLabelsByHand() throws {
        let clips = [0, 0, 0, 1].map { clip($0, [0.8, 0.2]) }
        let fit = try TemperatureFit(clips: clips, scoredAt: 1)
        #expect(isClose(Double(fit.temperature), log(4) / log(3), relative: 1e-6))
        #expect(fit.calibration.expectedError < 1e-6)
    }

    /// What was scored at one temperature leads to the same as what was scored at another.
    @Test func theTemperatureOfScoringDoesNotMatter() throws {
        func clips(_ temperature: Double) -> [ScoredClip] {
            (0..<60).map { index in
                let weights = (0..<3).map { exp(Double((index * 7 + $0 * 5) % 11) / 3 / temperature) }
                let sum = weights.reduce(0, +)
                return clip(index % 3, weights.map { Float($0 / sum) })
            }
        }
        let first = try TemperatureFit(clips: clips(1), scoredAt: 1)
        let second = try TemperatureFit(clips: clips(2), scoredAt: 2)
        #expect(isClose(Double(first.temperature), Double(second.temperature), relative: 1e-4))
    }

    @Test func aProbabilityOfZeroIsNoObstacle() throws {
        let clips = [0, 0, 0, 1].map { clip($0, [1, 0]) }
        let fit = try TemperatureFit(clips: clips, scoredAt: 0.1)
        #expect(fit.meanLogLoss.isFinite && fit.meanLogLoss < fit.meanLogLossBefore)
    }

    @Test func withoutErrorsThereIsNoBestTemperature() {
        let clips = [0, 1].map { clip($0, $0 == 0 ? [0.9, 0.1] : [0.1, 0.9]) }
        let error = #expect(throws: EvaluationError.self) { try TemperatureFit(clips: clips, scoredAt: 1) }
        #expect(
            error?.description
                == "no temperature from 0.05 to 20.0 fits best to 2 clips of which 2 are right; "
                + "expected some right and some wrong ones")
        #expect(throws: EvaluationError.noClips) { try TemperatureFit(clips: [], scoredAt: 1) }
    }
}
