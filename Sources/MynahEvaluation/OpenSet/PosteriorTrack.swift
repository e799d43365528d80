public import MynahModel
public import MynahRecognition

/// The posteriors of a whole recording, kept so that thresholds can be compared without running the network again.
public struct PosteriorTrack: Sendable {
    /// What the recording is called in reports; tracks of one name are parts of one recording.
    public let name: String

    /// Length of the recording, in seconds.
    public let seconds: Double

    /// `[C]`, what the posteriors are of.
    public let labels: [String]

    /// Seconds between two frames.
    public let frameSeconds: Double

    /// Where the first frame ends, in seconds.
    public let firstFrameEnd: Double

    /// `[frameCount, C]`, row-major.
    public let posteriors: [Float]

    /// What the network said of the last moments alone, which tells a word said twice from a long one.
    public let recent: Recent?

    /// The words that are spoken in it; empty for a recording without commands.
    public let truth: [TruthEvent]

    /// The files that it was put together from, in their order; empty when it is one file.
    public let pieces: [Piece]

    /// A file within a recording that was put together from several.
    public struct Piece: Hashable, Sendable {
        /// The file.
        public let name: String

        /// Where it begins in the recording, in seconds.
        public let start: Double
    }

    /// What `CommandDecoder` takes beside the posteriors of a frame.
    public struct Recent: Sendable {
        /// `[frameCount, C]`, row-major.
        public var posteriors: [Float]

        /// `[frameCount]`, the share of the network's attention.
        public var shares: [Float]

        /// Wraps both.
        public init(posteriors: [Float] = [], shares: [Float] = []) {
            self.posteriors = posteriors
            self.shares = shares
        }
    }

    /// Wraps the posteriors of a recording; traps unless they fill rows of one value per label, as many in `recent`.
    public init(
        name: String, seconds: Double, labels: [String], frameSeconds: Double, firstFrameEnd: Double,
        posteriors: [Float], recent: Recent? = nil, truth: [TruthEvent], pieces: [Piece] = []
    ) {
        precondition(
            !labels.isEmpty && posteriors.count.isMultiple(of: labels.count),
            "\(posteriors.count) posteriors do not fill rows of \(labels.count) labels")
        if let recent {
            precondition(
                recent.posteriors.count == posteriors.count
                    && recent.shares.count == posteriors.count / labels.count,
                "\(recent.posteriors.count) recent posteriors in \(recent.shares.count) frames, expected "
                    + "\(posteriors.count) in \(posteriors.count / labels.count)")
        }
        self.name = name
        self.seconds = seconds
        self.labels = labels
        self.frameSeconds = frameSeconds
        self.firstFrameEnd = firstFrameEnd
        self.posteriors = posteriors
        self.recent = recent
        self.truth = truth
        self.pieces = pieces
    }

    /// The file that is heard at a time, and the seconds since its start.
    public func place(ofSecond second: Double) -> (file: String, second: Double) {
        guard let piece = pieces.last(where: { $0.start <= second }) else { return (name, second) }
        return (piece.name, second - piece.start)
    }

    /// What the decoder of recognition detects in the recording.
    public func detections(_ settings: DetectionSettings) -> [Detection] {
        var decoder = CommandDecoder(
            labels: labels, settings: settings, frameSeconds: frameSeconds, firstFrameEnd: firstFrameEnd)
        let rows = posteriors.span
        var detections: [Detection] = []
        for frame in 0..<posteriors.count / labels.count {
            let row = frame * labels.count..<(frame + 1) * labels.count
            let detection =
                if let recent {
                    decoder.push(
                        rows.extracting(row), recent: recent.posteriors.span.extracting(row),
                        recentShare: recent.shares[frame])
                } else {
                    decoder.push(rows.extracting(row))
                }
            if let detection { detections.append(detection) }
        }
        return detections
    }
}
