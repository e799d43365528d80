import CoreMetrics
import Synchronization

/// How a client speaks to the server.
enum Transport: String, Sendable {
    /// Requests; the connection of a WebSocket begins as one.
    case http
    case webSocket = "websocket"
    case wyoming
}

/// What the server counts.
final class ServerMetrics: Sendable {
    private let registry: MetricsRegistry
    private let connections: [Transport: Meter]
    private let streams: [Transport: Meter]
    private let audioSeconds: FloatingPointCounter
    private let frameTime: Timer
    private let waitingTime: Timer
    private let overruns: Counter
    private let brokenSamples: Counter
    private let requestTime: Timer

    init(_ registry: MetricsRegistry) {
        self.registry = registry
        for (label, help) in [
            ("mynah_connections", "Open connections."),
            ("mynah_streams", "Streams that are followed."),
            ("mynah_audio_seconds_total", "Seconds of sound that were heard."),
            ("mynah_detections_total", "Words that were found in streams and recordings."),
            ("mynah_frame_processing_seconds", "Time that the recognizer takes for 10 ms of sound."),
            ("mynah_chunk_wait_seconds", "Time from the arrival of samples to when they begin to be heard."),
            ("mynah_overruns_total", "Times that a client was ahead of the recognizer and had to wait."),
            ("mynah_broken_samples_total", "Samples that were no numbers, and counted as silence."),
            ("mynah_rejected_total", "Connections, streams and requests that were refused."),
            ("mynah_dropped_total", "Connections that the server gave up."),
            ("mynah_requests_total", "Requests that were answered."),
            ("mynah_request_seconds", "Time from the head of a request to its answer."),
        ] {
            registry.describe(label, as: help)
        }
        func meters(_ label: String, _ transports: [Transport]) -> [Transport: Meter] {
            var meters: [Transport: Meter] = [:]
            for transport in transports {
                let meter = Meter(
                    label: label, dimensions: [("transport", transport.rawValue)], factory: registry)
                meter.set(0)
                meters[transport] = meter
            }
            return meters
        }
        connections = meters("mynah_connections", [.http, .wyoming])
        streams = meters("mynah_streams", [.webSocket, .wyoming])
        audioSeconds = FloatingPointCounter(label: "mynah_audio_seconds_total", factory: registry)
        frameTime = Timer(label: "mynah_frame_processing_seconds", factory: registry)
        waitingTime = Timer(label: "mynah_chunk_wait_seconds", factory: registry)
        overruns = Counter(label: "mynah_overruns_total", factory: registry)
        brokenSamples = Counter(label: "mynah_broken_samples_total", factory: registry)
        requestTime = Timer(label: "mynah_request_seconds", factory: registry)
    }

    func connectionOpened(_ transport: Transport) { connections[transport]?.increment() }
    func connectionClosed(_ transport: Transport) { connections[transport]?.decrement() }
    func streamOpened(_ transport: Transport) { streams[transport]?.increment() }
    func streamClosed(_ transport: Transport) { streams[transport]?.decrement() }

    /// So much sound was heard, in so much time.
    func heard(seconds: Double, in duration: Duration) {
        guard seconds > 0 else { return }
        audioSeconds.increment(by: seconds)
        frameTime.recordNanoseconds(Int64(Double(duration.nanoseconds) / max(1, 100 * seconds)))
    }

    func waited(_ duration: Duration) { waitingTime.recordNanoseconds(duration.nanoseconds) }
    func overrun() { overruns.increment() }
    func broken(_ count: Int) { if count > 0 { brokenSamples.increment(by: count) } }

    func detected(_ word: String, model: String) {
        Counter(
            label: "mynah_detections_total", dimensions: [("model", model), ("word", word)], factory: registry
        ).increment()
    }

    /// Something was refused for a reason.
    func rejected(_ transport: Transport, _ fault: ServerFault) {
        Counter(
            label: "mynah_rejected_total",
            dimensions: [("transport", transport.rawValue), ("reason", fault.code)], factory: registry
        ).increment()
    }

    /// A connection was given up for a reason.
    func dropped(_ transport: Transport, _ reason: String) {
        Counter(
            label: "mynah_dropped_total",
            dimensions: [("transport", transport.rawValue), ("reason", reason)], factory: registry
        ).increment()
    }

    func answered(route: String, status: UInt, in duration: Duration) {
        Counter(
            label: "mynah_requests_total", dimensions: [("route", route), ("status", "\(status)")],
            factory: registry
        ).increment()
        requestTime.recordNanoseconds(duration.nanoseconds)
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
