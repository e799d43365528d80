import MynahBase

/// Recordings in which no command is said, such as running speech: random windows of them are examples of `_unknown_`.
///
/// Clips of single words begin and end with the word. In running speech a window begins anywhere, and words run into each
/// other; whoever listens to a stream hears little else. The recordings are laid end to end, in the order given, as
/// `mynah evaluate --negatives` hears them. All of them are for training, unless there is nothing else of `_unknown_` to
/// validate with: then the last tenth is for that (`divided`).
package struct NegativeRecordings: Sendable {
    /// A file that is to be decoded.
    package struct File: Hashable, Sendable {
        /// Where it lies.
        package let path: String

        /// Its path within the folder that was named, which is the same wherever that lies.
        package let name: String

        /// Names a file.
        package init(path: String, name: String) {
            self.path = path
            self.name = name
        }
    }

    /// The recordings that could not be decoded.
    package let unreadable: [ClipStore.Unreadable]

    /// Number of recordings that could be decoded.
    package let count: Int

    /// Total length of what is used of these, in seconds.
    package let seconds: Double

    /// What the user should know about the recordings, one line each.
    package let notes: [String]

    /// Names and lengths in samples of the decoded recordings, for the hash of the data.
    let contents: [(name: String, sampleCount: Int)]

    private let samples: QuantizedSamples

    /// The samples that stretches are drawn from.
    private var range: Range<Int>

    /// No recordings.
    package static let none = NegativeRecordings()

    private init() {
        unreadable = []
        count = 0
        seconds = 0
        notes = []
        contents = []
        samples = QuantizedSamples([])
        range = 0..<0
    }

    /// The most memory that recordings take unless told otherwise, in bytes: 18 hours at 16 kHz.
    package static let defaultLimitBytes = 2 << 30

    /// Decodes recordings on `threads` threads.
    ///
    /// They may have any length: where they take more memory than `limitBytes`, stretches of the longest ones are left
    /// out, evenly spread.
    ///
    /// - Throws: `DataError.noNegatives` when none can be decoded, `.tooManyNegatives` when there are too many to take a
    ///   stretch of each.
    package init(
        decoding files: [File], with decoder: ClipDecoder, threads: Int, limitBytes: Int = defaultLimitBytes
    ) throws(DataError) {
        let all = decoder.recordings(
            of: files.map { ($0.path, $0.name) }, threads: threads, limitBytes: limitBytes)
        guard let (recordings, unreadable, _) = all else {
            throw .tooManyNegatives(fileCount: files.count, limitBytes: limitBytes)
        }
        var decoded = recordings
        if let first = unreadable.first, decoded.isEmpty {
            throw .noNegatives(fileCount: files.count, firstName: first.name, firstReason: first.reason)
        }
        self.unreadable = unreadable
        notes = decoder.thinningNotes(decoded)
        contents = decoded.map { ($0.name, $0.content.samples.count) }
        count = decoded.count
        var samples = QuantizedSamples([])
        for index in decoded.indices {
            samples.append(decoded[index].content.samples)
            // Otherwise all of them would be in memory twice.
            decoded[index].content = ThinnedRecording(pieceLength: 1)
        }
        self.samples = samples
        range = 0..<samples.count
        seconds = Double(samples.count) / Double(decoder.sampleRate)
    }

    /// The recordings with the first nine tenths to draw from, and with the last.
    package var divided: (training: NegativeRecordings, validation: NegativeRecordings) {
        let mark = samples.count / 10 * 9
        var parts = (training: self, validation: self)
        // Of fewer than ten samples both take all.
        if mark > 0 {
            parts.training.range = 0..<mark
            parts.validation.range = mark..<samples.count
        }
        return parts
    }

    /// A random stretch of `sampleCount` samples, or all of them where there are fewer; one number is drawn.
    ///
    /// - Precondition: there are recordings.
    func stretch(sampleCount: Int, using generator: inout SeededGenerator) -> QuantizedSamples {
        precondition(range.count > 0, "a stretch of no recordings")
        let length = min(sampleCount, range.count)
        let start = range.lowerBound + generator.index(below: range.count - length + 1)
        return samples.part(start..<start + length)
    }
}
