package import Dispatch
import Synchronization

/// Processes that do one job together, as one of them sees the others: all run the same program on the same arguments, and each
/// knows its place.
///
/// What they compute together is to the bit what one process computes alone. Work is cut into parts whose number does not depend
/// on that of the processes, and what comes of the parts is put together in their order.
///
/// Every process has to make the same calls in the same order, on one thread; only ``exchange(_:channel:onArrival:)`` may be
/// called on any thread, and in any order as long as it is the same within a channel.
package protocol Communicator: Sendable {
    /// The place of this process, `0 ..< size`; the first one alone writes and speaks.
    var rank: Int { get }

    /// How many processes there are, at least 1.
    var size: Int { get }

    /// What the machine of this process is called.
    var host: String { get }

    /// How many of the processes run on that machine.
    var localSize: Int { get }

    /// Starts to exchange bytes with all processes, this one included, and does not wait.
    ///
    /// - Parameters:
    ///   - parts: `[size]`, what each process is to be given.
    ///   - channel: 0 for calls that follow each other; others for exchanges that are under way at the same time.
    ///   - onArrival: hears what came from each process, `[size]`, on a thread of the communicator, which it must not keep long.
    func exchange(
        _ parts: [[UInt8]], channel: Int, onArrival: @escaping @Sendable (_ received: [[UInt8]]) -> Void)

    /// Waits for a signal that comes when something has arrived; nothing else hurries meanwhile.
    func wait(for arrival: DispatchSemaphore)

    /// How long threads of this process have waited for others so far, in seconds.
    var waitedSeconds: Double { get }

    /// Begins a series of numbers to be dealt out.
    func beginSeries() -> Int

    /// Takes the next number of a series, from 0 on, that no process has taken yet; may be called on any thread.
    func nextNumber(in series: Int) -> Int

    /// Leaves the others in good order, when all have come so far; nothing may be called after it.
    func finish()

    /// Asks all others to end at once and in silence, since this process has told why and ends.
    func abandon()
}

/// A process that works alone.
package struct SingleProcess: Communicator {
    package let rank = 0
    package let size = 1
    package let localSize = 1
    package var host: String { Machine.name }
    private let numbers = SeriesCounters()

    /// The only process.
    package init() {}

    package func exchange(
        _ parts: [[UInt8]], channel: Int, onArrival: @escaping @Sendable (_ received: [[UInt8]]) -> Void
    ) {
        onArrival(parts)
    }

    package func wait(for arrival: DispatchSemaphore) { arrival.wait() }

    package var waitedSeconds: Double { 0 }

    package func beginSeries() -> Int { numbers.begin() }

    package func nextNumber(in series: Int) -> Int { numbers.next(in: series) }

    package func finish() {}

    package func abandon() {}
}

/// How far series of numbers have been dealt out.
package final class SeriesCounters: Sendable {
    private let state = Mutex<(begun: Int, next: [Int: Int])>((0, [:]))

    /// No series.
    package init() {}

    /// Begins a series, which has the same name in all processes that begin as many.
    package func begin() -> Int {
        state.withLock { state in
            state.begun += 1
            return state.begun
        }
    }

    /// The next number of a series, begun here or not yet.
    package func next(in series: Int) -> Int {
        state.withLock { state in
            let number = state.next[series, default: 0]
            state.next[series] = number + 1
            return number
        }
    }
}

/// What goes wrong between processes.
package enum CommunicatorError: Error, Hashable, Sendable {
    /// A process has something else than the first one.
    case differs(what: String, rank: Int, host: String, actual: String, expected: String)
}

extension CommunicatorError: CustomStringConvertible {
    /// One line for the user, without control characters.
    package var description: String {
        switch self {
        case .differs(let what, let rank, let host, let actual, let expected):
            """
            rank \(rank) on \(host.printable) has another \(what.printable) than rank 0: \(actual.printable), expected \
            \(expected.printable)
            """
        }
    }
}

extension Communicator {
    /// Whether this process is the one that writes and speaks.
    package var isFirst: Bool { rank == 0 }

    /// The parts, out of `count` in a row, that are computed by this process where they are not dealt out.
    package func share(of count: Int) -> Range<Int> { share(of: count, rank: rank) }

    /// The parts, out of `count` in a row, that are computed by a process where they are not dealt out.
    package func share(of count: Int, rank: Int) -> Range<Int> {
        count * rank / size..<count * (rank + 1) / size
    }

    /// Gives all processes some bytes, and waits for theirs.
    ///
    /// - Returns: `[size]`, the bytes of each process.
    package func allGather(_ bytes: [UInt8]) -> [[UInt8]] {
        exchangeAndWait([[UInt8]](repeating: bytes, count: size))
    }

    /// Gives each process its part, and waits for theirs.
    package func exchangeAndWait(_ parts: [[UInt8]]) -> [[UInt8]] {
        guard size > 1 else { return parts }
        let done = DispatchSemaphore(value: 0)
        let received = Mutex<[[UInt8]]>([])
        exchange(parts, channel: 0) { arrived in
            received.withLock { $0 = arrived }
            done.signal()
        }
        wait(for: done)
        return received.withLock { $0 }
    }

    /// Puts numbers of all processes together, in the order of the processes.
    package func allGather<Number: BitwiseCopyable>(_ values: [Number]) -> [Number] {
        guard size > 1 else { return values }
        return allGather(values.withUnsafeBytes { Array($0) }).flatMap { [Number](rawBytes: $0) }
    }

    /// What the first process has; only it needs to have something.
    package func fromFirst(_ bytes: @autoclosure () throws -> [UInt8]) rethrows -> [UInt8] {
        guard size > 1 else { return try bytes() }
        let parts = [[UInt8]](repeating: isFirst ? try bytes() : [], count: size)
        return exchangeAndWait(parts)[0]
    }

    /// Whether a condition holds in any process.
    package func isAnywhere(_ condition: Bool) -> Bool {
        allGather([UInt8(condition ? 1 : 0)]).contains(1)
    }

    /// Makes sure that all processes have the same.
    ///
    /// - Parameters:
    ///   - what: What it is, in words.
    ///   - value: What this process has, in words.
    /// - Throws: ``CommunicatorError/differs(what:rank:host:actual:expected:)``, in all processes.
    package func requireSame(_ what: String, _ value: String) throws(CommunicatorError) {
        guard size > 1 else { return }
        let values = allGather(Array(value.utf8))
        let hosts = allGather(Array(host.utf8))
        if let other = values.indices.first(where: { values[$0] != values[0] }) {
            func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
            throw .differs(
                what: what, rank: other, host: text(hosts[other]), actual: text(values[other]),
                expected: text(values[0]))
        }
    }
}

extension Array where Element: BitwiseCopyable {
    /// Takes values as they lie in memory; traps on bytes that are no whole number of values.
    package init(rawBytes bytes: [UInt8]) {
        let count = bytes.count / MemoryLayout<Element>.stride
        precondition(
            count * MemoryLayout<Element>.stride == bytes.count,
            "\(bytes.count) bytes are no values of \(MemoryLayout<Element>.stride)")
        self.init(unsafeUninitializedCapacity: count) { buffer, filled in
            bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
            filled = count
        }
    }
}
