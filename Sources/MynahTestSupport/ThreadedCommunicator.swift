package import Dispatch
package import MynahBase
import Synchronization

/// Ranks that are threads of one process, for tests of what processes do together.
package final class ThreadedCommunicator: Communicator {
    /// What all ranks share.
    private final class Exchange: Sendable {
        struct Key: Hashable {
            let channel: Int
            let number: Int
        }

        struct State {
            /// How many exchanges each rank has begun in a channel.
            var begun: [[Int: Int]]
            var arrived: [Key: [Int: (parts: [[UInt8]], onArrival: @Sendable ([[UInt8]]) -> Void)]] = [:]
        }

        let state: Mutex<State>
        let counters = SeriesCounters()

        init(size: Int) { state = Mutex(State(begun: Array(repeating: [:], count: size))) }
    }

    package let rank: Int
    package let size: Int
    package var localSize: Int { size }
    package var host: String { "thread\(rank)" }
    private let shared: Exchange
    private let series = SeriesCounters()

    private init(rank: Int, size: Int, shared: Exchange) {
        self.rank = rank
        self.size = size
        self.shared = shared
    }

    /// Runs `body` once for each of `size` ranks, at the same time, and returns what each made.
    package static func run<Result: Sendable>(
        size: Int, _ body: @escaping @Sendable (any Communicator) throws -> Result
    ) throws -> [Result] {
        let shared = Exchange(size: size)
        let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
        let done = DispatchGroup()
        for rank in 0..<size {
            // A thread each, since they wait for one another.
            let queue = DispatchQueue(label: "rank \(rank)")
            queue.async(group: done) {
                let communicator = ThreadedCommunicator(rank: rank, size: size, shared: shared)
                let result = Swift.Result { try body(communicator) }
                results.withLock { $0[rank] = result }
            }
        }
        done.wait()
        return try results.withLock { results in try (0..<size).compactMap { try results[$0]?.get() } }
    }

    package func exchange(
        _ parts: [[UInt8]], channel: Int, onArrival: @escaping @Sendable (_ received: [[UInt8]]) -> Void
    ) {
        precondition(parts.count == size, "\(parts.count) parts for \(size) ranks")
        let complete = shared.state.withLock { state in
            let number = state.begun[rank][channel, default: 0]
            state.begun[rank][channel] = number + 1
            let key = Exchange.Key(channel: channel, number: number)
            state.arrived[key, default: [:]][rank] = (parts, onArrival)
            guard state.arrived[key]?.count == size else {
                return [Int: (parts: [[UInt8]], onArrival: @Sendable ([[UInt8]]) -> Void)]()
            }
            return state.arrived.removeValue(forKey: key) ?? [:]
        }
        for (receiver, one) in complete {
            one.onArrival((0..<size).compactMap { complete[$0]?.parts[receiver] })
        }
    }

    package func wait(for arrival: DispatchSemaphore) { arrival.wait() }

    package var waitedSeconds: Double { 0 }

    package func finish() {}

    package func abandon() {}

    package func beginSeries() -> Int { series.begin() }

    package func nextNumber(in series: Int) -> Int { shared.counters.next(in: series) }
}
