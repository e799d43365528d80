import Testing

@testable import MynahEvaluation

@Suite struct StatisticsTests {
    let goldens: Goldens

    init() throws {
        goldens = try Goldens.load()
    }

    @Test func wilsonIntervalsEqualStatsmodels() {
        for golden in goldens.wilson {
            let interval = Interval.wilson(count: golden.count, total: golden.total)
            #expect(
                isClose(interval.lower, golden.lower) && isClose(interval.upper, golden.upper),
                "\(golden.count) of \(golden.total): \(interval)")
        }
    }

    /// Wilson's own form: the limits are the proportions whose score test is at 1.96.
    @Test func wilsonLimitsSolveTheScoreEquation() {
        let interval = Interval.wilson(count: 30, total: 200)
        for limit in [interval.lower, interval.upper] {
            let score = abs(0.15 - limit) / (limit * (1 - limit) / 200).squareRoot()
            #expect(isClose(score, 1.959963984540054))
        }
    }

    @Test func poissonIntervalsEqualChiSquareQuantiles() {
        for golden in goldens.poisson {
            let interval = Interval.poisson(count: golden.count)
            #expect(
                isClose(interval.lower, golden.lower, relative: 1e-10)
                    && isClose(interval.upper, golden.upper, relative: 1e-10),
                "\(golden.count): \(interval), expected \(golden.lower) ... \(golden.upper)")
        }
    }

    @Test func mcNemarEqualsStatsmodels() {
        for golden in goldens.mcNemar {
            let test = McNemarTest(onlyFirstCorrect: golden.first, onlySecondCorrect: golden.second)
            #expect(
                isClose(test.pValue, golden.pValue, relative: 1e-10),
                "\(golden.first) against \(golden.second): \(test.pValue), expected \(golden.pValue)")
        }
    }

    /// Eight clips on one side and none on the other: 2 · 2⁻⁸.
    @Test func mcNemarByHand() {
        #expect(isClose(McNemarTest(onlyFirstCorrect: 0, onlySecondCorrect: 8).pValue, 0x1p-7))
    }

    @Test func quantilesEqualNumPy() {
        for golden in goldens.quantiles {
            let quantile = Quantile(golden.probability, ofSorted: golden.sample)
            #expect(isClose(quantile.value, golden.value), "\(golden.probability): \(quantile.value)")
        }
    }

    /// The expansion of Student's distribution is good to 1 % of the share outside from five clusters on.
    @Test func expandedTailsEqualSciPy() {
        for golden in goldens.expandedTails {
            let tail = ClusterBootstrap.tail(clusterCount: golden.clusters)
            let tolerance = golden.clusters < 20 ? 0.01 : 1e-5
            #expect(
                isClose(tail, golden.tail, relative: tolerance),
                "\(golden.clusters) clusters: \(tail), expected \(golden.tail)")
        }
    }

    @Test func clusterBootstrapAgreesWithSciPy() {
        let golden = goldens.bootstrap
        let interval = ClusterBootstrap(seed: 3, replicateCount: 50_000)
            .interval(ratioOf: golden.corrects, to: golden.totals)
        #expect(isClose(interval.lower, golden.lower, relative: 1e-3), "\(interval.lower), \(golden.lower)")
        #expect(isClose(interval.upper, golden.upper, relative: 1e-3), "\(interval.upper), \(golden.upper)")
    }

    @Test func clusterBootstrapIsFixedByItsSeed() {
        func interval(seed: UInt64) -> Interval {
            ClusterBootstrap(seed: seed, replicateCount: 101)
                .interval(ratioOf: [1, 5, 2, 9], to: [4, 6, 9, 11])
        }
        #expect(interval(seed: 1) == interval(seed: 1))
        #expect(interval(seed: 1) != interval(seed: 2))
    }

    @Test func everyReplicateDrawsAsManyClustersAsThereAre() {
        var drawn = [0, 0, 0]
        _ = ClusterBootstrap(seed: 5, replicateCount: 3_000).interval(clusterCount: 3) { draws in
            #expect(draws.reduce(0, +) == 3)
            for cluster in draws.indices { drawn[cluster] += draws[cluster] }
            return 0
        }
        // 9,000 draws over three clusters: 3,000 each, standard deviation 45.
        #expect(drawn.allSatisfy { abs($0 - 3_000) < 225 })
    }

    @Test func aProportionOfNothingIsUndefined() {
        #expect(Proportion(count: 0, total: 0) == nil)
        #expect(Proportion(count: 0, total: 1)?.value == 0)
    }
}
