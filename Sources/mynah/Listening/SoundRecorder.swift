import MynahAudio
import MynahModel

/// Keeps what was heard, so that it can be listened to again: as it came, before any conversion of its rate.
struct SoundRecorder: ~Copyable {
    /// Exact, so that the recording gives the events that were heard live.
    private static let encoding = WAVEncoding.float32

    private let path: String
    private let spool: Spool
    private var sampleCount = 0

    /// Prepares to write to `path` at the end; until then samples are in a temporary file.
    init(_ path: String) throws {
        try OutputFile.requireWritable(path)
        let spool = try Spool()
        self.path = path
        self.spool = spool
    }

    /// Adds samples.
    mutating func append(_ samples: [Float]) throws {
        try spool.append(Self.encoding.bytes(of: samples.span))
        sampleCount += samples.count
    }

    /// Writes the file.
    consuming func finish(sampleRate: Int) throws {
        let file = try AtomicFile(replacing: path)
        try file.append(Self.encoding.header(sampleCount: sampleCount, sampleRate: sampleRate))
        try spool.read { try file.append($0) }
        try file.commit()
    }
}
