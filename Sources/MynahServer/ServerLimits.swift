/// What clients may ask for at most; what is beyond is refused with a status of its own.
package struct ServerLimits: Sendable {
    /// Connections that are open at the same time.
    package var connections = 1_024

    /// Streams that are followed at the same time.
    package var streams = 512

    /// Streams of one address.
    package var streamsPerClient = 64

    /// Uploads that are received or recognized at the same time.
    package var uploads = 16

    /// Bytes of an upload.
    package var uploadBytes = 64 << 20

    /// Seconds of a clip that is recognized, of which a compressed upload may hold many.
    package var clipSeconds = 60.0

    /// Seconds of a recording in which words are looked for.
    package var recordingSeconds = 4.0 * 3_600

    /// Recordings of all words that a model is taught together.
    package var takes = 1_000

    /// Bytes of the header of a request, and the number of its fields.
    package var headBytes = 16 << 10
    package var headFields = 64

    /// Bytes of a frame of a WebSocket, and of the payload of a Wyoming event.
    package var messageBytes = 256 << 10

    /// Bytes of a message in JSON.
    package var textBytes = 16 << 10

    /// Seconds that a client has for a whole header, a first message, or a Wyoming event that it has begun.
    package var messageSeconds = 10.0

    /// Seconds of silence after which a connection counts as gone, but for a Wyoming connection between two events.
    package var idleSeconds = 60.0

    /// Seconds after which a Wyoming connection without events is closed; whether the other end is still there, the system
    /// finds out sooner.
    package var wyomingIdleSeconds = 3_600.0

    /// Seconds for which a client may leave unread what it was sent.
    package var slowReaderSeconds = 10.0

    /// Seconds that streams and requests have for their end when the server stops.
    package var stopSeconds = 10.0

    /// Bytes that wait for the recognizer before no more are read from a connection, and below which reading goes on.
    let waitingBytes = 256 << 10
    let resumingBytes = 64 << 10

    /// Bytes of samples that are heard before another stream has its turn: a second of 16 kHz.
    let turnBytes = 32 << 10

    /// The usual limits.
    package init() {}
}
