import Glibc
import MynahBase

/// A word with fewer clips than the most frequent one: some of its clips come more than once in an epoch.
struct RareWord {
    /// Its clips.
    let clips: [Int]

    /// Examples beyond one for each clip.
    let repeatCount: Int

    /// The words that `balance` (see `SamplingShares`) repeats.
    static func find(among clips: [Int], labels: [Int], balance: Double) -> [RareWord] {
        let words = Dictionary(grouping: clips) { labels[$0] }.sorted { $0.key < $1.key }.map(\.value)
        let most = words.map(\.count).max() ?? 0
        return words.compactMap { clips in
            let count = Double(clips.count)
            let wanted = Int((count * pow(Double(most) / count, balance)).rounded())
            return wanted > clips.count ? RareWord(clips: clips, repeatCount: wanted - clips.count) : nil
        }
    }

    /// The clips that come again in one epoch: no clip once more than another, but by one.
    func draw(using generator: inout SeededGenerator) -> [Int] {
        var drawn: [Int] = []
        while drawn.count < repeatCount {
            var shuffled = clips
            generator.shuffle(&shuffled)
            drawn += shuffled.prefix(repeatCount - drawn.count)
        }
        return drawn
    }
}
