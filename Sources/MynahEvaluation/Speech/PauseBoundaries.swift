import MynahData

/// Where words begin after a pause and end before one, as the level of the recording has it.
///
/// A network spells within steps of some 30 ms, so that a time of its own is no better than that. Beside a pause the
/// recording tells it more exactly. A pause is 80 ms or longer in which the level stays below a threshold: two fifths of the way
/// up, in dB, from the lowest level near the boundary to the highest in the word, if these are 10 dB or more apart. The boundary of
/// such a pause that is nearest takes the place of the network's, if it is within 0.3 s and on the same side of the middles of the word
/// and its neighbour. The closure of a stop, as in *eight*, is shorter than that.
///
/// Words that come out nearer to each other than that have no pause between them: the second one begins where the first ends, which
/// networks know better than where the next sound begins.
struct PauseBoundaries {
    private let levels: SoundLevels

    /// The farthest that a boundary moves, in frames.
    private static let reach = 30

    /// The shortest pause, in frames.
    private static let pauseLength = 8

    /// The least difference between word and pause, in steps of the levels.
    private static let leastContrast = 10 / SoundLevels.decibelsPerStep

    /// Where the threshold lies between the lowest and the highest level.
    private static let share = 0.4

    init(_ levels: SoundLevels) { self.levels = levels }

    /// The words with those boundaries moved that lie beside a pause.
    func moved(_ words: [AlignedWord]) -> [AlignedWord] { Self.joined(movedBesidePauses(words)) }

    /// The words, those without a pause between them beginning where the one before ends.
    private static func joined(_ words: [AlignedWord]) -> [AlignedWord] {
        let shortestPause = Double(pauseLength) / Double(SoundLevels.frameRate)
        return words.indices.map { index in
            let word = words[index]
            guard index > 0, case let end = words[index - 1].end, word.start > end,
                word.start - end < shortestPause
            else { return word }
            return AlignedWord(word: word.word, start: end, end: word.end, confidence: word.confidence)
        }
    }

    private func movedBesidePauses(_ words: [AlignedWord]) -> [AlignedWord] {
        let middles = words.map { SoundLevels.frame(at: ($0.start + $0.end) / 2) }
        return words.enumerated().map { index, word in
            let start = SoundLevels.frame(at: word.start)
            let end = max(start, SoundLevels.frame(at: word.end))
            let highest = (start...end).map { levels[$0] }.max() ?? 0
            let before = max(index == 0 ? 0 : middles[index - 1], start - Self.reach)
            let after = min(
                index + 1 == words.count ? levels.values.count : middles[index + 1], end + Self.reach)
            let newStart = boundary(near: start, in: before, middles[index], highest: highest, step: -1)
            let newEnd = boundary(near: end, in: middles[index], after, highest: highest, step: 1)
            let begin = newStart.map(Self.seconds) ?? word.start
            return AlignedWord(
                word: word.word, start: begin, end: max(begin, newEnd.map(Self.seconds) ?? word.end),
                confidence: word.confidence)
        }
    }

    private static func seconds(_ frame: Int) -> Double { Double(frame) / Double(SoundLevels.frameRate) }

    /// The frame before which, or with `step` 1 after which, the nearest pause lies.
    private func boundary(near frame: Int, in first: Int, _ last: Int, highest: Double, step: Int) -> Int? {
        guard first < last, let lowest = (first..<last).map({ levels[$0] }).min(),
            highest - lowest >= Self.leastContrast
        else { return nil }
        let threshold = lowest + Self.share * (highest - lowest)
        return (first...last).filter { place in
            let (loud, quiet) =
                step < 0
                ? (place, place - Self.pauseLength..<place) : (place - 1, place..<place + Self.pauseLength)
            return abs(place - frame) <= Self.reach && levels[loud] >= threshold
                && quiet.allSatisfy { levels[$0] < threshold }
        }.min { abs($0 - frame) < abs($1 - frame) }
    }
}
