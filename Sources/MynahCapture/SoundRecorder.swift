import MynahAudio
package import MynahBase

/// Why a recording does not hold all that was heard.
package enum RecordingError: Error, CustomStringConvertible {
    /// It ends before what is heard, of which so much is kept.
    case cutShort(path: String, seconds: Double, reason: String)

    /// One line: which file, how much of it there is, why.
    package var description: String {
        switch self {
        case .cutShort(let path, let seconds, let reason):
            "\(path.printable): ends after \(NumberText.fixed(seconds, decimals: 2)) s, which are kept: \(reason)"
        }
    }
}

/// Keeps what was heard, so that it can be listened to again: as it came, before any conversion of its rate.
///
/// Samples go to a temporary file beside the recording, which takes the name of the recording when it is complete: at the
/// end, or as soon as no more can be kept.
package struct SoundRecorder: ~Copyable {
    /// Exact, so that the recording gives the events that were heard live.
    private static let encoding = WAVEncoding.float32

    private let path: String
    private var file: AtomicFile?

    /// Prepares to write to `path`.
    package init(_ path: String) throws(FileError) {
        self.path = path
        file = try AtomicFile(replacing: path)
    }

    /// Adds samples.
    ///
    /// - Throws: ``RecordingError/cutShort(path:seconds:reason:)`` once, when no more can be kept, for instance on a
    ///   full disk. What could be is complete then, and whatever comes later is left out.
    mutating func append(_ samples: [Float], sampleRate: Int) throws {
        guard let file = file.take() else { return }
        let reason: String
        do throws(FileError) {
            if file.byteCount == 0 { try file.append(Self.header(sampleCount: 0, sampleRate: sampleRate)) }
            try file.append(Self.encoding.bytes(of: samples.span))
            self.file = consume file
            return
        } catch {
            reason = if case .unwritable(_, let reason) = error { reason } else { "\(error)" }
        }
        let count = try Self.complete(file, sampleRate: sampleRate)
        throw RecordingError.cutShort(
            path: path, seconds: Double(count) / Double(sampleRate), reason: reason)
    }

    /// Completes the recording, if that was not done before.
    ///
    /// - Returns: how many samples it holds; nil if it was complete, or if nothing was heard and there is none.
    consuming func finish(sampleRate: Int) throws -> Int? {
        guard let file = file.take(), file.byteCount > 0 else { return nil }
        return try Self.complete(file, sampleRate: sampleRate)
    }

    private static func header(sampleCount: Int, sampleRate: Int) -> [UInt8] {
        encoding.header(sampleCount: sampleCount, sampleRate: sampleRate, isGrowing: true)
    }

    private static func sampleCount(in file: borrowing AtomicFile) -> Int {
        let headerSize = header(sampleCount: 0, sampleRate: 1).count
        return max(0, file.byteCount - headerSize) / MemoryLayout<Float>.size
    }

    /// Has the header say how many samples there are, and gives the file its name.
    private static func complete(_ file: consuming AtomicFile, sampleRate: Int) throws -> Int {
        let count = sampleCount(in: file)
        let header = header(sampleCount: count, sampleRate: sampleRate)
        try file.cut(to: header.count + MemoryLayout<Float>.size * count, head: header)
        try file.commit()
        return count
    }
}
