import Glibc
import MynahBase

/// Lists the examples of each training epoch.
///
/// Every clip of a word appears in every epoch: once, or as often as `SamplingShares.balance` asks for where its word is
/// rare. Beside them stand as many examples of unknown words and of silence as the shares ask for, drawn afresh for each
/// epoch:
/// - *unknown*: clips without repetition until all have been drawn. A clip of a word with `n` clips is `√n` times less
///   likely to come than it would be for a word with one clip, so that a word's share grows with the square root of
///   its clips: between balanced words, which would repeat the few clips of rare words in every epoch, and balanced
///   clips, with which rare words would hardly be heard. A vocabulary is learned from many different words. Some are
///   followed by a second one, as `SamplingShares.joined` asks for.
/// - *recordings without commands*: windows from anywhere in them, as more examples of `_unknown_`.
/// - *silence*: windows of background noise, and where the folder has recordings in `_silence_`, one of those in every
///   second example.
///
/// The order is shuffled. Everything follows from `(seed, epoch)`.
package struct EpochSampler: Sendable {
    /// Number of examples in an epoch.
    package let exampleCount: Int

    /// Number of examples of words, of unknown words, of recordings without commands and of silence in an epoch.
    package let counts: (words: Int, unknown: Int, negatives: Int, silence: Int)

    private let pools: ExamplePools
    private let shares: SamplingShares
    private let rareWords: [RareWord]
    private let unknownScales: [Double]
    private let labels: [Int]
    private let silenceLabel: Int?
    private let unknownLabel: Int?

    /// Prepares for the clips of a training store.
    ///
    /// - Parameter hasNegatives: whether there are recordings without commands.
    /// - Throws: `DataError.invalidSetting`, or `.negativesWithoutUnknown` when there is no label for them.
    package init(
        store: ClipStore, shares: SamplingShares = SamplingShares(), hasNegatives: Bool = false
    ) throws(DataError) {
        if hasNegatives, store.unknownLabel == nil { throw .negativesWithoutUnknown }
        try shares.validate()
        self.shares = shares
        pools = ExamplePools(store)
        labels = store.clips.map(\.label)
        silenceLabel = store.silenceLabel
        unknownLabel = store.unknownLabel

        var clipsOfWord: [String: Int] = [:]
        for index in pools.unknown { clipsOfWord[store.clips[index].word, default: 0] += 1 }
        unknownScales = pools.unknown.map { Double(clipsOfWord[store.clips[$0].word] ?? 1).squareRoot() }

        let words = pools.words.count
        rareWords = RareWord.find(among: pools.words, labels: labels, balance: shares.balance)
        counts = (
            words: words + rareWords.reduce(0) { $0 + $1.repeatCount },
            unknown: pools.unknown.isEmpty ? 0 : SamplingShares.examples(shares.unknown, of: words),
            negatives: hasNegatives ? SamplingShares.examples(shares.negatives, of: words) : 0,
            silence: silenceLabel == nil ? 0 : SamplingShares.examples(shares.silence, of: words)
        )
        exampleCount = counts.words + counts.unknown + counts.negatives + counts.silence
    }

    /// The examples of one epoch, in the order in which they are shown.
    package func examples(seed: UInt64, epoch: Int) -> [Example] {
        // Examples have numbers from zero up; the sampler's own numbers must not be those of an example.
        var generator = SeededGenerator(seed: seed, epoch, -1)
        var examples: [Example] = []
        examples.reserveCapacity(exampleCount)
        func add(_ source: Example.Source, _ label: Int, follower: Int? = nil) {
            examples.append(
                Example(source: source, follower: follower, label: label, number: examples.count))
        }
        for index in pools.words { add(.clip(index), labels[index]) }
        for word in rareWords {
            for index in word.draw(using: &generator) { add(.clip(index), labels[index]) }
        }
        for index in drawUnknown(using: &generator) {
            let isJoined = shares.joined > 0 && Double(generator.uniform()) < shares.joined
            add(
                .clip(index), labels[index],
                follower: isJoined ? pools.unknown[generator.index(below: pools.unknown.count)] : nil)
        }
        if let unknownLabel {
            for _ in 0..<counts.negatives { add(.negative, unknownLabel) }
        }
        if let silenceLabel {
            for number in 0..<counts.silence {
                let recorded = pools.silence.isEmpty ? 0 : generator.index(below: pools.silence.count)
                let isRecorded = number % 2 == 1 && !pools.silence.isEmpty
                add(isRecorded ? .clip(pools.silence[recorded]) : .noise, silenceLabel)
            }
        }
        generator.shuffle(&examples)
        return examples
    }

    /// Draws without replacement with unequal probabilities: the clips with the smallest exponential waiting times
    /// (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006).
    private func drawUnknown(using generator: inout SeededGenerator) -> [Int] {
        var drawn: [Int] = []
        while drawn.count < counts.unknown {
            let waits = zip(pools.unknown, unknownScales).map { clip, scale in
                (wait: -log(1 - Double(generator.uniform())) * scale, clip: clip)
            }
            let order = waits.sorted { ($0.wait, $0.clip) < ($1.wait, $1.clip) }
            drawn += order.prefix(counts.unknown - drawn.count).map(\.clip)
        }
        return drawn
    }
}
