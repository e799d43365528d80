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

    /// The highest posterior of any word within each ``blockLength`` decisions, so that quiet stretches can be passed over.
    private let peaks: [Float]

    private static let blockLength = 32

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

        /// `[decisionCount, C]`, whether a word may not be detected yet; empty where nothing verifies words.
        package var withheld: [Bool]

        /// Wraps them.
        package init(posteriors: [Float] = [], shares: [Float] = [], withheld: [Bool] = []) {
            self.posteriors = posteriors
            self.shares = shares
            self.withheld = withheld
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
            precondition(
                recent.withheld.isEmpty || recent.withheld.count == posteriors.count,
                "\(recent.withheld.count) words withheld or not, expected none or \(posteriors.count)")
        }
        self.name = name
        self.seconds = seconds
        self.labels = labels
        self.timing = timing
        self.posteriors = posteriors
        self.recent = recent
        self.truth = truth
        self.pieces = pieces
        let words = labels.indices.filter { StandardLabel.isWord(labels[$0]) }
        let decisionCount = posteriors.count / labels.count
        peaks = stride(from: 0, to: decisionCount, by: Self.blockLength).map { start in
            var peak: Float = 0
            for decision in start..<min(decisionCount, start + Self.blockLength) {
                for word in words { peak = max(peak, posteriors[decision * labels.count + word]) }
            }
            return peak
        }
    }

    /// The file that is heard at a time, and the seconds since its start.
    package func place(ofSecond second: Double) -> (file: String, second: Double) {
        guard let piece = pieces.last(where: { $0.start <= second }) else { return (name, second) }
        return (piece.name, second - piece.start)
    }

    /// What the decoder of recognition detects in the recording.
    package func detections(_ settings: DetectionSettings) -> [Detection] {
        var decoder = CommandDecoder(labels: labels, settings: settings, timing: timing)
        let limit = decoder.quietLimit
        let rows = posteriors.span
        var detections: [Detection] = []
        var decision = 0
        // Within a quiet stretch, but for a window at either end.
        var skipped = 0..<0
        while decision < posteriors.count / labels.count {
            let quietEnd = quietEnd(from: decision, below: limit)
            if quietEnd - decision > 2 * decoder.windowDecisions {
                skipped = decision + decoder.windowDecisions..<quietEnd - decoder.windowDecisions
            }
            if decision == skipped.lowerBound {
                decoder.skip(skipped.count)
                decision = skipped.upperBound
            }
            let row = decision * labels.count..<(decision + 1) * labels.count
            let detection =
                if let recent {
                    decoder.push(
                        rows.extracting(row), recent: recent.posteriors.span.extracting(row),
                        recentShare: recent.shares[decision],
                        withheld: recent.withheld.isEmpty ? [] : recent.withheld[row])
                } else {
                    decoder.push(rows.extracting(row))
                }
            if let detection { detections.append(detection) }
            decision += 1
        }
        return detections
    }

    /// The decision at which a stretch ends that begins at another one, with a block, and has no posterior of a word up to a limit.
    private func quietEnd(from decision: Int, below limit: Float) -> Int {
        guard decision.isMultiple(of: Self.blockLength) else { return decision }
        let blocks = peaks[(decision / Self.blockLength)...].prefix { $0 < limit }
        return min(blocks.endIndex * Self.blockLength, posteriors.count / labels.count)
    }
}
