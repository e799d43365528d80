import MynahAudio
import MynahModel

/// Keeps what was heard, so that it can be listened to again: as WAV of 16 bits, before any conversion of its rate.
struct SoundRecorder: ~Copyable {
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

    /// Adds samples, as far as a WAV file can hold them.
    mutating func append(_ samples: [Float]) throws {
        let fitting = samples.prefix(PCM16WAV.maximumSampleCount - sampleCount)
        guard !fitting.isEmpty else { return }
        try spool.append(PCM16WAV.bytes(of: fitting.span))
        sampleCount += fitting.count
    }

    /// Writes the file.
    consuming func finish(sampleRate: Int) throws {
        let file = try AtomicFile(replacing: path)
        try file.append(PCM16WAV.header(sampleCount: sampleCount, sampleRate: sampleRate))
        try spool.read { try file.append($0) }
        try file.commit()
    }
}
