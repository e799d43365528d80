package import MynahModel
package import MynahRecognition

/// The posteriors of a whole recording, kept so that thresholds can be compared without running the network again.
package struct PosteriorTrack: Sendable {
    /// What the recording is called in reports; tracks of one name are parts of one recording.
    package let name: String

    /// Length of the recording, in seconds.
    package let seconds: Double

    /// `[C]`, what the posteriors are of.
    package let labels: [String]

    /// When the network spoke.
    package let timing: StreamTiming

    /// `[decisionCount, C]`, row-major.
    package let posteriors: [Float]

    /// What the network said of the last moments alone, which tells a word said twice from a long one.
    package let recent: Recent?

    /// The words that are spoken in it; empty for a recording without commands.
    package let truth: [TruthEvent]

    /// The files that it was put together from, in their order; empty when it is one file.
    package let pieces: [Piece]

    /// A file within a recording that was put together from several.
    package struct Piece: Hashable, Sendable {
        /// The file.
        package let name: String

        /// Where it begins in the recording, in seconds.
        package let start: Double
    }

    /// What `CommandDecoder` takes beside the posteriors of a decision.
    package struct Recent: Sendable {
        /// `[decisionCount, C]`, row-major.
        package var posteriors: [Float]

        /// `[decisionCount]`, the share of the network's attention.
        package var shares: [Float]

        /// Wraps both.
        package init(posteriors: [Float] = [], shares: [Float] = []) {
            self.posteriors = posteriors
            self.shares = shares
        }
    }

    /// Wraps the posteriors of a recording; traps unless they fill rows of one value per label, as many in `recent`.
    package init(
        name: String, seconds: Double, labels: [String], timing: StreamTiming, posteriors: [Float],
        recent: Recent? = nil, truth: [TruthEvent], pieces: [Piece] = []
    ) {
        precondition(
            !labels.isEmpty && posteriors.count.isMultiple(of: labels.count),
            "\(posteriors.count) posteriors do not fill rows of \(labels.count) labels")
        if let recent {
            precondition(
                recent.posteriors.count == posteriors.count
                    && recent.shares.count == posteriors.count / labels.count,
                "\(recent.posteriors.count) recent posteriors of \(recent.shares.count) decisions, expected "
                    + "\(posteriors.count) in \(posteriors.count / labels.count)")
        }
        self.name = name
        self.seconds = seconds
        self.labels = labels
        self.timing = timing
        self.posteriors = posteriors
        self.recent = recent
        self.truth = truth
        self.pieces = pieces
    }

    /// The file that is heard at a time, and the seconds since its start.
    package func place(ofSecond second: Double) -> (file: String, second: Double) {
        guard let piece = pieces.last(where: { $0.start <= second }) else { return (name, second) }
        return (piece.name, second - piece.start)
    }

    /// What the decoder of recognition detects in the recording.
    package func detections(_ settings: DetectionSettings) -> [Detection] {
        var decoder = CommandDecoder(labels: labels, settings: settings, timing: timing)
        let rows = posteriors.span
        var detections: [Detection] = []
        for decision in 0..<posteriors.count / labels.count {
            let row = decision * labels.count..<(decision + 1) * labels.count
            let detection =
                if let recent {
                    decoder.push(
                        rows.extracting(row), recent: recent.posteriors.span.extracting(row),
                        recentShare: recent.shares[decision])
                } else {
                    decoder.push(rows.extracting(row))
                }
            if let detection { detections.append(detection) }
        }
        return detections
    }
}
