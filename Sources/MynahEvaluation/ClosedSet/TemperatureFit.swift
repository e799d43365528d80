import Glibc
import MynahModel

/// The temperature at which a model's probabilities fit best to what was said.
///
/// It minimizes the mean of −ln p of the true label over clips that the model has not learned from. Source: C. Guo et al., "On calibration of
/// modern neural networks", ICML 2017, section 4.2.
package struct TemperatureFit: Codable, Hashable, Sendable {
    /// What to divide the logits by, in `CommandModel.allowedTemperatures`.
    package let temperature: Float

    /// The mean of −ln p of the true label at the temperature that the clips were scored with, in nats.
    package let meanLogLossBefore: Double

    /// The mean of −ln p of the true label at `temperature`, in nats; at most `meanLogLossBefore`.
    package let meanLogLoss: Double

    /// The calibration at the temperature that the clips were scored with.
    package let calibrationBefore: Calibration

    /// The calibration at `temperature`.
    package let calibration: Calibration

    /// The number of clips.
    package let clipCount: Int

    /// Fits to clips that a model of a temperature has scored.
    ///
    /// - Throws: `EvaluationError.noClips`, or `.noTemperature` when the best one is out of range, for instance because
    ///   every clip is right, so that it could not be low enough.
    package init(clips: [ScoredClip], scoredAt scoringTemperature: Float) throws(EvaluationError) {
        guard !clips.isEmpty else { throw .noClips }
        let rows = clips.map { LogitRow($0, scoredAt: scoringTemperature) }
        let allowed = CommandModel.allowedTemperatures
        guard let temperature = LogitRow.bestTemperature(of: rows, in: allowed) else {
            throw .noTemperature(
                correctCount: clips.count(where: \.isCorrect), clipCount: clips.count, allowed: allowed)
        }
        self.temperature = temperature

        let (before, after) = (1 / Double(scoringTemperature), 1 / Double(temperature))
        func meanLoss(_ inverse: Double) -> Double {
            rows.reduce(0) { $0 + $1.loss(inverseTemperature: inverse) } / Double(rows.count)
        }
        func calibration(_ inverse: Double) -> Calibration {
            Calibration(
                outcomes: zip(clips, rows).map { clip, row in
                    (
                        confidence: Float(row.confidence(inverseTemperature: inverse)),
                        isCorrect: clip.isCorrect
                    )
                })
        }
        (meanLogLossBefore, meanLogLoss) = (meanLoss(before), meanLoss(after))
        (calibrationBefore, self.calibration) = (calibration(before), calibration(after))
        clipCount = clips.count
    }
}

extension LogitRow {
    /// A probability that was rounded to 0 counts as the smallest normal number.
    fileprivate init(_ clip: ScoredClip, scoredAt temperature: Float) {
        self.init(
            clip.posteriors.map { Double(temperature) * log(Double(max($0, .leastNormalMagnitude))) },
            label: clip.label)
    }
}
