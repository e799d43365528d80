import Glibc
package import Logging
import MynahBase
import MynahData
import NIOCore
import NIOPosix
import Synchronization

/// What a server serves, and to whom.
package struct ServerConfiguration: Sendable {
    /// Where requests and WebSockets are listened for.
    package var host = "127.0.0.1"

    /// 0 for any that is free.
    package var port = 8_380

    /// Where Wyoming is listened for.
    package var wyomingHost = "127.0.0.1"

    /// 0 for any that is free; nil for no Wyoming.
    package var wyomingPort: Int? = 10_400

    /// Sockets that listen already, handed over by a service manager; they take the place of hosts and ports.
    package var httpSocket: Int32?
    package var wyomingSocket: Int32?

    /// Who may ask.
    package var access = AccessRules()

    /// Whether others than this machine are served where nothing keeps them out.
    package var isInsecure = false

    /// What may be asked for.
    package var limits = ServerLimits()

    /// Event loops, on which streams are heard; nil for as many as there are cores.
    package var threads: Int?

    /// The usual settings.
    package init() {}
}

/// The streaming recognizer behind HTTP, WebSocket and Wyoming.
///
/// Event loops take bytes apart and hear streams, one chunk of each in turn: that is sooner done than handed to another thread.
/// Uploads are heard on threads of lower priority, and words are learnt on one of that priority. All streams of a model share its
/// weights.
package final class Server: Sendable {
    /// Where a server listens.
    package struct Addresses: Sendable, Hashable {
        /// `http://HOST:PORT/`.
        package let http: String
        package let httpPort: Int

        /// `tcp://HOST:PORT`; nil where Wyoming is not served.
        package let wyoming: String?
        package let wyomingPort: Int?
    }

    private let configuration: ServerConfiguration
    private let shelf: ModelShelf
    private let pipelines: Pipelines
    private var services: Services { pipelines.services }
    private let eventLoops: MultiThreadedEventLoopGroup
    private let uploadThreads: NIOThreadPool
    private let teachingThread: NIOThreadPool
    private let listeners = Mutex<[any Channel]>([])
    private let logger: Logger

    /// Prepares a server; nothing listens yet.
    ///
    /// - Parameters:
    ///   - shelf: the models.
    ///   - intents: a model of intents, where they are served.
    ///   - registry: takes what is counted, and is what `/metrics` shows.
    ///   - logger: is told what happens.
    package init(
        _ configuration: ServerConfiguration, shelf: ModelShelf, intents: IntentListening? = nil,
        registry: MetricsRegistry = MetricsRegistry(), logger: Logger
    ) {
        self.configuration = configuration
        self.shelf = shelf
        self.logger = logger
        let cores = processorCount()
        eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads ?? cores)
        let uploadThreads = NIOThreadPool(numberOfThreads: max(1, cores / 2))
        let teachingThread = NIOThreadPool(numberOfThreads: 1)
        uploadThreads.start()
        teachingThread.start()
        self.uploadThreads = uploadThreads
        self.teachingThread = teachingThread
        pipelines = Pipelines(
            shelf: shelf, intents: intents, limits: configuration.limits, access: configuration.access,
            registry: registry, logger: logger,
            startUpload: { work in Self.submit(work, to: uploadThreads) },
            startTeaching: { work in Self.submit(work, to: teachingThread) })
    }

    /// Has work done that streams go before.
    private static func submit(_ work: @escaping @Sendable () -> Void, to threads: NIOThreadPool) {
        threads.submit { state in
            guard state == .active else { return }
            lowerPriority()
            work()
        }
    }

    /// Lets streams, which are in a hurry, go before this thread.
    ///
    /// On Linux each thread has a priority of its own.
    private static func lowerPriority() {
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    }

    // MARK: Beginning

    /// Listens.
    ///
    /// - Throws: ``ServerError``.
    package func start() throws(ServerError) -> Addresses {
        tellUnverified()
        let pipelines = pipelines
        let http = try listen(
            configuration.host, configuration.port, socket: configuration.httpSocket,
            isSafe: configuration.access.asksForToken || configuration.isInsecure,
            fault: ServerError.openToOthers
        ) { channel in try pipelines.configureHTTP(channel) }
        var wyoming: SocketAddress?
        if configuration.wyomingPort != nil || configuration.wyomingSocket != nil {
            wyoming = try listen(
                configuration.wyomingHost, configuration.wyomingPort ?? 0,
                socket: configuration.wyomingSocket,
                isSafe: configuration.isInsecure, fault: ServerError.wyomingOpenToOthers
            ) { channel in try pipelines.configureWyoming(channel) }
        }
        return Addresses(
            http: "http://\(Self.text(http))/", httpPort: http.port ?? 0,
            wyoming: wyoming.map { "tcp://\(Self.text($0))" }, wyomingPort: wyoming?.port)
    }

    private func listen(
        _ host: String, _ port: Int, socket: Int32?, isSafe: Bool, fault: (String) -> ServerError,
        _ configure: @escaping @Sendable (any Channel) throws -> Void
    ) throws(ServerError) -> SocketAddress {
        let services = services
        let bootstrap = ServerBootstrap(group: eventLoops)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A chunk of usual length is received at once: in parts, each connection would keep memory to put them together.
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4_096))
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 32 << 10, high: 128 << 10))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let isWithinLimit = services.admissions.openConnection()
                    channel.closeFuture.whenComplete { _ in services.admissions.closeConnection() }
                    if isWithinLimit {
                        Self.watchOtherEnd(of: channel)
                        try configure(channel)
                    } else {
                        let fault = ServerFault.tooManyConnections(limit: services.limits.connections)
                        services.metrics.rejected(.http, fault)
                        try channel.pipeline.syncOperations.addHandler(RefusingHandler(fault))
                    }
                }
            }
        let address = socket == nil ? "\(host):\(port)" : "socket \(socket ?? 0)"
        let channel: any Channel
        do {
            if let socket {
                channel = try bootstrap.withBoundSocket(socket).wait()
            } else {
                // Looked at before anybody can connect.
                let resolved = try SocketAddress.makeAddressResolvingHost(host, port: port)
                guard isSafe || resolved.isOnThisMachine else { throw fault(address) }
                channel = try bootstrap.bind(to: resolved).wait()
            }
        } catch let error as ServerError {
            throw error
        } catch {
            throw .cannotListen(address: address, reason: "\(error)")
        }
        listeners.withLock { $0.append(channel) }
        guard let bound = channel.localAddress else {
            throw .cannotListen(address: address, reason: "it has no address")
        }
        guard isSafe || bound.isOnThisMachine else {
            channel.close(promise: nil)
            throw fault(Self.text(bound))
        }
        return bound
    }

    /// Has the system find out whether the other end is still there, within two minutes.
    private static func watchOtherEnd(of channel: any Channel) {
        for (option, value) in [(TCP_KEEPIDLE, 60), (TCP_KEEPINTVL, 15), (TCP_KEEPCNT, 4)] {
            // A socket of this machine alone has no such options.
            try? channel.syncOptions?.setOption(
                .tcpOption(.init(rawValue: option)), value: ChannelOptions.Types.SocketOption.Value(value))
        }
    }

    private static func text(_ address: SocketAddress) -> String {
        switch address {
        case .v6: "[\(address.ipAddress ?? "::")]:\(address.port ?? 0)"
        case .v4: "\(address.ipAddress ?? "0.0.0.0"):\(address.port ?? 0)"
        case .unixDomainSocket: address.pathname ?? "socket"
        }
    }

    // MARK: While it serves

    /// Reads the models anew, and logs what became of each.
    ///
    /// - Returns: whether all could be read.
    @discardableResult
    package func reloadModels() -> Bool {
        var isWhole = true
        for (name, outcome) in shelf.reload() {
            switch outcome {
            case .success(let isNew):
                logger.notice(
                    "model read", metadata: ["model": "\(name)", "changed": "\(isNew)"])
            case .failure(let error):
                isWhole = false
                logger.error(
                    "model not read, the one before stays",
                    metadata: ["model": "\(name)", "reason": "\(error)"])
            }
        }
        tellUnverified()
        return isWhole
    }

    /// Logs which words of the models are heard without the verifier.
    private func tellUnverified() {
        for entry in shelf.all where !entry.unverifiedWords.isEmpty {
            logger.warning(
                "the verifier cannot spell words, which count without it",
                metadata: [
                    "model": "\(entry.name)", "words": "\(listed(entry.unverifiedWords, limit: 20))",
                ])
        }
    }

    /// Ends in good order: nobody new is let in, streams end with what they have heard, requests are answered.
    ///
    /// It waits for that, for a limited time, on the thread of the caller.
    package func stop() {
        services.admissions.stop()
        for channel in listeners.withLock({ $0 }) { channel.close(promise: nil) }
        services.connections.stopAll()
        let end = ContinuousClock.now + .seconds(services.limits.stopSeconds)
        while services.admissions.connectionCount > 0, ContinuousClock.now < end { usleep(5_000) }
        let left = services.admissions.connectionCount
        if left > 0 { logger.warning("connections were cut", metadata: ["count": "\(left)"]) }
        // What still hangs is of no interest any more.
        try? eventLoops.syncShutdownGracefully()
        try? uploadThreads.syncShutdownGracefully()
        try? teachingThread.syncShutdownGracefully()
    }
}

extension SocketAddress {
    /// Whether only this machine can reach it.
    var isOnThisMachine: Bool {
        switch self {
        case .v4: ipAddress?.hasPrefix("127.") ?? false
        case .v6: ipAddress == "::1"
        case .unixDomainSocket: true
        }
    }
}

/// Tells a connection that is one too many, and closes it.
private final class RefusingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let fault: ServerFault

    init(_ fault: ServerFault) {
        self.fault = fault
    }

    func channelActive(context: ChannelHandlerContext) {
        let bytes = Response.fault(fault).bytesOfClosing
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(bytes)).whenComplete { _ in bound.value.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // It is not listened to.
    }
}
