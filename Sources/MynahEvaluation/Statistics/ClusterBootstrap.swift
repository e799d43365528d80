import MynahNetwork

/// The bootstrap over clusters: whole speakers are drawn with replacement, never single clips.
///
/// Clips of one speaker resemble each other, so that an interval that takes them for independent is too narrow.
/// Source: B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", 1993, percentile interval;
/// clusters as in Davison and Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8.
public struct ClusterBootstrap: Hashable, Sendable {
    /// Seed of the draws; the same seed gives the same interval on every machine.
    public let seed: UInt64

    /// How many times the clusters are drawn, at least 1.
    public let replicateCount: Int

    /// A bootstrap of `replicateCount` draws.
    public init(seed: UInt64, replicateCount: Int = 2_000) {
        precondition(replicateCount > 0, "\(replicateCount) replicates, expected at least 1")
        self.seed = seed
        self.replicateCount = replicateCount
    }

    /// The percentile interval of Σ numerators / Σ denominators.
    ///
    /// - Parameters:
    ///   - numerators: One value per cluster, for instance its correct clips.
    ///   - denominators: One positive value per cluster, for instance its clips.
    /// - Returns: Limits of the ratio; equal ones when all clusters have the same ratio.
    public func interval(ratioOf numerators: [Double], to denominators: [Double]) -> Interval {
        precondition(
            numerators.count == denominators.count,
            "\(numerators.count) numerators, \(denominators.count) denominators")
        precondition(denominators.allSatisfy { $0 > 0 }, "a cluster has a denominator that is not positive")
        return interval(clusterCount: numerators.count) { draws in
            var (numerator, denominator) = (0.0, 0.0)
            for cluster in draws.indices {
                numerator += Double(draws[cluster]) * numerators[cluster]
                denominator += Double(draws[cluster]) * denominators[cluster]
            }
            return numerator / denominator
        }
    }

    /// The percentile interval of any statistic of how often each cluster was drawn.
    func interval(clusterCount: Int, statistic: (_ draws: [Int]) -> Double) -> Interval {
        precondition(clusterCount > 0, "no clusters to draw from")
        var generator = SeededGenerator(seed: seed)
        var draws = [Int](repeating: 0, count: clusterCount)
        var replicates: [Double] = []
        replicates.reserveCapacity(replicateCount)
        for _ in 0..<replicateCount {
            for cluster in draws.indices { draws[cluster] = 0 }
            for _ in 0..<clusterCount {
                // The high word of the product is uniform; `Int.random` may change between Swift versions.
                draws[Int(generator.next().multipliedFullWidth(by: UInt64(clusterCount)).high)] += 1
            }
            replicates.append(statistic(draws))
        }
        replicates.sort()
        return Interval(
            lower: Quantile(Interval.tail, ofSorted: replicates).value,
            upper: Quantile(1 - Interval.tail, ofSorted: replicates).value)
    }
}
