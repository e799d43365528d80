import MynahData

/// How long after the beginning and the end of a word a network spells its first and its last letter.
///
/// Connectionist temporal classification does not care when a symbol is put out. A causal network waits until it has heard
/// enough of a sound, and any network spells a letter in a step or two, while it may sound for long: words would lie late, and be
/// too short. Both lags are measured on the recordings themselves, where words begin after a pause and end before one. The
/// levels in dB around all such places are averaged, and a word begins, or ends, where that mean comes half of the way from its
/// lowest value in the pause to its highest in the word.
struct AlignmentLag: Sendable {
    /// The mean level around one edge of words, by the distance from it.
    private struct Profile: Sendable {
        /// Frames before and after the edge that are looked at.
        let range: ClosedRange<Int>
        var sums: [Double]
        var count = 0

        init(_ range: ClosedRange<Int>) {
            self.range = range
            sums = [Double](repeating: 0, count: range.count)
        }

        /// Adds the levels around a frame.
        mutating func add(around frame: Int, of levels: SoundLevels) {
            for (index, offset) in range.enumerated() { sums[index] += levels[frame + offset] }
            count += 1
        }

        mutating func add(_ other: Profile) {
            for index in sums.indices { sums[index] += other.sums[index] }
            count += other.count
        }

        /// The distance in frames at which the mean level comes half of the way down from its highest value, going by `step`
        /// towards the pause; 0 where there is no pause to be told from words.
        func edge(towards step: Int) -> Double {
            let highest = sums.indices.max { sums[$0] < sums[$1] } ?? 0
            let outside = stride(from: highest, through: step < 0 ? 0 : sums.count - 1, by: step).map { $0 }
            guard let lowest = outside.map({ sums[$0] }).min(),
                sums[highest] - lowest >= AlignmentLag.leastContrast * Double(max(1, count))
            else { return 0 }
            let middle = (sums[highest] + lowest) / 2
            guard let place = outside.firstIndex(where: { sums[$0] <= middle }), place > 0 else { return 0 }
            let (inner, outer) = (sums[outside[place - 1]], sums[outside[place]])
            let share = (inner - middle) / (inner - outer)
            // The level of a frame belongs to its middle.
            return Double(range.lowerBound + outside[place - 1]) + 0.5 + Double(step) * share
        }
    }

    private var starts = Profile(-40...15)
    private var ends = Profile(-30...25)

    /// The shortest pause that edges are measured at, as the network spells, in seconds.
    private static let leastPause = 0.4

    /// The least difference between words and pauses from which anything can be told, in steps of the levels.
    private static let leastContrast = 6 / SoundLevels.decibelsPerStep

    /// Nothing heard yet.
    init() {}

    /// Of the words of one recording.
    init(of words: [AlignedWord], levels: SoundLevels) {
        guard !levels.values.isEmpty else { return }
        for (index, word) in words.enumerated() {
            if index == 0 || word.start - words[index - 1].end >= Self.leastPause {
                starts.add(around: SoundLevels.frame(at: word.start), of: levels)
            }
            if index + 1 == words.count || words[index + 1].start - word.end >= Self.leastPause {
                ends.add(around: SoundLevels.frame(at: word.end), of: levels)
            }
        }
    }

    /// Takes what another recording tells.
    mutating func add(_ other: AlignmentLag) {
        starts.add(other.starts)
        ends.add(other.ends)
    }

    /// How long after a word begins its first letter is spelled, in seconds; 0 where the level tells nothing.
    var start: Double { -starts.edge(towards: -1) / Double(SoundLevels.frameRate) }

    /// How long after a word ends the last step that spells its last letter is over, in seconds.
    var end: Double { -ends.edge(towards: 1) / Double(SoundLevels.frameRate) }
}
