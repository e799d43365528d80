package import MynahModel
import MynahRecognition

/// A threshold for each word, and how long it must be kept, that keep all words together within a budget of false alarms.
///
/// Other speech seldom stays above a threshold for as long as a word does that is said alone; but whoever waits longer knows
/// later. So of the times that are tried the shortest is taken that misses few more words than the best of them.
///
/// Each word begins at the threshold that has the fewest false alarms, of those the one with the most hits. While the
/// budget lasts, the word whose lower threshold wins the largest share of its own occurrences per false alarm is lowered: a
/// recording may hold some words more often than others, and each is wanted as much. Of neighbouring thresholds that
/// give a word the same, the one in the middle is taken, which has the most room on both sides for what other recordings hold;
/// for a word that is never hit, the highest.
/// What a word's threshold gives is taken from the sweep of the DET curve, in which all words have the same; the
/// thresholds together are then scored, and where they exceed the budget, chosen once more within less of it.
package struct ThresholdAdvice: Codable, Hashable, Sendable {
    /// What is advised for a word.
    package struct Word: Codable, Hashable, Sendable {
        /// The word.
        package let word: String

        /// Its threshold.
        package let threshold: Float

        /// Share of its occurrences that are missed with it, with interval; nil if it was never said.
        package let misses: Proportion?

        /// Its false alarms, with interval.
        package let falseAlarms: EventRate
    }

    /// The times that a word's posterior may have to stay above its threshold, in seconds, rising.
    package static let minimumSeconds = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7]

    /// Share of the words that may be missed more than at the best of these times, so that they are known sooner.
    package static let missesForSpeed = 0.005

    /// False alarms per hour that are allowed, all words together.
    package let budgetPerHour: Double

    /// The settings of the decoder with the advised thresholds.
    package let settings: DetectionSettings

    /// What the settings give on the recordings that they were chosen on.
    package let score: OpenSetScore

    /// The advice word by word, in the order of the labels.
    package let words: [Word]

    /// Whether the recordings keep within the budget with the advised thresholds.
    package var isWithinBudget: Bool { score.falseAlarms.perHour <= budgetPerHour }

    /// Chooses thresholds and a time for recordings; where no time keeps within the budget, those with the fewest false alarms.
    ///
    /// - Parameters:
    ///   - settings: those of the decoder, of which thresholds and ``DetectionSettings/minimumSeconds`` are replaced.
    ///   - threads: how many thresholds are scored at a time.
    package static func best(
        for tracks: [PosteriorTrack], settings: DetectionSettings, budgetPerHour: Double, threads: Int
    ) -> ThresholdAdvice {
        let all = minimumSeconds.map { seconds in
            var tried = settings
            tried.minimumSeconds = seconds
            let tradeoff = DetectionErrorTradeoff(tracks, settings: tried, threads: threads)
            return ThresholdAdvice(tradeoff, of: tracks, settings: tried, budgetPerHour: budgetPerHour)
        }
        let fewestAlarms = all.map(\.score.falseAlarms.count).min() ?? 0
        let within = all.filter(\.isWithinBudget)
        let kept = within.isEmpty ? all.filter { $0.score.falseAlarms.count == fewestAlarms } : within
        let fewestMisses = kept.map(\.missedShare).min() ?? 0
        guard let soonest = kept.first(where: { $0.missedShare <= fewestMisses + missesForSpeed }) else {
            preconditionFailure("no time was tried")
        }
        return soonest
    }

    /// The mean over the words of the share that is missed; 0 if no word was said.
    private var missedShare: Double {
        let shares = words.compactMap { $0.misses?.value }
        return shares.reduce(0, +) / Double(max(1, shares.count))
    }

    /// Chooses thresholds from a DET curve of the same recordings and settings.
    package init(
        _ tradeoff: DetectionErrorTradeoff, of tracks: [PosteriorTrack], settings: DetectionSettings,
        budgetPerHour: Double
    ) {
        let hours = tracks.reduce(0) { $0 + $1.seconds } / 3600
        let sweeps = Self.sweeps(tradeoff)
        let names = tradeoff.points.first?.score.words.map(\.word) ?? []
        let allowed = budgetPerHour * hours
        var advised = settings
        var score: OpenSetScore
        // Together words may have more false alarms than one by one: where one is turned away another may be detected.
        var reserve = 0.0
        repeat {
            advised.thresholds = [:]
            let steps = Self.steps(sweeps, allowed: allowed - reserve)
            for (index, name) in names.enumerated() {
                advised.thresholds[name] = Self.middle(of: sweeps[index], around: steps[index])
            }
            score = OpenSetScore(tracks, settings: advised)
            let excess = Double(score.falseAlarms.count) - allowed
            if excess <= 0 || reserve >= allowed { break }
            reserve += max(1, excess)
        } while true
        self.budgetPerHour = budgetPerHour
        self.settings = advised
        self.score = score
        words = score.words.map {
            Word(
                word: $0.word, threshold: advised.threshold(of: $0.word), misses: $0.misses,
                falseAlarms: $0.falseAlarms)
        }
    }

    /// The step of each word, all of them together with at most so many false alarms, if the lowest have not more.
    private static func steps(_ sweeps: [[Step]], allowed: Double) -> [Int] {
        var chosen = sweeps.map { sweep in
            sweep.indices.max { rank(sweep[$0]) < rank(sweep[$1]) } ?? 0
        }
        func falseAlarms() -> Int {
            zip(sweeps, chosen).reduce(0) { $0 + $1.0[$1.1].falseAlarms }
        }
        while let move = bestMove(sweeps, chosen, spare: allowed - Double(falseAlarms())) {
            chosen[move.word] = move.step
        }
        return chosen
    }

    /// What one threshold gives for one word.
    private struct Step {
        let threshold: Float
        let hits: Int
        let said: Int
        let falseAlarms: Int
    }

    /// The threshold in the middle of those that give the same as a step and lie beside it; its own where nothing is hit.
    private static func middle(of sweep: [Step], around chosen: Int) -> Float {
        guard sweep[chosen].hits > 0 else { return sweep[chosen].threshold }
        func isSame(_ index: Int) -> Bool {
            sweep.indices.contains(index) && sweep[index].hits == sweep[chosen].hits
                && sweep[index].falseAlarms == sweep[chosen].falseAlarms
        }
        var (first, last) = (chosen, chosen)
        while isSame(first - 1) { first -= 1 }
        while isSame(last + 1) { last += 1 }
        return sweep[(first + last) / 2].threshold
    }

    /// `[word][threshold]`, a threshold counting as many false alarms as the worst of those above it.
    ///
    /// At a low threshold, the same for all words, a word may have few false alarms only because others take the lead, or
    /// because it never falls far enough to be detected again. It has them when the others' thresholds rise.
    private static func sweeps(_ tradeoff: DetectionErrorTradeoff) -> [[Step]] {
        let wordCount = tradeoff.points.first?.score.words.count ?? 0
        return (0..<wordCount).map { word in
            var worst = 0
            let falling = tradeoff.points.reversed().map { point in
                let score = point.score.words[word]
                worst = max(worst, score.falseAlarms.count)
                return Step(
                    threshold: point.threshold,
                    hits: score.misses.map { $0.total - $0.count } ?? 0,
                    said: score.misses?.total ?? 0,
                    falseAlarms: worst)
            }
            return falling.reversed()
        }
    }

    private static func rank(_ step: Step) -> (Int, Int, Float) {
        (-step.falseAlarms, step.hits, step.threshold)
    }

    /// The change of one word's threshold that wins the most for each false alarm it adds, if one can be afforded.
    private static func bestMove(_ sweeps: [[Step]], _ chosen: [Int], spare: Double) -> (
        word: Int, step: Int
    )? {
        var best: (word: Int, step: Int, gain: Double)?
        for (word, sweep) in sweeps.enumerated() {
            let now = sweep[chosen[word]]
            for (index, step) in sweep.enumerated() where step.hits > now.hits {
                let cost = step.falseAlarms - now.falseAlarms
                guard Double(cost) <= spare else { continue }
                let gain = Double(step.hits - now.hits) / Double(step.said) / max(Double(cost), 0.5)
                if let best, best.gain >= gain { continue }
                best = (word, index, gain)
            }
        }
        return best.map { ($0.word, $0.step) }
    }
}
