public import MynahModel
import MynahRecognition

/// How well words are detected in continuous audio with one setting of the decoder.
public struct OpenSetScore: Codable, Hashable, Sendable {
    /// The same for one word.
    public struct Word: Codable, Hashable, Sendable {
        /// The word.
        public let word: String

        /// Share of the times that it was said in which it was not detected; nil if it was never said.
        public let misses: Proportion?

        /// Detections of it that were none, duplicates among them.
        public let falseAlarms: EventRate

        /// Detections of it while another word was said, which was missed.
        public let wrongLabels: Int
    }

    /// Share of the words said that were not detected as what they are; nil if none was said.
    public let misses: Proportion?

    /// Detections where no word was said, and second detections of one word.
    public let falseAlarms: EventRate

    /// How many of ``falseAlarms`` are second detections of one word.
    public let duplicates: Int

    /// Words that were detected as another word; they are misses, too, but no false alarms.
    public let wrongLabels: Int

    /// Seconds from the end of a word to its detection, median and 95th percentile; nil without a hit.
    public let delays: Delays?

    /// One for each word of the model, in the order of the labels.
    public let words: [Word]

    /// Delays of the hits, in seconds; negative when a word is detected before it is over.
    public struct Delays: Codable, Hashable, Sendable {
        /// Half of the hits come no later.
        public let median: Quantile

        /// 95 % of the hits come no later.
        public let p95: Quantile
    }

    /// Scores what the decoder detects in some recordings, at least one of which has a length.
    ///
    /// - Parameters:
    ///   - tracks: recordings with equal labels.
    ///   - settings: those of the decoder.
    public init(_ tracks: [PosteriorTrack], settings: DetectionSettings) {
        let labels = tracks.first?.labels ?? []
        var counts = [Counts](repeating: Counts(), count: labels.count)
        var duplicates = 0
        var delays: [Double] = []
        for track in tracks {
            let detections = track.detections(settings)
            let matching = DetectionMatching(detections, with: track.truth, labels: labels)
            for event in matching.commandEvents {
                guard let label = labels.firstIndex(of: track.truth[event].word) else { continue }
                counts[label].events += 1
            }
            for (detection, verdict) in zip(detections, matching.verdicts) {
                switch verdict {
                case .hit(let event):
                    counts[detection.label].hits += 1
                    delays.append(detection.end - track.truth[event].end)
                case .wrongLabel: counts[detection.label].wrongLabels += 1
                case .duplicate:
                    duplicates += 1
                    counts[detection.label].falseAlarms += 1
                case .falseAlarm: counts[detection.label].falseAlarms += 1
                }
            }
        }
        let hours = tracks.reduce(0) { $0 + $1.seconds } / 3600
        let events = counts.reduce(0) { $0 + $1.events }
        misses = Proportion(count: events - counts.reduce(0) { $0 + $1.hits }, total: events)
        falseAlarms = EventRate(count: counts.reduce(0) { $0 + $1.falseAlarms }, hours: hours)
        self.duplicates = duplicates
        wrongLabels = counts.reduce(0) { $0 + $1.wrongLabels }
        delays.sort()
        self.delays =
            delays.isEmpty
            ? nil : Delays(median: Quantile(0.5, ofSorted: delays), p95: Quantile(0.95, ofSorted: delays))
        words = zip(labels, counts).filter { StandardLabel.isWord($0.0) }.map { label, counts in
            Word(
                word: label, misses: Proportion(count: counts.events - counts.hits, total: counts.events),
                falseAlarms: EventRate(count: counts.falseAlarms, hours: hours),
                wrongLabels: counts.wrongLabels)
        }
    }

    private struct Counts {
        var events = 0
        var hits = 0
        var falseAlarms = 0
        var wrongLabels = 0
    }
}
