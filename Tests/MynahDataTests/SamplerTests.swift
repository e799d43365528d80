import MynahBase
import MynahNetwork
import Testing

@testable import MynahData

@Suite struct DataSamplerTests {
    /// The stores that most of these tests read.
    private static let stores = Result {
        let corpus = try makeSmallCorpus()
        return try [DataSplit.training, .validation].map { try makeStore($0, corpus: corpus) }
    }

    private static func makeStore(
        _ split: DataSplit, words: [String]? = ["yes", "no"], corpus: DataTestFolder
    ) throws -> ClipStore {
        try ClipStore(
            decoding: corpus.scan(words: words), split: split, with: DataTestFolder.decoder, threads: 2)
    }

    private func store(_ split: DataSplit) throws -> ClipStore {
        try #require(try Self.stores.get().first { $0.split == split })
    }

    @Test func anEpochHasEveryWordClipOnceAndTheShares() throws {
        let store = try store(.training)
        let wordClips = store.clips.indices.filter { store.clips[$0].label >= 2 }
        let sampler = try EpochSampler(store: store)
        let share = (wordClips.count + 9) / 10
        #expect(sampler.counts == (words: wordClips.count, unknown: share, negatives: 0, silence: share))

        let examples = sampler.examples(seed: 1, epoch: 0)
        #expect(examples.count == sampler.exampleCount)
        let clips = examples.compactMap { if case .clip(let index) = $0.source { index } else { nil } }
        #expect(clips.filter { store.clips[$0].label >= 2 }.sorted() == wordClips)
        #expect(Set(clips).count == clips.count)
        #expect(examples.count { $0.source == .noise && $0.label == 0 } == share)
        #expect(examples.count { $0.label == 1 } == share)
        #expect(examples.map(\.number).sorted() == Array(examples.indices))
        for example in examples {
            if case .clip(let index) = example.source { #expect(example.label == store.clips[index].label) }
        }
    }

    @Test func epochsFollowFromTheSeed() throws {
        let sampler = try EpochSampler(store: try store(.training))
        let first = sampler.examples(seed: 1, epoch: 3)
        #expect(first == sampler.examples(seed: 1, epoch: 3))
        #expect(first != sampler.examples(seed: 1, epoch: 4))
        #expect(first != sampler.examples(seed: 2, epoch: 3))
        let unknown = { (examples: [Example]) in
            Set(examples.filter { $0.label == 1 }.map { "\($0.source)" })
        }
        #expect(unknown(first) != unknown(sampler.examples(seed: 1, epoch: 4)))
    }

    @Test func withoutSpecialLabelsEveryClipComesOnce() throws {
        let store = try Self.makeStore(.training, words: nil, corpus: makeSmallCorpus())
        let examples = try EpochSampler(store: store).examples(seed: 5, epoch: 0)
        #expect(examples.count == store.clips.count)
        #expect(Set(examples.map(\.source)).count == store.clips.count)
        #expect(examples.map(\.source) != store.clips.indices.map { .clip($0) })
    }

    @Test func unknownClipsRepeatOnlyWhenAllAreDrawn() throws {
        let store = try store(.training)
        let pool = store.clips.count { $0.label == 1 }
        let sampler = try EpochSampler(store: store, shares: SamplingShares(silence: 0, unknown: 4))
        let examples = sampler.examples(seed: 1, epoch: 0)
        #expect(sampler.counts.silence == 0)
        #expect(sampler.counts.unknown > pool)
        var draws: [Example.Source: Int] = [:]
        for example in examples where example.label == 1 { draws[example.source, default: 0] += 1 }
        let rounds = sampler.counts.unknown / pool
        #expect(draws.count == pool)
        #expect(draws.values.allSatisfy { $0 == rounds || $0 == rounds + 1 })
    }

    /// Two words of `yes` to one of `no`, say: the rarer one comes as often as the balance asks for, each clip at least once.
    @Test(arguments: [0, 0.5, 1]) func rareWordsAreEvenedOut(balance: Double) throws {
        let labels = [Int](repeating: 2, count: 90) + [Int](repeating: 3, count: 10)
        let rare = RareWord.find(among: Array(labels.indices), labels: labels, balance: balance)
        guard balance > 0 else {
            #expect(rare.isEmpty)
            return
        }
        let word = try #require(rare.first)
        #expect(rare.count == 1 && word.clips == Array(90..<100))
        #expect(word.repeatCount == (balance == 1 ? 80 : 20))
        var generator = SeededGenerator(seed: 4)
        let drawn = word.draw(using: &generator)
        let times = word.clips.map { clip in drawn.count { $0 == clip } }
        #expect(times.allSatisfy { $0 == word.repeatCount / 10 })
    }

    @Test func someUnknownWordsAreJoined() throws {
        let store = try store(.training)
        let sampler = try EpochSampler(store: store, shares: SamplingShares(unknown: 4, joined: 0.5))
        let unknown = sampler.examples(seed: 1, epoch: 0).filter { $0.label == 1 }
        let followers = unknown.compactMap(\.follower)
        #expect(followers.count > unknown.count * 3 / 10 && followers.count < unknown.count * 7 / 10)
        #expect(followers.allSatisfy { store.clips[$0].label == 1 })
    }

    @Test func recordingsWithoutCommandsAreUnknown() throws {
        let shares = SamplingShares(negatives: 0.5)
        let sampler = try EpochSampler(store: store(.training), shares: shares, hasNegatives: true)
        let examples = sampler.examples(seed: 1, epoch: 0)
        #expect(sampler.counts.negatives == (sampler.counts.words + 1) / 2)
        #expect(examples.count == sampler.exampleCount)
        #expect(examples.count { $0.source == .negative } == sampler.counts.negatives)
        #expect(examples.allSatisfy { $0.source != .negative || $0.label == 1 })
        #expect(try EpochSampler(store: store(.training), shares: shares).counts.negatives == 0)

        let wordsOnly = try Self.makeStore(.training, words: nil, corpus: makeSmallCorpus())
        #expect(throws: DataError.negativesWithoutUnknown) {
            try EpochSampler(store: wordsOnly, hasNegatives: true)
        }
    }

