package import MynahRecognition

/// Which detections of a recording are right, one to one.
///
/// A detection belongs to a word if it is reported between the word's start and ``toleranceSeconds`` after its end. Each
/// word takes at most one detection and each detection at most one word, so that a second detection of the same word
/// is a false alarm and never makes up for a word that was missed. Among the words that a detection could belong to,
/// it takes the one whose time is over first, which leaves the fewest without one (the greedy schedule by deadlines).
package struct DetectionMatching: Hashable, Sendable {
    /// How long after the end of a word its detection may come, in seconds.
    package static let toleranceSeconds = 1.0

    /// What a detection turned out to be.
    package enum Verdict: Hashable, Sendable {
        /// The word was said: index of the event.
        case hit(event: Int)

        /// Another word was said, which no detection got right: index of the event.
        case wrongLabel(event: Int)

        /// The word was said, but another detection has it already: index of the event.
        case duplicate(event: Int)

        /// Nothing of the kind was said.
        case falseAlarm
    }

    /// One for each detection, in their order.
    package let verdicts: [Verdict]

    /// Indices of the events that are words of the model: those that can be hit or missed.
    package let commandEvents: [Int]

    /// Events that no detection hit, among ``commandEvents``.
    package var missedEvents: [Int] {
        let hits = Set(verdicts.compactMap { if case .hit(let event) = $0 { event } else { nil } })
        return commandEvents.filter { !hits.contains($0) }
    }

    /// Matches detections, in order of their ends, with events, in order of their starts.
    ///
    /// - Parameter labels: `[C]`, the labels of the model; events of other words are distractors.
    package init(_ detections: [Detection], with events: [TruthEvent], labels: [String]) {
        let indices = Dictionary(zip(labels, labels.indices), uniquingKeysWith: { first, _ in first })
        let eventLabels = events.map { indices[$0.word] }
        let commands = events.indices.filter { eventLabels[$0] != nil }
        var verdicts = [Verdict?](repeating: nil, count: detections.count)
        var isTaken = [Bool](repeating: false, count: events.count)

        /// Gives each detection without a verdict the free event that it belongs to and whose time is over first.
        func assign(_ isEligible: (_ detection: Detection, _ event: Int) -> Bool, _ verdict: (Int) -> Verdict)
        {
            var first = 0
            for (index, detection) in detections.enumerated() where verdicts[index] == nil {
                while first < commands.count, Self.isOver(events[commands[first]], at: detection) {
                    first += 1
                }
                var best: Int?
                for event in commands[first...] {
                    if events[event].start > detection.end { break }
                    guard !isTaken[event], !Self.isOver(events[event], at: detection),
                        isEligible(detection, event)
                    else { continue }
                    if let best, events[best].end <= events[event].end { continue }
                    best = event
                }
                guard let best else { continue }
                isTaken[best] = true
                verdicts[index] = verdict(best)
            }
        }
        assign({ $0.label == eventLabels[$1] }, Verdict.hit)
        let isHit = isTaken
        // A duplicate takes no event from anyone, so the events that were hit are free for it, as often as needed.
        for (index, detection) in detections.enumerated() where verdicts[index] == nil {
            let event = commands.first {
                isHit[$0] && detection.label == eventLabels[$0] && events[$0].start <= detection.end
                    && !Self.isOver(events[$0], at: detection)
            }
            if let event { verdicts[index] = .duplicate(event: event) }
        }
        assign({ $0.label != eventLabels[$1] }, Verdict.wrongLabel)
        self.verdicts = verdicts.map { $0 ?? .falseAlarm }
        commandEvents = commands
    }

    private static func isOver(_ event: TruthEvent, at detection: Detection) -> Bool {
        detection.end > event.end + toleranceSeconds
    }
}
