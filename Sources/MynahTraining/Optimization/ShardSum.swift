import Synchronization

/// A sum of gradients of shards, which are ready in any order: pairwise, in a binary tree over the numbers of the shards.
///
/// So what is rounded depends neither on who was faster nor on who has which shards: processes that hold the shards of whole
/// branches add those up, and whoever brings the branches together goes on in the same tree.
final class ShardSum: Sendable {
    /// A branch of the tree: the shards `index << level ..< (index + 1) << level`, as far as there are any.
    struct Branch: Hashable, Comparable {
        let level: Int
        let index: Int

        /// A single shard.
        init(shard: Int) {
            level = 0
            index = shard
        }

        private init(level: Int, index: Int) {
            self.level = level
            self.index = index
        }

        /// The branch beside it.
        var sibling: Branch { Branch(level: level, index: index ^ 1) }

        /// The two together.
        var parent: Branch { Branch(level: level + 1, index: index >> 1) }

        /// Its first shard.
        var firstShard: Int { index << level }

        /// By their shards.
        static func < (left: Branch, right: Branch) -> Bool {
            (left.firstShard, left.level) < (right.firstShard, right.level)
        }
    }

    private let shardCount: Int
    private let sums = Mutex<[Branch: [Float]]>([:])

    /// An empty sum over so many shards, at least 1.
    init(shardCount: Int) {
        precondition(shardCount > 0, "a sum over \(shardCount) shards")
        self.shardCount = shardCount
    }

    /// Adds the sum of a branch, each shard once.
    func add(_ values: [Float], of branch: Branch) {
        var (values, branch) = (values, branch)
        while 1 << branch.level < shardCount {
            // Only behind the last shard is a branch empty.
            if branch.sibling.firstShard < shardCount {
                let other = sums.withLock { sums -> [Float]? in
                    if let other = sums.removeValue(forKey: branch.sibling) { return other }
                    sums[branch] = values
                    return nil
                }
                guard let other else { return }
                values.add(other, times: 1)
            }
            branch = branch.parent
        }
        sums.withLock { $0[branch] = values }
    }

    /// The sums so far, each of a branch as large as can be, in the order of the shards: a single one where all shards are
    /// there.
    var branches: [(branch: Branch, values: [Float])] {
        sums.withLock { $0.sorted { $0.key < $1.key }.map { (branch: $0.key, values: $0.value) } }
    }

    /// The branches that remain where shards of a range are there and no others, in the order of the shards.
    static func branches(of shards: Range<Int>, shardCount: Int) -> [Branch] {
        let sum = ShardSum(shardCount: shardCount)
        for shard in shards { sum.add([], of: Branch(shard: shard)) }
        return sum.branches.map(\.branch)
    }
}
