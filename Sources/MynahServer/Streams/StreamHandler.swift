import NIOCore

/// A connection that samples come by, whatever its protocol: what it sends is heard on a lane, and it is read from only as fast
/// as that goes.
protocol StreamHandler: ChannelDuplexHandler, SendableMetatype {
    /// What the connection is counted as.
    static var transport: Transport { get }

    var services: Services { get }

    /// Whether the connection is read from.
    var gate: ReadGate { get set }

    /// What waits to be heard; nil before the connection begins, and when it has ended.
    var lane: WorkLane? { get }

    /// Runs while the client does not take what it is sent.
    var slowness: Deadline? { get }
}

extension StreamHandler {
    /// A lane that lets the connection be read from again when there is room.
    ///
    /// Its work is done on the event loop, in turn with that of other connections.
    func makeLane(_ link: HandlerLink<Self>) -> WorkLane {
        WorkLane(resumingBytes: services.limits.resumingBytes, start: link.execute) {
            link.run { handler, context in
                handler.gate.isLaneFull = false
                handler.gate.makeUp(context)
            }
        }
    }

    /// Closes the gate where more waits than is allowed.
    func checkRoom() {
        guard lane?.hasRoom(below: services.limits.waitingBytes) == false else { return }
        gate.isLaneFull = true
        services.metrics.overrun()
    }

    /// Notes whether the client takes what it is sent; one that does not for long is dropped.
    func checkWritability(_ context: ChannelHandlerContext) {
        gate.isUnwritable = !context.channel.isWritable
        if gate.isUnwritable {
            slowness?.set(seconds: services.limits.slowReaderSeconds) { [weak self] in
                self?.services.metrics.dropped(Self.transport, "slow-reader")
                context.close(promise: nil)
            }
        } else {
            slowness?.clear()
            gate.makeUp(context)
        }
    }
}

/// The way to a handler on its event loop, from any thread.
struct HandlerLink<Handler: StreamHandler>: Sendable {
    private let eventLoop: any EventLoop
    private let handler: NIOLoopBound<Handler>
    private let context: NIOLoopBound<ChannelHandlerContext>

    /// To a handler in its pipeline; on the event loop.
    init(_ handler: Handler, _ context: ChannelHandlerContext) {
        eventLoop = context.eventLoop
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
        self.context = NIOLoopBound(context, eventLoop: eventLoop)
    }

    /// Does work on the event loop, after all that was asked for before.
    func execute(_ work: @escaping @Sendable () -> Void) { eventLoop.execute(work) }

    /// Calls `body` on the event loop, after all that was asked for before.
    func run(_ body: @escaping @Sendable (Handler, ChannelHandlerContext) -> Void) {
        eventLoop.execute { body(handler.value, context.value) }
    }
}
