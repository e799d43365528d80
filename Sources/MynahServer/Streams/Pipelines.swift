package import Logging
package import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Turns connections into clients: the handlers that take their bytes apart and answer.
package struct Pipelines: Sendable {
    let services: Services

    /// Prepares what all connections share.
    ///
    /// - Parameters:
    ///   - startUpload: starts work on uploads.
    ///   - startTeaching: starts work on words that are taught, one piece at a time.
    package init(
        shelf: ModelShelf, intents: IntentListening?, limits: ServerLimits, access: AccessRules,
        registry: MetricsRegistry, logger: Logger,
        startUpload: @escaping WorkStarter, startTeaching: @escaping WorkStarter
    ) {
        services = Services(
            shelf: shelf, intents: intents, limits: limits, access: access, admissions: Admissions(limits),
            registry: registry, metrics: ServerMetrics(registry), connections: ConnectionList(),
            logger: logger, startUpload: startUpload, startTeaching: startTeaching
        )
    }

    /// Prepares a connection for HTTP, and what may become of it.
    package func configureHTTP(_ channel: any Channel) throws {
        services.metrics.connectionOpened(.http)
        channel.closeFuture.whenComplete { _ in services.metrics.connectionClosed(.http) }
        let handler = HTTPHandler(services)
        let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        let client = Self.client(of: channel)
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: services.limits.messageBytes, automaticErrorHandling: false,
            shouldUpgrade: { channel, head in
                channel.eventLoop.makeSucceededFuture(bound.value.admitWebSocket(head, client: client))
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    let operations = channel.pipeline.syncOperations
                    try operations.addHandler(bound.value.makeWebSocketHandler())
                    operations.removeHandler(bound.value, promise: nil)
                }
            })
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = services.limits.headBytes
        limits.maxHeaderListSize = services.limits.headBytes
        limits.maxHeaderFieldCount = services.limits.headFields
        let operations = channel.pipeline.syncOperations
        try operations.configureHTTPServerPipeline(
            withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }),
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: limits)
        try operations.addHandler(handler)
    }

    /// Prepares a connection for Wyoming.
    package func configureWyoming(_ channel: any Channel) throws {
        services.metrics.connectionOpened(.wyoming)
        channel.closeFuture.whenComplete { _ in services.metrics.connectionClosed(.wyoming) }
        let decoder = WyomingDecoder(services.limits)
        let operations = channel.pipeline.syncOperations
        try operations.addHandler(ByteToMessageHandler(decoder))
        try operations.addHandler(
            WyomingHandler(services, client: Self.client(of: channel), decoder: decoder))
    }

    private static func client(of channel: any Channel) -> String {
        channel.remoteAddress?.ipAddress ?? "this machine"
    }
}
