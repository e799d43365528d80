import MynahBase
import MynahEvaluation
import MynahNetwork
import MynahRecognition
import Testing

/// Which detection belongs to which word, on cases that can be told by hand.
struct DetectionMatchingTests {
    private static let labels = ["_silence_", "_unknown_", "go", "stop"]

    private func detection(_ word: String, _ end: Double) -> Detection {
        Detection(
            label: word, labelIndex: Self.labels.firstIndex(of: word) ?? 0, start: end - 0.1, end: end,
            confidence: 0.9)
    }

    private func event(_ word: String, _ start: Double, _ end: Double) -> TruthEvent {
        TruthEvent(start: start, end: end, word: word)
    }

    private func match(_ detections: [Detection], _ events: [TruthEvent]) -> DetectionMatching {
        DetectionMatching(detections, with: events, labels: Self.labels)
    }

    /// The fault that this matching is there to avoid.
    @Test func duplicateDoesNotHideAMiss() {
        let matching = match(
            [detection("go", 1.4), detection("go", 2.0)], [event("go", 1, 1.5), event("go", 5, 5.5)])
        #expect(matching.verdicts == [.hit(event: 0), .duplicate(event: 0)])
        #expect(matching.missedEvents == [1])
    }

    @Test func windowOfAWord() {
        for (end, verdict) in [
            (0.99, DetectionMatching.Verdict.falseAlarm), (1, .hit(event: 0)), (2.5, .hit(event: 0)),
            (2.51, .falseAlarm),
        ] {
            #expect(match([detection("go", end)], [event("go", 1, 1.5)]).verdicts == [verdict], "\(end)")
        }
    }

    @Test func wrongLabelIsAMiss() {
        let matching = match([detection("stop", 1.4)], [event("go", 1, 1.5)])
        #expect(matching.verdicts == [.wrongLabel(event: 0)])
        #expect(matching.missedEvents == [0])
        // Once the word is detected, whatever else is heard in it is a false alarm.
        let both = match([detection("go", 1.3), detection("stop", 1.4)], [event("go", 1, 1.5)])
        #expect(both.verdicts == [.hit(event: 0), .falseAlarm])
    }

    @Test func distractorsAreNoEvents() {
        let matching = match([detection("go", 1.4)], [event("zero", 1, 1.5)])
        #expect(matching.verdicts == [.falseAlarm])
        #expect(matching.commandEvents.isEmpty)
    }

    /// Words closer together than the tolerance: each detection takes the one whose time is over first.
    @Test func neighboursAreMatchedInOrder() {
        let events = [event("go", 1, 1.4), event("go", 1.5, 1.9), event("go", 2, 2.4)]
        let matching = match([detection("go", 1.6), detection("go", 2.2), detection("go", 2.5)], events)
        #expect(matching.verdicts == [.hit(event: 0), .hit(event: 1), .hit(event: 2)])
        let one = match([detection("go", 2.3)], events)
        #expect(one.verdicts == [.hit(event: 0)])
    }

    /// No assignment has more hits: against all of them, by brute force.
    @Test func noMatchingHasMoreHits() {
        var generator = SeededGenerator(seed: 4)
        func most(_ detections: ArraySlice<Detection>, _ events: [TruthEvent], _ free: Set<Int>) -> Int {
            guard let first = detections.first else { return 0 }
            var best = most(detections.dropFirst(), events, free)
            for index in free {
                let event = events[index]
                guard event.word == first.label, event.start <= first.end,
                    first.end <= event.end + DetectionMatching.toleranceSeconds
                else { continue }
                best = max(best, 1 + most(detections.dropFirst(), events, free.subtracting([index])))
            }
            return best
        }
        for _ in 0..<300 {
            let events = (0..<5).map { _ in
                let start = Double(generator.uniform()) * 4
                return event(
                    generator.next() % 2 == 0 ? "go" : "stop", start,
                    start + 0.2 + Double(generator.uniform()))
            }.sorted { $0.start < $1.start }
            let detections = (0..<5).map { _ in
                detection(generator.next() % 2 == 0 ? "go" : "stop", Double(generator.uniform()) * 6)
            }.sorted { $0.end < $1.end }
            let matching = match(detections, events)
            let hits = matching.verdicts.count { if case .hit = $0 { true } else { false } }
            #expect(hits == most(detections[...], events, Set(events.indices)))
            #expect(matching.missedEvents.count == events.count - hits)
        }
    }
}
