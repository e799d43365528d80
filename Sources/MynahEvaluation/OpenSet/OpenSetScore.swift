package import MynahModel
import MynahRecognition

/// How well words are detected in continuous audio with one setting of the decoder.
package struct OpenSetScore: Codable, Hashable, Sendable {
    /// The same for one word.
    package struct Word: Codable, Hashable, Sendable {
        /// The word.
        package let word: String

        /// Share of the times that it was said in which it was not detected; nil if it was never said.
        package let misses: Proportion?

        /// Detections of it that were none, duplicates among them.
        package let falseAlarms: EventRate

        /// Detections of it while another word was said, which was missed.
        package let wrongLabels: Int
    }

    /// The same for one recording.
    package struct Recording: Codable, Hashable, Sendable {
        /// The recording.
        package let name: String

        /// Share of its words that were not detected as what they are; nil if it has none.
        package let misses: Proportion?

        /// Detections where no word was said, and second detections of one word.
        package let falseAlarms: EventRate

        /// Words that were detected as another word.
        package let wrongLabels: Int
    }

    /// Share of the words said that were not detected as what they are; nil if none was said.
    package let misses: Proportion?

    /// Detections where no word was said, and second detections of one word.
    package let falseAlarms: EventRate

    /// How many of ``falseAlarms`` are second detections of one word.
    package let duplicates: Int

    /// Words that were detected as another word; they are misses, too, but no false alarms.
    package let wrongLabels: Int

    /// Seconds from the end of a word to its detection, median and 95th percentile; nil without a hit.
    package let delays: Delays?

    /// One for each word of the model, in the order of the labels.
    package let words: [Word]

    /// One for each recording, in their order.
    package let recordings: [Recording]

    /// Delays of the hits, in seconds; negative when a word is detected before it is over.
    package struct Delays: Codable, Hashable, Sendable {
        /// Half of the hits come no later.
        package let median: Quantile

        /// 95 % of the hits come no later.
        package let p95: Quantile
    }

    /// Scores what the decoder detects in some recordings, each of which has a length.
    ///
    /// - Parameters:
    ///   - tracks: recordings with equal labels; the ones of a name count as one.
    ///   - settings: those of the decoder.
    package init(_ tracks: [PosteriorTrack], settings: DetectionSettings) {
        let labels = tracks.first?.labels ?? []
        var words = [Counts](repeating: Counts(), count: labels.count)
        var recordings: [(name: String, counts: Counts, seconds: Double)] = []
        var duplicates = 0
        var delays: [Double] = []
        for track in tracks {
            let detections = track.detections(settings)
            let matching = DetectionMatching(detections, with: track.truth, labels: labels)
            var here = [Counts](repeating: Counts(), count: labels.count)
            for event in matching.commandEvents {
                guard let label = labels.firstIndex(of: track.truth[event].word) else { continue }
                here[label].events += 1
            }
            for (detection, verdict) in zip(detections, matching.verdicts) {
                switch verdict {
                case .hit(let event):
                    here[detection.label].hits += 1
                    delays.append(detection.end - track.truth[event].end)
                case .wrongLabel: here[detection.label].wrongLabels += 1
                case .duplicate:
                    duplicates += 1
                    here[detection.label].falseAlarms += 1
                case .falseAlarm: here[detection.label].falseAlarms += 1
                }
            }
            for label in labels.indices { words[label].add(here[label]) }
            if recordings.last?.name != track.name { recordings.append((track.name, Counts(), 0)) }
            for counts in here { recordings[recordings.count - 1].counts.add(counts) }
            recordings[recordings.count - 1].seconds += track.seconds
        }
        var all = Counts()
        for counts in words { all.add(counts) }
        let hours = tracks.reduce(0) { $0 + $1.seconds } / 3600
        misses = all.misses
        falseAlarms = EventRate(count: all.falseAlarms, hours: hours)
        self.duplicates = duplicates
        wrongLabels = all.wrongLabels
        delays.sort()
        self.delays =
            delays.isEmpty
            ? nil : Delays(median: Quantile(0.5, ofSorted: delays), p95: Quantile(0.95, ofSorted: delays))
        self.words = zip(labels, words).filter { StandardLabel.isWord($0.0) }.map { label, counts in
            Word(
                word: label, misses: counts.misses,
                falseAlarms: EventRate(count: counts.falseAlarms, hours: hours),
                wrongLabels: counts.wrongLabels)
        }
        self.recordings = recordings.map { name, counts, seconds in
            Recording(
                name: name, misses: counts.misses,
                falseAlarms: EventRate(count: counts.falseAlarms, hours: seconds / 3600),
                wrongLabels: counts.wrongLabels)
        }
    }

    private struct Counts {
        var events = 0
        var hits = 0
        var falseAlarms = 0
        var wrongLabels = 0

        var misses: Proportion? { Proportion(count: events - hits, total: events) }

        mutating func add(_ other: Counts) {
            events += other.events
            hits += other.hits
            falseAlarms += other.falseAlarms
            wrongLabels += other.wrongLabels
        }
    }
}

/// Events per hour of audio, with the count behind them and the exact Poisson interval.
package struct EventRate: Codable, Hashable, Sendable {
    /// Events, at least 0.
    package let count: Int

    /// Hours of audio, more than 0.
    package let hours: Double

    /// `count / hours`.
    package let perHour: Double

    /// The exact 95 % interval of ``perHour``.
    package let interval: Interval

    /// The rate of `count` events in `hours`; traps unless the hours are positive.
    package init(count: Int, hours: Double) {
        precondition(hours > 0, "\(count) events in \(hours) hours")
        self.count = count
        self.hours = hours
        perHour = Double(count) / hours
        let limits = Interval.poisson(count: count)
        interval = Interval(lower: limits.lower / hours, upper: limits.upper / hours)
    }
}
