import Glibc
import MynahBase
import MynahData
import MynahModel

/// The calibration at which the true labels of clips are most probable, at all decisions together.
///
/// The mean of −ln p of the true label is convex in the inverse temperatures and the offset of `_unknown_`, so there is one
/// minimum. It is looked for along one coordinate after the other, each by bisection of the slope; the temperatures of the
/// decisions do not depend on each other.
struct EarlyCalibrationFit {
    /// The calibration.
    let calibration: EarlyCalibration

    /// Rounds over all coordinates; the offset then changes by less than 0.001.
    private static let roundCount = 12

    /// Fits to clips.
    ///
    /// - Parameters:
    ///   - tracks: `[N][T][C]`, the posteriors at each decision of each clip, all of the same length.
    ///   - truth: `[N]`, their labels.
    ///   - unknown: index of `_unknown_`, if it is a label.
    init(
        tracks: [[[Float]]], truth: [Int], unknown: Int?, threads: Int
    ) throws(EvaluationError) {
        guard let decisionCount = tracks.first?.count, decisionCount > 0 else { throw .noClips }
        let decisions = concurrentMap(decisionCount, threads: threads) { decision in
            DecisionRows(tracks.map { $0[decision] }, truth: truth, unknown: unknown)
        }
        let allowed = CommandModel.allowedTemperatures
        let inverses = 1 / Double(allowed.upperBound)...1 / Double(allowed.lowerBound)
        var scales = [Double](repeating: 1, count: decisionCount)
        var offset = 0.0
        for _ in 0..<(unknown == nil ? 1 : Self.roundCount) {
            scales = concurrentMap(decisionCount, threads: threads) { [offset] decision in
                Self.bisect(inverses) { decisions[decision].slopes(scale: $0, offset: offset).scale }
            }
            guard unknown != nil else { break }
            offset = Self.bisect(-10...10) { offset in
                let slopes = concurrentMap(decisionCount, threads: threads) { [scales] decision in
                    decisions[decision].slopes(scale: scales[decision], offset: offset).offset
                }
                return slopes.reduce(0, +)
            }
        }
        calibration = EarlyCalibration(
            temperatures: scales.map { min(max(Float(1 / $0), allowed.lowerBound), allowed.upperBound) },
            unknownOffset: Float(offset))
    }

    /// Where a slope that rises changes its sign, or the end that comes nearest to it.
    private static func bisect(_ range: ClosedRange<Double>, _ slope: (Double) -> Double) -> Double {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        for _ in 0..<20 {
            let middle = (lower + upper) / 2
            if slope(middle) < 0 { lower = middle } else { upper = middle }
        }
        return (lower + upper) / 2
    }
}

/// What a network said of all clips at one decision, as logarithms.
private struct DecisionRows: Sendable {
    /// `[N, C]`, the largest of each row being 0.
    private var logits: [Double] = []
    private let classCount: Int
    private let truth: [Int]
    private let unknown: Int?

    init(_ posteriors: [[Float]], truth: [Int], unknown: Int?) {
        classCount = posteriors.first?.count ?? 0
        self.truth = truth
        self.unknown = unknown
        for row in posteriors {
            let logs = row.map { log(Double(max($0, .leastNormalMagnitude))) }
            let largest = logs.max() ?? 0
            logits += logs.map { $0 - largest }
        }
    }

    /// The derivatives of the summed loss by the inverse temperature and by the offset of `_unknown_`.
    func slopes(scale: Double, offset: Double) -> (scale: Double, offset: Double) {
        var slopes = (scale: 0.0, offset: 0.0)
        for (clip, label) in truth.enumerated() {
            let row = clip * classCount..<(clip + 1) * classCount
            var (sum, weighted, unknownWeight) = (0.0, 0.0, 0.0)
            for (index, place) in row.enumerated() {
                let isUnknown = index == unknown
                let weight = exp(logits[place] * scale + (isUnknown ? offset : 0))
                sum += weight
                weighted += weight * logits[place]
                if isUnknown { unknownWeight = weight }
            }
            slopes.scale += weighted / sum - logits[row.lowerBound + label]
            slopes.offset += unknownWeight / sum - (label == unknown ? 1 : 0)
        }
        return slopes
    }
}
