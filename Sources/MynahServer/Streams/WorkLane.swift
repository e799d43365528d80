import NIOCore
import Synchronization

/// Starts a piece of work, on an event loop or on a thread for long work; in fuzzers some of it at once.
package typealias WorkStarter = @Sendable (_ work: @escaping @Sendable () -> Void) -> Void

/// The work of one connection: done in order, a piece at a time, where that of many connections is done.
///
/// After each piece the others have their turn, so that nobody waits for whoever sends most. What waits is counted in bytes:
/// whoever fills the lane has to stop reading from its connection until there is room.
final class WorkLane: Sendable {
    private struct Piece {
        let byteCount: Int
        let body: @Sendable () -> Void
    }

    private struct State {
        var waiting = CircularBuffer<Piece>()
        var waitingBytes = 0
        var isAtWork = false
        var isAskedForRoom = false
        var isClosed = false
    }

    private let start: WorkStarter
    private let resumingBytes: Int
    private let onRoom: @Sendable () -> Void
    private let state = Mutex(State())

    /// An empty lane.
    ///
    /// - Parameters:
    ///   - resumingBytes: ``hasRoom(below:)`` is made up for when so many bytes or fewer wait.
    ///   - start: starts work.
    ///   - onRoom: called once there is room again, on any thread.
    init(resumingBytes: Int, start: @escaping WorkStarter, onRoom: @escaping @Sendable () -> Void) {
        self.start = start
        self.resumingBytes = resumingBytes
        self.onRoom = onRoom
    }

    /// Adds a piece behind all others; nothing where the lane is closed.
    ///
    /// - Parameter byteCount: bytes that are held in memory until it is done.
    func add(byteCount: Int = 0, _ body: @escaping @Sendable () -> Void) {
        let isFirst = state.withLock { state in
            guard !state.isClosed else { return false }
            state.waiting.append(Piece(byteCount: byteCount, body: body))
            state.waitingBytes += byteCount
            defer { state.isAtWork = true }
            return !state.isAtWork
        }
        if isFirst { start { self.work() } }
    }

    /// Whether fewer than so many bytes wait; if not, `onRoom` is called when there is room.
    func hasRoom(below limit: Int) -> Bool {
        state.withLock { state in
            if state.waitingBytes < limit { return true }
            state.isAskedForRoom = true
            return false
        }
    }

    /// Forgets what waits, and takes no more; what is being done is done.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.waiting.removeAll()
            state.waitingBytes = 0
        }
    }

    private func work() {
        guard let piece = state.withLock({ $0.waiting.popFirst() }) else {
            state.withLock { $0.isAtWork = false }
            return
        }
        piece.body()
        let (goesOn, tells) = state.withLock { state in
            if !state.isClosed { state.waitingBytes -= piece.byteCount }
            let tells = state.isAskedForRoom && state.waitingBytes <= resumingBytes && !state.isClosed
            if tells { state.isAskedForRoom = false }
            state.isAtWork = !state.waiting.isEmpty
            return (state.isAtWork, tells)
        }
        if tells { onRoom() }
        if goesOn { start { self.work() } }
    }
}
