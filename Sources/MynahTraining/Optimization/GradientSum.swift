internal import CVectorMath
import Dispatch
import MynahBase
import MynahNetwork
import Synchronization

/// The mean gradient over the shards of a batch, which are spread over processes; all of them get it, the same to the bit.
///
/// A gradient is summed in segments. As soon as this process has all its shards of one, the segment is on its way, while
/// back-propagation goes on in the layers below. Every process adds up one slice of each segment, and hands it to the others:
/// each sends and receives twice the gradient, less what it keeps, however many processes there are.
final class GradientSum: Sendable {
    private let segments: [Segment]
    private let shardCount: Int
    private let shares: [Range<Int>]
    private let own: Range<Int>
    private let communicator: any Communicator
    private let factor: Float

    /// The values of a gradient that travel together.
    private final class Segment: Sendable {
        let range: Range<Int>
        let channel: Int
        let sum: ShardSum
        let missing: Atomic<Int>
        let total = Mutex<[Float]>([])
        let isComplete = DispatchSemaphore(value: 0)

        init(_ range: Range<Int>, channel: Int, shardCount: Int, own: Int) {
            self.range = range
            self.channel = channel
            sum = ShardSum(shardCount: shardCount)
            missing = Atomic(own)
        }
    }

    /// Begins with nothing.
    ///
    /// - Parameters:
    ///   - layout: the places of the values of a gradient.
    ///   - shardCount: shards of the batch.
    ///   - shares: `[processes]`, the shards of each process; this one's are to be added here.
    ///   - clipCount: clips of the batch, by which the sum is divided.
    init(
        layout: ParameterLayout, shardCount: Int, shares: [Range<Int>], clipCount: Int,
        communicator: any Communicator
    ) {
        self.shardCount = shardCount
        self.communicator = communicator
        self.shares = shares
        own = shares[communicator.rank]
        factor = 1 / Float(clipCount)
        segments = layout.segments.enumerated().map { [own] index, range in
            // Two channels for each: for the slices on their way to who adds them up, and for the sums.
            Segment(range, channel: 1 + 2 * index, shardCount: shardCount, own: own.count)
        }
        // Who has no shard of this batch adds up all the same.
        if own.isEmpty { for segment in segments { send(segment) } }
    }

    /// Takes what is new of the gradient of a shard.
    ///
    /// - Parameters:
    ///   - gradient: `[parameterCount]`, complete from `start` on.
    ///   - places: what has become complete: `start ..< the start before`.
    func add(_ gradient: UnsafePointer<Float>, completing places: Range<Int>, shard: Int) {
        precondition(own.contains(shard), "shard \(shard) of another process, expected one of \(own)")
        for segment in segments where places.contains(segment.range.lowerBound) {
            segment.sum.add(
                Array(
                    UnsafeBufferPointer(
                        start: gradient + segment.range.lowerBound, count: segment.range.count)),
                of: ShardSum.Branch(shard: shard))
            if segment.missing.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { send(segment) }
        }
    }

    /// The mean over all shards; waits for those of other processes.
    func total() -> [Float] {
        var total: [Float] = []
        for segment in segments.reversed() {
            communicator.wait(for: segment.isComplete)
            total += segment.total.withLock { $0 }
        }
        total.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            mynah_scale(base, factor, values.count)
        }
        return total
    }

    /// The part of a segment that a process adds up.
    private func slice(of segment: Segment, rank: Int) -> Range<Int> {
        communicator.share(of: segment.range.count, rank: rank)
    }

    /// Gives each process its slice of what is summed up here.
    private func send(_ segment: Segment) {
        let branches = segment.sum.branches
        guard communicator.size > 1 else { return finish(segment, branches[0].values) }
        let parts = (0..<communicator.size).map { rank in
            let slice = slice(of: segment, rank: rank)
            return branches.flatMap { branch in branch.values[slice].withUnsafeBytes { Array($0) } }
        }
        communicator.exchange(parts, channel: segment.channel) { [self] received in
            addUp(segment, received)
        }
    }

    /// Adds up the slices of this process, and gives the sum to all.
    private func addUp(_ segment: Segment, _ received: [[UInt8]]) {
        let sum = ShardSum(shardCount: shardCount)
        for (rank, bytes) in received.enumerated() {
            let branches = ShardSum.branches(of: shares[rank], shardCount: shardCount)
            let values = [Float](rawBytes: bytes)
            let count = slice(of: segment, rank: communicator.rank).count
            precondition(
                values.count == branches.count * count,
                "\(values.count) values of rank \(rank), expected \(branches.count) times \(count)")
            for (index, branch) in branches.enumerated() {
                sum.add(Array(values[index * count..<(index + 1) * count]), of: branch)
            }
        }
        let bytes = sum.branches[0].values.withUnsafeBytes { Array($0) }
        communicator.exchange(
            [[UInt8]](repeating: bytes, count: communicator.size), channel: segment.channel + 1
        ) { [self] received in
            finish(segment, received.flatMap { [Float](rawBytes: $0) })
        }
    }

    private func finish(_ segment: Segment, _ total: [Float]) {
        segment.total.withLock { $0 = total }
        segment.isComplete.signal()
    }
}

extension ParameterLayout {
    /// Values of a segment at least: to send fewer takes as long.
    private static let segmentSize = 1 << 15

    /// The parts of a gradient that are summed up by themselves, in the order in which back-propagation completes them: from
    /// the last values to the first.
    var segments: [Range<Int>] {
        var segments: [Range<Int>] = []
        var end = parameterCount
        for start in layerStarts.reversed() where end - start >= Self.segmentSize || start == 0 {
            if start < end { segments.append(start..<end) }
            end = start
        }
        return segments
    }
}
