/// How often words, unknown words and silence come in an epoch.
///
/// The shares of silence and of unknown words are fractions of the number of *word* clips, rounded up, as in Speech Commands: with ten words and the default
/// of 0.1 each of the twelve labels has about the same number.
public struct SamplingShares: Codable, Hashable, Sendable {
    /// Examples of `_silence_` for each word clip, `0 ... 10`.
    public var silence: Double

    /// Examples of `_unknown_` for each word clip, `0 ... 10`.
    public var unknown: Double

    /// Share of the examples of `_unknown_` that are two clips in succession, `0 ... 1`.
    ///
    /// They are cut at random, as a window that slides over running speech would cut them.
    public var joined: Double

    /// Examples of `_unknown_` that are windows of recordings without commands, for each word clip, `0 ... 10`; they come
    /// on top of `unknown`, where there are such recordings.
    public var negatives: Double

    /// How far rare words are evened out, `0 ... 1`.
    ///
    /// A word with `n` clips, where the most frequent one has `m`, comes `n · (m / n)^balance` times in an epoch: with 0
    /// each clip comes once, with 1 each word equally often.
    public var balance: Double

    /// Shares with the given values; training throws ``DataError/invalidSetting(name:value:expected:)`` for one out of range.
    public init(
        silence: Double = 0.1, unknown: Double = 0.1, joined: Double = 0, negatives: Double = 0,
        balance: Double = 0
    ) {
        self.silence = silence
        self.unknown = unknown
        self.joined = joined
        self.negatives = negatives
        self.balance = balance
    }

    /// Makes sure that all values are in their range.
    ///
    /// - Throws: `DataError.invalidSetting`.
    package func validate() throws(DataError) {
        try requireSetting("silence share", silence, within: 0...10)
        try requireSetting("unknown share", unknown, within: 0...10)
        try requireSetting("share of joined unknown words", joined, within: 0...1)
        try requireSetting("share of recordings without commands", negatives, within: 0...10)
        try requireSetting("balance", balance, within: 0...1)
    }

    /// The share of `count` word clips, rounded up.
    static func examples(_ share: Double, of count: Int) -> Int {
        Int((share * Double(count)).rounded(.up))
    }
}
