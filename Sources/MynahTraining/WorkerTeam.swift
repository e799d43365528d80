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

    /// Calls `body` for each job in `0 ..< count`, the first ones first, and returns the results in order of job.
    ///
    /// Whichever worker is free takes the next job, so that `body` must not depend on what its state did before.
    func map<Result: Sendable>(
        _ count: Int, _ body: @Sendable (Int, inout State) -> Result
    ) -> [Result] {
        let results = Mutex([Result?](repeating: nil, count: count))
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(count, workers.count)) { index in
            workers[index].state.withLock { state in
                while true {
                    let job = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard job < count else { return }
                    let result = body(job, &state)
                    results.withLock { $0[job] = result }
                }
            }
        }
        return results.withLock { $0.compactMap(\.self) }
    }
}
