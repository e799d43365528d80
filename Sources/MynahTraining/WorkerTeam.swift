import Dispatch
import Synchronization

/// A fixed number of threads, each with a state of its own that lasts from call to call.
final class WorkerTeam<State>: Sendable {
    /// A worker's state; the lock is never contended, it only shows the compiler that one thread holds the state.
    private final class Worker: Sendable {
        let state: Mutex<State>

        init(_ state: sending State) {
            self.state = Mutex(state)
        }
    }

    private let workers: [Worker]

    /// Makes `count` workers.
    init(count: Int, makeState: () -> sending State) {
        workers = (0..<count).map { _ in Worker(makeState()) }
    }

    /// Calls `body` once for each worker, all at the same time, and returns the results in order of worker.
    func run<Result: Sendable>(_ body: @Sendable (Int, inout State) -> Result) -> [Result] {
        let results = Mutex([Result?](repeating: nil, count: workers.count))
        DispatchQueue.concurrentPerform(iterations: workers.count) { index in
            let result = workers[index].state.withLock { state in body(index, &state) }
            results.withLock { $0[index] = result }
        }
        return results.withLock { $0.compactMap(\.self) }
    }
}
