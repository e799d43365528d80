import Dispatch
import Glibc
import Synchronization

/// Calls `body` for each index in `0 ..< count` on `threads` threads and returns the results in order of index.
///
/// Each thread makes one context (its extractor, its buffers) and keeps it for all indices that fall to it. Which
/// thread takes which index is not determined, so `body` must not depend on what the context did before.
package func concurrentMap<Context, Result: Sendable>(
    _ count: Int,
    threads: Int,
    makeContext: @Sendable () -> Context,
    _ body: @Sendable (inout Context, Int) -> Result
) -> [Result] {
    let next = Atomic(0)
    let gathered = Mutex<[(index: Int, result: Result)]>([])
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
        var context = makeContext()
        var own: [(index: Int, result: Result)] = []
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { break }
            own.append((index, body(&context, index)))
        }
        gathered.withLock { $0.append(contentsOf: own) }
    }
    return gathered.withLock { $0.sorted { $0.index < $1.index }.map(\.result) }
}

/// Calls `body` for each index in `0 ..< count` on `threads` threads and returns the results in order of index.
package func concurrentMap<Result: Sendable>(
    _ count: Int,
    threads: Int,
    _ body: @Sendable (Int) -> Result
) -> [Result] {
    concurrentMap(count, threads: threads, makeContext: {}, { _, index in body(index) })
}

/// Time that a processor has worked for a thread, as against time that has gone by.
package enum ThreadTime {
    /// What the calling thread has used so far, in seconds.
    ///
    /// Only differences on one thread mean something.
    package static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
