import MynahBase
import Testing

@testable import MynahData

@Suite struct LengthBatchesTests {
    private let lengths: [Int] = {
        var generator = SeededGenerator(seed: 5)
        return (0..<203).map { _ in 100 + Int(3_000 * generator.uniform()) }
    }()

    @Test func everyExampleComesOnceInEveryEpoch() {
        let batches = LengthBatches(lengths: lengths, batchSize: 16)
        for epoch in 0..<3 {
            #expect(batches.order(seed: 1, epoch: epoch).sorted() == Array(lengths.indices))
        }
    }

    @Test func littleOfABatchIsPadding() {
        let order = LengthBatches(lengths: lengths, batchSize: 16).order(seed: 1, epoch: 3)
        let padded = stride(from: 0, to: order.count, by: 16).reduce(0) { sum, start in
            let batch = order[start..<min(start + 16, order.count)].map { lengths[$0] }
            return sum + batch.count * (batch.max() ?? 0)
        }
        #expect(Double(padded) < 1.2 * Double(lengths.reduce(0, +)))
    }

    @Test func theOrderFollowsFromSeedAndEpoch() {
        let batches = LengthBatches(lengths: lengths, batchSize: 16)
        #expect(batches.order(seed: 1, epoch: 2) == batches.order(seed: 1, epoch: 2))
        #expect(batches.order(seed: 1, epoch: 2) != batches.order(seed: 2, epoch: 2))
        #expect(batches.order(seed: 1, epoch: 2) != batches.order(seed: 1, epoch: 3))
    }

    /// The first epoch goes from short to long, the others do not.
    @Test func theFirstEpochBeginsWithTheShort() {
        let batches = LengthBatches(lengths: lengths, batchSize: 16)
        func firstMeans(_ epoch: Int) -> [Int] {
            let order = batches.order(seed: 1, epoch: epoch)
            return (0..<12).map { batch in order[batch * 16..<batch * 16 + 16].reduce(0) { $0 + lengths[$1] }
            }
        }
        #expect(firstMeans(0) == firstMeans(0).sorted())
        #expect(firstMeans(1) != firstMeans(1).sorted())
    }
}
