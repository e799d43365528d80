package import MynahModel
import MynahRecognition

/// How well a model detects its words in continuous audio: with the settings it would be used with, and over all
/// thresholds.
package struct OpenSetEvaluation: Codable, Hashable, Sendable {
    /// What was listened to.
    package let recordings: [OpenSetListening.Recording]

    /// The settings of the decoder behind ``score``.
    package let settings: DetectionSettings

    /// What these settings give.
    package let score: OpenSetScore

    /// What each threshold, the same for all words, gives: the DET curve.
    package let curve: [CurvePoint]

    /// What is missed within budgets of false alarms.
    package let operatingPoints: [DetectionErrorTradeoff.OperatingPoint]

    /// The point of the curve with the fewest false alarms of those that miss at most 5 %; nil if there is none.
    package let atMissTarget: CurvePoint?

    /// Thresholds for a budget of false alarms; nil unless asked for.
    package let advice: ThresholdAdvice?

    /// False alarms with ``settings``, highest confidence first.
    package let confidentFalseAlarms: [FalseAlarm]

    /// Words that were missed with ``settings``, in the order in which they were said.
    package let missedWords: [MissedWord]

    /// Length of all recordings together, in seconds.
    package let audioSeconds: Double

    /// Processor time that listening took, summed over threads, in seconds.
    package let processingSeconds: Double

    /// A point of the DET curve.
    package struct CurvePoint: Codable, Hashable, Sendable {
        /// The threshold of all words.
        package let threshold: Float

        /// Share of the words said that are missed; nil if none was said.
        package let misses: Proportion?

        /// False alarms in all recordings.
        package let falseAlarms: EventRate

        /// Words that were detected as another word.
        package let wrongLabels: Int

        /// The same in each recording.
        package let recordings: [OpenSetScore.Recording]

        init(_ point: DetectionErrorTradeoff.Point) {
            threshold = point.threshold
            misses = point.score.misses
            falseAlarms = point.score.falseAlarms
            wrongLabels = point.score.wrongLabels
            recordings = point.score.recordings
        }
    }

    /// A detection where nothing of the kind was said.
    package struct FalseAlarm: Codable, Hashable, Sendable {
        /// The file in which it was made.
        package let file: String

        /// When it was made, in seconds since the start of the file.
        package let second: Double

        /// What was detected.
        package let word: String

        /// The highest smoothed posterior, `0 ... 1`.
        package let confidence: Float
    }

    /// A word that was not detected as what it is.
    package struct MissedWord: Codable, Hashable, Sendable {
        /// The recording.
        package let file: String

        /// Where the word begins, in seconds.
        package let start: Double

        /// Where the word ends, in seconds.
        package let end: Double

        /// What was said.
        package let word: String

        /// What was detected instead; nil for nothing.
        package let heard: String?
    }

    /// Decodes what was listened to.
    ///
    /// - Parameters:
    ///   - settings: those that the model would be used with.
    ///   - budgetPerHour: false alarms per hour for which thresholds are to be advised; nil for no advice.
    ///   - listLength: the greatest length of each list.
    /// - Throws: ``EvaluationError/noAudio`` when nothing could be read.
    package init(
        _ listening: OpenSetListening, settings: DetectionSettings, budgetPerHour: Double?, threads: Int,
        listLength: Int = 10
    ) throws(EvaluationError) {
        let tracks = listening.tracks
        guard !tracks.isEmpty else { throw .noAudio }
        recordings = listening.recordings
        self.settings = settings
        score = OpenSetScore(tracks, settings: settings)
        let tradeoff = DetectionErrorTradeoff(tracks, settings: settings, threads: threads)
        curve = tradeoff.points.map(CurvePoint.init)
        operatingPoints = tradeoff.operatingPoints
        atMissTarget = tradeoff.pointAtMissTarget.map(CurvePoint.init)
        advice = budgetPerHour.map {
            ThresholdAdvice.best(for: tracks, settings: settings, budgetPerHour: $0, threads: threads)
        }
        var alarms: [FalseAlarm] = []
        var missed: [MissedWord] = []
        for track in tracks {
            let detections = track.detections(settings)
            let matching = DetectionMatching(detections, with: track.truth, labels: track.labels)
            var heard: [Int: String] = [:]
            for (detection, verdict) in zip(detections, matching.verdicts) {
                switch verdict {
                case .hit: continue
                case .wrongLabel(let event): heard[event] = detection.label
                case .duplicate, .falseAlarm:
                    let place = track.place(ofSecond: detection.end)
                    alarms.append(
                        FalseAlarm(
                            file: place.file, second: place.second, word: detection.label,
                            confidence: detection.confidence))
                }
            }
            missed += matching.missedEvents.map { index in
                let event = track.truth[index]
                return MissedWord(
                    file: track.name, start: event.start, end: event.end, word: event.word,
                    heard: heard[index])
            }
        }
        confidentFalseAlarms = Array(alarms.sorted { $0.confidence > $1.confidence }.prefix(listLength))
        missedWords = Array(missed.prefix(listLength))
        audioSeconds = tracks.reduce(0) { $0 + $1.seconds }
        processingSeconds = listening.processingSeconds
    }
}
