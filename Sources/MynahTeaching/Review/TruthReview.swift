package import MynahEvaluation
import MynahModel
import MynahRecognition

/// Answers from a table of what is said in a recording, as `mynah compose` writes it, instead of a person's.
package enum TruthReview {
    /// The answer for each of the clips, which have to be kept from the recording of the table.
    ///
    /// A detection is right where ``DetectionMatching`` takes it for a hit, or for a second detection of a word that was said.
    /// Where another word of the table was being said, or had been over for less than a second, that was the wrong word.
    ///
    /// - Throws: ``ReviewError/severalRecordings(table:sources:)``.
    package static func answers(
        to clips: [KeptClip], from truth: TruthTable, name: String
    ) throws(ReviewError) -> [(clip: String, answer: ReviewAnswer)] {
        let sources = Set(clips.map(\.moment.source)).sorted()
        guard sources.count <= 1 else { throw .severalRecordings(table: name, sources: sources) }
        let sorted = clips.sorted { ($0.moment.end, $0.name) < ($1.moment.end, $1.name) }
        let labels = Array(Set(sorted.flatMap { $0.moment.words + [$0.moment.word] })).sorted()
        let detections = sorted.map { clip in
            Detection(
                label: clip.moment.word, labelIndex: labels.firstIndex(of: clip.moment.word) ?? 0,
                start: clip.moment.start, end: clip.moment.end, confidence: clip.moment.score)
        }
        let matching = DetectionMatching(detections, with: truth.events, labels: labels)
        return zip(sorted, matching.verdicts).map { clip, verdict in
            let answer: ReviewAnswer =
                switch verdict {
                case .hit, .duplicate: .right
                case .wrongLabel(let event): .wrongWord(truth.events[event].word)
                case .falseAlarm: self.answer(toFalseAlarm: clip.moment, truth)
                }
            return (clip.name, answer)
        }
    }

    private static func answer(toFalseAlarm moment: KeptMoment, _ truth: TruthTable) -> ReviewAnswer {
        let spoken = truth.events.last {
            $0.start <= moment.end && moment.end <= $0.end + DetectionMatching.toleranceSeconds
        }
        guard let spoken else { return .nobody }
        return .wrongWord(moment.words.contains(spoken.word) ? spoken.word : nil)
    }
}
