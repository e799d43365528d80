import Logging
import NIOCore
import Synchronization

/// What all connections share.
struct Services: Sendable {
    let shelf: ModelShelf
    let intents: IntentListening?
    let limits: ServerLimits
    let access: AccessRules
    let admissions: Admissions
    let registry: MetricsRegistry
    let metrics: ServerMetrics
    let connections: ConnectionList
    let logger: Logger

    /// Threads, of lower priority, for uploads and for words that are taught.
    let startUpload: WorkStarter
    let startTeaching: WorkStarter
}

/// The connections that have to be told when the server is about to end.
final class ConnectionList: Sendable {
    private struct State {
        var next = 0
        var stops: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// Adds a connection.
    ///
    /// - Parameter stop: asks it to end in good order, from any thread.
    func add(_ stop: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.next += 1
            state.stops[state.next] = stop
            return state.next
        }
    }

    func remove(_ number: Int) {
        _ = state.withLock { $0.stops.removeValue(forKey: number) }
    }

    /// Asks all to end.
    func stopAll() {
        for stop in state.withLock({ Array($0.stops.values) }) { stop() }
    }
}

/// Calls something when a time is over; one at a time, on the event loop of a connection alone.
final class Deadline {
    private let eventLoop: any EventLoop
    private var due: NIODeadline?
    private var task: (due: NIODeadline, scheduled: Scheduled<Void>)?
    private var onExpiry: (() -> Void)?

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Calls `body` in so many seconds, instead of what was to be called before.
    func set(seconds: Double, _ body: @escaping () -> Void) {
        let due = NIODeadline.now() + .nanoseconds(Int64(seconds * 1e9))
        self.due = due
        onExpiry = body
        // A task that comes too early finds that its time has moved: moving it away costs nothing.
        if let task, task.due <= due { return }
        task?.scheduled.cancel()
        schedule(due)
    }

    /// Calls nothing.
    func clear() {
        due = nil
        onExpiry = nil
    }

    private func schedule(_ due: NIODeadline) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        task = (due, eventLoop.scheduleTask(deadline: due) { bound.value.fire() })
    }

    private func fire() {
        task = nil
        guard let due else { return }
        guard NIODeadline.now() >= due else { return schedule(due) }
        let body = onExpiry
        clear()
        body?()
    }
}

/// Whether a connection is read from: not while what it sends has to wait, nor while it does not take what it is sent.
struct ReadGate {
    /// The lane has no room.
    var isLaneFull = false

    /// The client is behind.
    var isUnwritable = false

    /// A read that was asked for while the gate was closed.
    private var isReadOwed = false

    var isOpen: Bool { !isLaneFull && !isUnwritable }

    /// Reads now, or when the gate opens.
    mutating func read(_ context: ChannelHandlerContext) {
        if isOpen {
            context.read()
        } else {
            isReadOwed = true
        }
    }

    /// Makes up for a read that is owed, if the gate is open.
    mutating func makeUp(_ context: ChannelHandlerContext) {
        guard isOpen, isReadOwed else { return }
        isReadOwed = false
        context.read()
    }
}
