/// What is harvested from aligned recordings, and what a word has to be like to be taken.
package struct HarvestSettings: Hashable, Sendable {
    /// What is cut out.
    package enum Wanted: Hashable, Sendable {
        /// These words, normalised as ``TranscriptText`` does.
        case words(Set<String>)

        /// Every word but these that is left with at least so many clips.
        case allWords(except: Set<String>, atLeast: Int)

        /// The stretches in which none of these words is said.
        case speech(without: Set<String>)
    }

    /// What is cut out.
    package var wanted: Wanted

    /// In front of a word and behind it, in seconds, `0 ... 10`, but never more than half of the pause to its neighbour; around
    /// the words that a stretch of speech must not hold, how far the stretch stays away from them.
    package var marginSeconds: Double

    /// The shortest clip or stretch, with its margins, in seconds, `0.05 ... 30`.
    package var shortestSeconds: Double

    /// The shortest pause to the neighbours of a word, in seconds, `-10 ... 10`; with less, it runs together with them.
    ///
    /// Below 0, words may overlap by so much, and are cut in the middle of that.
    package var pauseSeconds = -0.03

    /// The lowest confidence of a word, `0 ... 1`.
    ///
    /// A word that speech must not hold and of which the model is less sure may lie anywhere between its neighbours, so that no
    /// stretch comes nearer than these.
    package var leastConfidence = 0.2

    /// The most clips of a word, at least 1; nil for any number.
    package var wordLimit: Int?

    /// The most clips of a word by one speaker, at least 1; nil for any number.
    package var speakerLimit: Int?

    /// The longest stretch of speech, in seconds; a longer one becomes several.
    package static let longestStretchSeconds = 30.0

    /// The usual settings for what is wanted.
    ///
    /// Clips of words are at least as long as `mynah doctor` thinks right; of all words, where there is no lack of any, longer, since
    /// short ones are seldom clear.
    package init(_ wanted: Wanted) {
        self.wanted = wanted
        switch wanted {
        case .words, .allWords:
            marginSeconds = 0.1
            shortestSeconds = 0.3
        case .speech:
            marginSeconds = 0.3
            shortestSeconds = 1
        }
        if case .allWords = wanted {
            shortestSeconds = 0.4
            wordLimit = 100
            speakerLimit = 5
        }
    }

    /// What the table calls a stretch: it has no word, but lacks some.
    var stretchName: String? {
        guard case .speech(let words) = wanted else { return nil }
        return "no " + words.sorted().joined(separator: ",")
    }

    /// Makes sure that every value is in its range.
    ///
    /// - Throws: `DataError.invalidSetting`.
    package func validate() throws(DataError) {
        try requireSetting("margin in s", marginSeconds, within: 0...10)
        try requireSetting("shortest clip in s", shortestSeconds, within: 0.05...30)
        try requireSetting("shortest pause in s", pauseSeconds, within: -10...10)
        try requireSetting("lowest confidence", leastConfidence, within: 0...1)
        if let wordLimit { try requireSetting("most clips of a word", wordLimit, within: 1...Int.max) }
        if let speakerLimit {
            try requireSetting("most clips of a word by one speaker", speakerLimit, within: 1...Int.max)
        }
        if case .allWords(_, let atLeast) = wanted {
            try requireSetting("fewest clips of a word", atLeast, within: 1...(wordLimit ?? Int.max))
        }
    }
}
