import MynahBase
import MynahNetwork

/// The order of the examples of an epoch in which the examples of a batch are about equally long, so that little of a batch is
/// padding.
///
/// The examples are sorted by their lengths, each changed at random by up to a tenth so that a batch is never the same twice,
/// and cut into batches, which come in random order. In the first epoch they come from the shorter to the
/// longer, from which a network learns sooner what to spell at all (Amodei et al., arXiv 1512.02595, section 3.3). Where the
/// last batch is not full it has the very shortest examples, in every epoch. Everything follows from `(seed, epoch)`.
package struct LengthBatches: Sendable {
    private let lengths: [Int]
    private let batchSize: Int

    /// Prepares for examples of the given lengths, in batches of `batchSize`.
    package init(lengths: [Int], batchSize: Int) {
        precondition(batchSize > 0, "batches of \(batchSize)")
        self.lengths = lengths
        self.batchSize = batchSize
    }

    /// The examples of an epoch, as indices; every `batchSize` of them are a batch, and the last batch has what is left.
    package func order(seed: UInt64, epoch: Int) -> [Int] {
        var generator = SeededGenerator(seed: seed, epoch)
        let places = lengths.map { Double($0) * (1 + 0.1 * Double(generator.symmetric(1))) }
        let sorted = lengths.indices.sorted { (places[$0], $0) < (places[$1], $1) }
        // The batch that is not full must be the last one, so it takes the shortest examples.
        let rest = sorted.count % batchSize
        var batches = stride(from: rest, to: sorted.count, by: batchSize).map { $0..<$0 + batchSize }
        if epoch > 0 { generator.shuffle(&batches) }
        return batches.flatMap { sorted[$0] } + sorted[..<rest]
    }
}
