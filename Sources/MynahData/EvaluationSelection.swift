/// The fixed examples of a validation or testing split, the same in every run, so that accuracies can be compared.
///
/// - Every clip of a word.
/// - *Unknown*: the share of `SamplingShares` (default: one for ten word clips, as in Speech Commands), namely the clips
///   whose SHA-1 of `word/file`, without the extension, comes first; all of them when there are fewer.
/// - *Silence*: the same share; recordings in `_silence_` chosen like unknown clips, then windows of background noise
///   whose place and volume are fixed by their number, cut from the part of each recording that belongs to the split
///   (`BackgroundNoise`). The network has not learned from that part.
///
/// Neither the seed of training, nor the order of the clips, nor a clip that is added elsewhere changes a choice.
package struct EvaluationSelection: Sendable {
    /// The examples: words in the order of the store, then unknown, then silence.
    package let examples: [Example]

    /// Number of examples of words, of unknown words and of silence.
    package let counts: (words: Int, unknown: Int, silence: Int)

    /// Selects from the clips of a store.
    ///
    /// - Parameter hasNegatives: whether there are recordings without commands. Where `_unknown_` has no clips, it gets
    ///   as many windows of these as a word has clips, on average; ten times as many where there is one word alone, which
    ///   is not to be heard in anything else.
    /// - Throws: `DataError.invalidSetting`.
    package init(
        store: ClipStore, shares: SamplingShares = SamplingShares(), hasNegatives: Bool = false
    ) throws(DataError) {
        try shares.validate()
        let pools = ExamplePools(store)
        let words = pools.words.count
        let unknown = Self.first(
            SamplingShares.examples(shares.unknown, of: words), of: pools.unknown, in: store)

        var examples: [Example] = []
        func add(_ source: Example.Source, _ label: Int) {
            examples.append(Example(source: source, label: label, number: examples.count))
        }
        for index in pools.words { add(.clip(index), store.clips[index].label) }
        for index in unknown { add(.clip(index), store.clips[index].label) }
        var windows = 0
        if hasNegatives, pools.unknown.isEmpty, let unknownLabel = store.unknownLabel {
            let wordCount = Set(pools.words.map { store.clips[$0].label }).count
            windows = wordCount == 1 ? 10 * words : (words + wordCount - 1) / max(1, wordCount)
            for _ in 0..<windows { add(.negative, unknownLabel) }
        }
        if let silenceLabel = store.silenceLabel {
            let wanted = SamplingShares.examples(shares.silence, of: words)
            let recorded = Self.first(wanted, of: pools.silence, in: store)
            for index in recorded { add(.clip(index), silenceLabel) }
            for _ in recorded.count..<wanted { add(.noise, silenceLabel) }
        }
        let unknownCount = unknown.count + windows
        counts = (words: words, unknown: unknownCount, silence: examples.count - words - unknownCount)
        self.examples = examples
    }

    /// The `count` clips whose digests come first, in the order of the store.
    private static func first(_ count: Int, of pool: [Int], in store: ClipStore) -> [Int] {
        order(of: pool, in: store.clips).prefix(count).sorted()
    }

    /// Some clips in the order of their digests.
    static func order(of pool: [Int], in clips: [LabelledClip]) -> [Int] {
        let ranked = pool.map { index in
            (digest: SHA1.hexadecimal(of: SplitLists.key(of: clips[index].name)), index: index)
        }
        return ranked.sorted { ($0.digest, $0.index) < ($1.digest, $1.index) }.map(\.index)
    }
}
