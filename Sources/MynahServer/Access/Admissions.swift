import Synchronization

/// Counts what is open, and refuses what is beyond the limits.
final class Admissions: Sendable {
    private struct Counts {
        var connections = 0
        var streams = 0
        var streamsOfClients: [String: Int] = [:]
        var uploads = 0
        var isStopping = false
    }

    private let limits: ServerLimits
    private let counts = Mutex(Counts())

    init(_ limits: ServerLimits) {
        self.limits = limits
    }

    /// Streams that are followed.
    var streamCount: Int { counts.withLock { $0.streams } }

    /// Connections that are open.
    var connectionCount: Int { counts.withLock { $0.connections } }

    /// Whether the server is about to end.
    var isStopping: Bool { counts.withLock { $0.isStopping } }

    /// Refuses all that is new from now on.
    func stop() { counts.withLock { $0.isStopping = true } }

    /// Counts a connection, beyond the limit as well: it is told, and closed.
    ///
    /// - Returns: whether it is within the limit.
    func openConnection() -> Bool {
        counts.withLock { counts in
            counts.connections += 1
            return counts.connections <= limits.connections
        }
    }

    /// The connection is closed.
    func closeConnection() { counts.withLock { $0.connections -= 1 } }

    /// Counts a stream of a client until ``closeStream(of:)``.
    func openStream(of client: String) throws(ServerFault) {
        let fault: ServerFault? = counts.withLock { counts in
            if counts.isStopping { return .stopping }
            if counts.streams >= limits.streams { return .tooManyStreams(limit: limits.streams) }
            let own = counts.streamsOfClients[client, default: 0]
            if own >= limits.streamsPerClient {
                return .tooManyStreamsOfClient(limit: limits.streamsPerClient)
            }
            counts.streams += 1
            counts.streamsOfClients[client] = own + 1
            return nil
        }
        if let fault { throw fault }
    }

    /// The stream has ended.
    func closeStream(of client: String) {
        counts.withLock { counts in
            counts.streams -= 1
            let left = counts.streamsOfClients[client, default: 1] - 1
            counts.streamsOfClients[client] = left == 0 ? nil : left
        }
    }

    /// Counts an upload until ``closeUpload()``.
    func openUpload() throws(ServerFault) {
        let fault: ServerFault? = counts.withLock { counts in
            if counts.isStopping { return .stopping }
            guard counts.uploads < limits.uploads else { return .tooManyUploads(limit: limits.uploads) }
            counts.uploads += 1
            return nil
        }
        if let fault { throw fault }
    }

    /// The upload was answered, or given up.
    func closeUpload() { counts.withLock { $0.uploads -= 1 } }
}
