import MynahBase
import MynahData
import MynahFeatures

/// Clips of some folds for a trainer: their features as they are, in an order drawn anew for each epoch.
struct FoldExamples: ExampleSource {
    /// The clips of all folds.
    final class Pool: Sendable {
        let features: [[Float]]
        let labels: [Int]

        init(features: [[Float]], labels: [Int]) {
            self.features = features
            self.labels = labels
        }
    }

    private let pool: Pool

    /// For each epoch the clips in their order; one list serves all epochs where there is only one.
    private let orders: [[Int]]

    /// Clips of the pool in a fixed order.
    init(_ pool: Pool, _ indices: [Int]) {
        self.pool = pool
        orders = [indices]
    }

    /// Clips of the pool in an order of its own for each epoch.
    init(_ pool: Pool, _ indices: [Int], seed: UInt64, epochCount: Int) {
        self.pool = pool
        orders = (0..<epochCount).map { epoch in
            var order = indices
            var generator = SeededGenerator(seed: seed, epoch)
            generator.shuffle(&order)
            return order
        }
    }

    var featureCount: Int { CrossValidation.frontEnd.featureCount }

    var frameCount: Int {
        CrossValidation.frontEnd.frameCount(sampleCount: CrossValidation.frontEnd.sampleRate)
    }

    func exampleCount(epoch: Int) -> Int { orders[0].count }

    func makeContext() {}

    func example(_ features: inout [Float], index: Int, epoch: Int, context: inout Void) -> Int {
        let clip = orders[epoch % orders.count][index]
        features = pool.features[clip]
        return pool.labels[clip]
    }
}
