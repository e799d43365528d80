import Glibc
import MynahBase

/// The bootstrap over clusters: whole speakers are drawn with replacement, never single clips.
///
/// Clips of one speaker resemble each other, so that an interval that takes them for independent is too narrow.
/// Clusters as in Davison and Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8; the interval is
/// the expanded percentile interval of T. Hesterberg, "What teachers should know about the bootstrap", The American
/// Statistician 69, 2015. The plain one is too narrow: n clusters vary as if there were n − 1, and their variance is
/// itself only estimated.
package struct ClusterBootstrap: Hashable, Sendable {
    /// Seed of the draws; the same seed gives the same interval on every machine.
    package let seed: UInt64

    /// How many times the clusters are drawn, at least 1.
    package let replicateCount: Int

    /// A bootstrap of `replicateCount` draws.
    package init(seed: UInt64, replicateCount: Int = 2_000) {
        precondition(replicateCount > 0, "\(replicateCount) replicates, expected at least 1")
        self.seed = seed
        self.replicateCount = replicateCount
    }

    /// The expanded percentile interval of Σ numerators / Σ denominators.
    ///
    /// - Parameters:
    ///   - numerators: One value per cluster, for instance its correct clips.
    ///   - denominators: One positive value per cluster, for instance its clips.
    /// - Returns: Limits of the ratio; equal ones when all clusters have the same ratio.
    package func interval(ratioOf numerators: [Double], to denominators: [Double]) -> Interval {
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

    /// The expanded percentile interval of any statistic of how often each cluster was drawn.
    func interval(clusterCount: Int, statistic: (_ draws: [Int]) -> Double) -> Interval {
        precondition(clusterCount > 0, "no clusters to draw from")
        var generator = SeededGenerator(seed: seed)
        var draws = [Int](repeating: 0, count: clusterCount)
        var replicates: [Double] = []
        replicates.reserveCapacity(replicateCount)
        for _ in 0..<replicateCount {
            for cluster in draws.indices { draws[cluster] = 0 }
            for _ in 0..<clusterCount {
                draws[generator.index(below: clusterCount)] += 1
            }
            replicates.append(statistic(draws))
        }
        replicates.sort()
        let tail = Self.tail(clusterCount: clusterCount)
        return Interval(
            lower: Quantile(tail, ofSorted: replicates).value,
            upper: Quantile(1 - tail, ofSorted: replicates).value)
    }

    /// The share of replicates left outside on each side: Φ(−√(n/(n−1)) t), with the 97.5 % point t of Student's
    /// distribution with n − 1 degrees of freedom.
    ///
    /// It is below 0.025 and tends to it. t is expanded around the normal point in powers of 1/(n−1);
    /// source: Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.7.5.
    static func tail(clusterCount: Int) -> Double {
        guard clusterCount > 1 else { return Interval.tail }
        let z = Interval.z
        let z2 = z * z
        let freedom = Double(clusterCount - 1)
        let first = z * (z2 + 1) / 4
        let second = z * ((5 * z2 + 16) * z2 + 3) / 96
        let third = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384
        let fourth = z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160
        let t = z + (first + (second + (third + fourth / freedom) / freedom) / freedom) / freedom
        let expanded = t * (Double(clusterCount) / freedom).squareRoot()
        return erfc(expanded / 2.0.squareRoot()) / 2
    }
}
