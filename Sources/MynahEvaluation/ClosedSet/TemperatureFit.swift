import Glibc
import MynahModel

/// The temperature at which a model's probabilities fit best to what was said.
///
/// It minimizes the mean of −ln p of the true label over clips that the model has not learned from. The sum over clips
/// is convex in 1/T, so there is one minimum, found by bisection of the slope. Source: C. Guo et al., "On calibration of
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
        func slope(_ inverse: Double) -> Double {
            rows.reduce(0) { $0 + $1.slope(inverseTemperature: inverse) }
        }
        var (lower, upper) = (1 / Double(allowed.upperBound), 1 / Double(allowed.lowerBound))
        guard slope(lower) < 0, slope(upper) > 0 else {
            throw .noTemperature(
                correctCount: clips.count(where: \.isCorrect), clipCount: clips.count, allowed: allowed)
        }
        // Fifty halvings leave far less than the precision of the result.
        for _ in 0..<50 {
            let middle = (lower + upper) / 2
            if slope(middle) < 0 { lower = middle } else { upper = middle }
        }
        temperature = Float(2 / (lower + upper))

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

/// The logits of a clip, but for a constant that changes no probability.
private struct LogitRow {
    /// `[C]`, the largest being 0.
    let logits: [Double]
    let label: Int

    /// A probability that was rounded to 0 counts as the smallest normal number.
    init(_ clip: ScoredClip, scoredAt temperature: Float) {
        let logs = clip.posteriors.map {
            Double(temperature) * log(Double(max($0, .leastNormalMagnitude)))
        }
        let largest = logs.max() ?? 0
        logits = logs.map { $0 - largest }
        label = clip.label
    }

    func loss(inverseTemperature: Double) -> Double {
        log(logits.reduce(0) { $0 + exp($1 * inverseTemperature) }) - logits[label] * inverseTemperature
    }

    /// The derivative of the loss by 1/T: the mean logit under the probabilities, less that of the true label.
    func slope(inverseTemperature: Double) -> Double {
        var (sum, weighted) = (0.0, 0.0)
        for logit in logits {
            let weight = exp(logit * inverseTemperature)
            sum += weight
            weighted += weight * logit
        }
        return weighted / sum - logits[label]
    }

    /// The probability of the most probable label.
    func confidence(inverseTemperature: Double) -> Double {
        1 / logits.reduce(0) { $0 + exp($1 * inverseTemperature) }
    }
}
