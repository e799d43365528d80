import MynahBase
import Testing

@testable import MynahData

/// A small set to be split: who said which word how often.
private struct RandomSet {
    var clips: [SplitBalance.Clip] = []

    /// A set with `speakers`, of whom each says each of `words` so often.
    init(speakers: [String], words: [String], takes: (_ speaker: Int, _ word: Int) -> Int) {
        for (number, speaker) in speakers.enumerated() {
            for (index, word) in words.enumerated() {
                for take in 0..<takes(number, index) {
                    clips.append(
                        SplitBalance.Clip(
                            speaker: speaker, key: "\(word)/\(speaker)_nohash_\(take)", word: word,
                            counts: true))
                }
            }
        }
    }

    var rule: [DataSplit] { clips.map { SpeakerSplit.split(ofHashed: $0.speaker) } }

    var balanced: SplitBalance { SplitBalance(clips, splits: rule, isStated: false) }
}

@Suite struct SplitBalanceTests {
    /// Names that differ from draw to draw, so that their hashes do.
    private func names(_ count: Int, draw: Int) -> [String] { (0..<count).map { "s\(draw)-\($0)" } }

    private func count(_ splits: [DataSplit], _ split: DataSplit) -> Int { splits.count { $0 == split } }

    /// Whether nobody is in two splits.
    private func keepsSpeakersWhole(_ set: RandomSet, _ splits: [DataSplit]) -> Bool {
        var homes: [String: Set<DataSplit>] = [:]
        for (clip, split) in zip(set.clips, splits) { homes[clip.speaker, default: []].insert(split) }
        return homes.values.allSatisfy { $0.count == 1 }
    }

    @Test func threeSpeakersOrMoreGiveEverySplitSomeAndNobodyCrosses() {
        for draw in 0..<2_000 {
            let speakers = 3 + draw % 40
            let set = RandomSet(speakers: names(speakers, draw: draw), words: ["a", "b", "c"]) { _, _ in
                1 + draw % 4
            }
            let balanced = set.balanced
            #expect(keepsSpeakersWhole(set, balanced.splits), "draw \(draw)")
            for split in DataSplit.allCases {
                #expect(
                    count(balanced.splits, split) > 0,
                    "draw \(draw): no \(split) clips of \(speakers) speakers")
            }
            #expect(3 * count(balanced.splits, .training) >= set.clips.count, "draw \(draw)")
        }
    }

    /// Speakers with words and takes of any number: some say one word once, some all of them ten times.
    @Test func unevenSetsAreNeverRefused() {
        for draw in 0..<3_000 {
            var generator = SeededGenerator(seed: 5, draw)
            let words = ["a", "b", "c", "d"].prefix(1 + generator.index(below: 4)).map { $0 }
            let set = RandomSet(speakers: names(1 + generator.index(below: 12), draw: draw), words: words) {
                _, _ in
                max(0, generator.index(below: 12) - 4)
            }
            let totals = Dictionary(grouping: set.clips) { $0.word ?? "" }.mapValues(\.count)
            // Beyond one clip of each word for training, one each is needed for the others.
            let spare = totals.values.reduce(0) { $0 + $1 - 1 }
            let splits = set.balanced.splits
            for word in totals.keys {
                let training = zip(set.clips, splits).count { $0.word == word && $1 == .training }
                #expect(training > 0, "draw \(draw): nothing of \(word) to learn from")
            }
            if spare >= 1 { #expect(count(splits, .validation) > 0, "draw \(draw)") }
            if spare >= 2 { #expect(count(splits, .testing) > 0, "draw \(draw)") }
        }
    }

    @Test func setsThatTheRuleSplitsWellStayAsTheyAre() {
        for draw in 0..<20 {
            let set = RandomSet(speakers: names(150 + draw, draw: draw), words: ["a", "b"]) { _, _ in 2 }
            #expect(set.balanced.splits == set.rule)
            #expect(set.balanced.moved == .none)
        }
    }

    /// Whoever keeps testing clips elsewhere does not want others for them.
    @Test func aLargeSetWithoutTestingClipsStaysWithout() {
        var set = RandomSet(speakers: names(300, draw: 0), words: ["a", "b"]) { _, _ in 1 }
        set.clips.removeAll { SpeakerSplit.split(ofHashed: $0.speaker) == .testing }
        #expect(count(set.balanced.splits, .testing) == 0)
        #expect(set.balanced.moved == .none)
    }

    @Test func aLargeSetWithoutValidationGetsATenth() {
        var set = RandomSet(speakers: names(300, draw: 0), words: ["a", "b"]) { _, _ in 1 }
        set.clips.removeAll { SpeakerSplit.split(ofHashed: $0.speaker) != .training }
        let splits = set.balanced.splits
        #expect(keepsSpeakersWhole(set, splits))
        #expect((count(splits, .validation) - set.clips.count / 10).magnitude <= 2)
    }

    @Test func theOrderOfTheClipsDecidesNothing() {
        for draw in 0..<300 {
            var generator = SeededGenerator(seed: 6, draw)
            var set = RandomSet(speakers: names(1 + draw % 9, draw: draw), words: ["a", "b", "c"]) { _, _ in
                1 + generator.index(below: 4)
            }
            let before = Dictionary(uniqueKeysWithValues: zip(set.clips.map(\.key), set.balanced.splits))
            generator.shuffle(&set.clips)
            let after = Dictionary(uniqueKeysWithValues: zip(set.clips.map(\.key), set.balanced.splits))
            #expect(before == after, "draw \(draw)")
        }
    }

    @Test func moreTakesOfEverybodyMoveNobody() {
        for draw in 0..<500 {
            let speakers = names(3 + draw % 30, draw: draw)
            let few = RandomSet(speakers: speakers, words: ["a", "b"]) { _, _ in 2 }
            let many = RandomSet(speakers: speakers, words: ["a", "b"]) { _, _ in 7 }
            func homes(_ set: RandomSet) -> [String: DataSplit] {
                Dictionary(zip(set.clips.map(\.speaker), set.balanced.splits)) { first, _ in first }
            }
            #expect(homes(few) == homes(many), "draw \(draw)")
        }
    }

    @Test func oneSpeakerIsDividedByTakes() {
        for draw in 0..<500 {
            let set = RandomSet(speakers: ["s\(draw)"], words: (0..<10).map { "w\($0)" }) { _, _ in 5 }
            let balanced = set.balanced
            #expect(balanced.moved == .takes)
            #expect(count(balanced.splits, .validation) >= 3)
            #expect(count(balanced.splits, .testing) >= 3)
            for word in 0..<10 {
                let training = zip(set.clips, balanced.splits).count {
                    $0.word == "w\(word)" && $1 == .training
                }
                #expect(training >= 2, "draw \(draw)")
            }
        }
    }

    /// A set that says itself what its clips are for keeps that, and lends only what training cannot do without.
    @Test func statedSplitsStay() {
        let set = RandomSet(speakers: names(6, draw: 1), words: ["a", "b"]) { _, _ in 2 }
        var stated = set.clips.map { _ in DataSplit.training }
        let filled = SplitBalance(set.clips, splits: stated, isStated: true)
        #expect(count(filled.splits, .validation) == 4)
        #expect(count(filled.splits, .testing) == 0)
        #expect(keepsSpeakersWhole(set, filled.splits))

        stated[0] = .validation
        #expect(SplitBalance(set.clips, splits: stated, isStated: true).splits == stated)
    }
}