    /// 120 clips of one word against 12 of another: drawn by clips 10 : 1, by words 1 : 1, and so about 3 : 1.
    @Test func rareUnknownWordsAreDrawnMoreOftenThanTheirClips() throws {
        let store = try store(.training)
        let sampler = try EpochSampler(store: store, shares: SamplingShares(silence: 0, unknown: 0.1))
        var draws: [String: Int] = [:]
        for epoch in 0..<200 {
            for case let example in sampler.examples(seed: 9, epoch: epoch) where example.label == 1 {
                if case .clip(let index) = example.source { draws[store.clips[index].word, default: 0] += 1 }
            }
        }
        let clips = Dictionary(grouping: store.clips.filter { $0.label == 1 }, by: \.word).mapValues(\.count)
        let expected = (Double(clips["bed"] ?? 0) / Double(clips["tree"] ?? 1)).squareRoot()
        let ratio = Double(draws["bed"] ?? 0) / Double(draws["tree"] ?? 1)
        #expect(ratio > 0.75 * expected && ratio < 1.25 * expected, "\(ratio), expected about \(expected)")
    }

    @Test func recordedSilenceIsUsedInTurns() throws {
        let corpus = try makeSmallCorpus()
        try corpus.add(word: "_silence_", count: 5)
        let store = try Self.makeStore(.training, corpus: corpus)
        let silence = try EpochSampler(store: store).examples(seed: 1, epoch: 0).filter { $0.label == 0 }
        #expect(abs(2 * silence.count { $0.source == .noise } - silence.count) <= 1)
    }

    @Test(arguments: [-0.1, 10.1, .nan, .infinity])
    func sharesOutsideTheirRangeAreRefused(share: Double) throws {
        let store = try store(.training)
        #expect(throws: DataError.self) {
            try EpochSampler(store: store, shares: SamplingShares(silence: 0.1, unknown: share))
        }
        #expect(throws: DataError.self) {
            try EvaluationSelection(store: store, shares: SamplingShares(silence: share, unknown: 0.1))
        }
    }

    @Test func theSelectionHasTheProportionsOfTheDataSet() throws {
        let store = try store(.validation)
        let words = store.clips.count { $0.label >= 2 }
        let selection = try EvaluationSelection(store: store)
        #expect(selection.counts == (words: words, unknown: (words + 9) / 10, silence: (words + 9) / 10))
        #expect(selection.examples.count == words + 2 * ((words + 9) / 10))
        #expect(try EvaluationSelection(store: store).examples == selection.examples)
    }

    @Test func aNewWordClipMovesNoOtherChoice() throws {
        let names = { (corpus: DataTestFolder) in
            let store = try Self.makeStore(.training, corpus: corpus)
            let selection = try EvaluationSelection(store: store)
            return selection.examples.compactMap { example -> String? in
                guard example.label == 1, case .clip(let index) = example.source else { return nil }
                return store.clips[index].name
            }
        }
        let corpus = try makeSmallCorpus()
        let before = try names(corpus)
        try corpus.write("yes/speaker0_nohash_7.wav")
        try corpus.write("aaa/other_nohash_7.txt")
        let after = try names(corpus)
        #expect(Set(before).isSubset(of: after))
        #expect(after.count <= before.count + 1)
    }

    @Test func aSmallPoolIsTakenWhole() throws {
        let store = try store(.validation)
        let pool = store.clips.count { $0.label == 1 }
        let selection = try EvaluationSelection(store: store, shares: SamplingShares(silence: 0, unknown: 10))
        #expect(selection.counts.unknown == pool)
        #expect(selection.counts.silence == 0)
    }
}
