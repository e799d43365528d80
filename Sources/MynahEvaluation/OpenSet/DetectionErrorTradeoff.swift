import MynahBase
import MynahData
package import MynahModel
import MynahRecognition

/// Missed words against false alarms, over the thresholds: the DET curve.
///
/// Source: Martin et al., "The DET curve in assessment of detection task performance", Eurospeech 1997.
package struct DetectionErrorTradeoff: Codable, Hashable, Sendable {
    /// What one threshold, the same for all words, gives.
    package struct Point: Codable, Hashable, Sendable {
        /// The threshold.
        package let threshold: Float

        /// The score at this threshold.
        package let score: OpenSetScore
    }

    /// What is missed within a budget of false alarms.
    package struct OperatingPoint: Codable, Hashable, Sendable {
        /// False alarms per hour that are allowed.
        package let budgetPerHour: Double

        /// The threshold with the fewest misses within the budget, the highest of equals; nil if there is none.
        package let threshold: Float?

        /// Share of words missed there.
        package let misses: Proportion?

        /// False alarms there; nil if no threshold keeps within the budget.
        package let falseAlarms: EventRate?
    }

    /// The thresholds that are tried; closer to each other towards 1, where a sure network's posteriors lie.
    package static let thresholds: [Float] =
        (2...36).map { Float($0) / 40 } + [
            0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99, 0.995, 0.999,
            0.9995, 0.9998, 0.9999, 0.99995, 0.99999,
        ]

    /// False alarms per hour at which misses are reported.
    package static let budgetsPerHour = [0.1, 0.5, 1]

    /// Share of missed words at which false alarms are reported.
    package static let missTarget = 0.05

    /// One point for each threshold, in rising order.
    package let points: [Point]

    /// What is missed within each budget.
    package let operatingPoints: [OperatingPoint]

    /// Scores every threshold.
    ///
    /// - Parameters:
    ///   - tracks: recordings with equal labels.
    ///   - settings: those of the decoder, of which the thresholds are replaced.
    ///   - thresholds: in rising order.
    ///   - threads: how many thresholds are scored at a time.
    package init(
        _ tracks: [PosteriorTrack], settings: DetectionSettings, thresholds: [Float] = thresholds,
        threads: Int
    ) {
        points = concurrentMap(thresholds.count, threads: threads) { index in
            var settings = settings
            settings.threshold = thresholds[index]
            settings.thresholds = [:]
            return Point(threshold: thresholds[index], score: OpenSetScore(tracks, settings: settings))
        }
        operatingPoints = Self.budgetsPerHour.map { [points] in Self.operatingPoint(points, budget: $0) }
    }

    /// The point with the fewest false alarms of those that miss no more than ``missTarget``, the highest of equals.
    ///
    /// Nil if there is none, or if no word was said.
    package var pointAtMissTarget: Point? {
        points.reversed().filter { ($0.score.misses?.value ?? 1) <= Self.missTarget }
            .min { $0.score.falseAlarms.count < $1.score.falseAlarms.count }
    }

    private static func operatingPoint(_ points: [Point], budget: Double) -> OperatingPoint {
        let allowed = points.filter { $0.score.falseAlarms.perHour <= budget }
        let best = allowed.reversed().min {
            ($0.score.misses?.count ?? 0) < ($1.score.misses?.count ?? 0)
        }
        return OperatingPoint(
            budgetPerHour: budget, threshold: best?.threshold, misses: best?.score.misses,
            falseAlarms: best?.score.falseAlarms)
    }
}
