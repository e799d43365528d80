/// How much was harvested, and how much was not and why.
package struct HarvestSummary: Codable, Hashable, Sendable {
    /// One word, or the speech without some.
    package struct Word: Codable, Hashable, Sendable {
        package let word: String

        /// Clips of this and earlier harvests of the same recordings.
        package internal(set) var clips = 0

        /// Different speakers of these.
        package internal(set) var speakers = 0

        /// How many were dropped, by kind.
        package internal(set) var dropped: [String: Int] = [:]
    }

    /// The words, those with most clips first.
    package let words: [Word]

    /// Words that were asked for and are said nowhere.
    package let missing: [String]

    /// All clips, their speakers, and their length in seconds.
    package let clips: Int
    package let speakers: Int
    package let seconds: Double

    /// How many words or stretches were dropped, by kind.
    package let dropped: [String: Int]

    /// Counts what became of a plan.
    package init(of outcome: HarvestPlan.Outcome, settings: HarvestSettings) {
        let plan = outcome.plan
        var words: [String: Word] = [:]
        var speakersOfWord: [String: Set<String>] = [:]
        var speakers: Set<String> = []
        var dropped: [String: Int] = [:]
        var clips = 0
        var seconds = 0.0
        for (index, cut) in plan.cuts.enumerated() {
            if case .dropped(let drop) = cut.fate {
                words[cut.word, default: Word(word: cut.word)].dropped[drop.kind, default: 0] += 1
                dropped[drop.kind, default: 0] += 1
            } else if cut.isThere || outcome.done.contains(index) {
                let speaker = plan.recordings[cut.recording].speaker
                words[cut.word, default: Word(word: cut.word)].clips += 1
                speakersOfWord[cut.word, default: []].insert(speaker)
                speakers.insert(speaker)
                clips += 1
                seconds += cut.end - cut.start
            }
        }
        for (word, speakers) in speakersOfWord { words[word]?.speakers = speakers.count }
        self.words = words.values.sorted {
            $0.clips != $1.clips ? $0.clips > $1.clips : $0.word.utf8.lexicographicallyPrecedes($1.word.utf8)
        }
        if case .words(let wanted) = settings.wanted {
            missing = wanted.filter { words[$0] == nil }.sorted()
        } else {
            missing = []
        }
        self.clips = clips
        self.speakers = speakers.count
        self.seconds = seconds
        self.dropped = dropped
    }
}
