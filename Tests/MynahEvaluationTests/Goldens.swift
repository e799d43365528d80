import Foundation

/// The values in `Fixtures/statistics.json`.
struct Goldens: Decodable {
    struct Wilson: Decodable { var count, total: Int, lower, upper: Double }
    struct Poisson: Decodable { var count: Int, lower, upper: Double }
    struct McNemar: Decodable { var first, second: Int, pValue: Double }
    struct QuantileCase: Decodable { var sample: [Double], probability, value: Double }
    struct Bootstrap: Decodable { var corrects, totals: [Double], lower, upper: Double }
    struct ExpandedTail: Decodable { var clusters: Int, tail: Double }
    struct ClosedSet: Decodable {
        var truth: [Int]
        var posteriors: [[Float]]
        var correct: Int
        var confusion: [[Int]]
        var precision, recall, f1, f1Lower, f1Upper: [Double?]
        var macroF1, logLoss, expectedError, maximumError: Double
    }

    struct Temperature: Decodable {
        var truth: [Int]
        var scoredAt: Float
        var posteriors: [[Float]]
        var temperature, lossBefore, loss: Double
    }

    struct Early: Decodable {
        var truth: [Int]
        var unknown: Int
        var posteriors: [[[Float]]]
        var temperatures: [Double]
        var unknownOffset: Double
    }

    var wilson: [Wilson]
    var poisson: [Poisson]
    var mcNemar: [McNemar]
    var quantiles: [QuantileCase]
    var expandedTails: [ExpandedTail]
    var bootstrap: Bootstrap
    var closedSet: ClosedSet
    var temperature: Temperature
    var earlyCalibration: Early

    static func load() throws -> Goldens {
        struct Missing: Error {}
        guard
            let url = Bundle.module.url(
                forResource: "statistics", withExtension: "json", subdirectory: "Fixtures")
        else { throw Missing() }
        return try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: url))
    }
}

/// Whether two numbers agree to a relative tolerance.
func isClose(_ actual: Double, _ expected: Double, relative: Double = 1e-12) -> Bool {
    abs(actual - expected) <= relative * max(1e-300, abs(expected))
}
