/// How many examples of silence and of unknown words stand beside the clips of the words.
///
/// Both are fractions of the number of *word* clips, rounded up, as in Speech Commands: with ten words and the default
/// of 0.1 each of the twelve labels has about the same number.
public struct SamplingShares: Codable, Hashable, Sendable {
    /// Examples of `_silence_` for each word clip, `0 ... 10`.
    public var silence: Double

    /// Examples of `_unknown_` for each word clip, `0 ... 10`.
    public var unknown: Double

    /// Shares with the given values; `validate()` tells whether they are legal.
    public init(silence: Double = 0.1, unknown: Double = 0.1) {
        self.silence = silence
        self.unknown = unknown
    }

    /// Makes sure that both values are in their range.
    ///
    /// - Throws: `TrainingError.invalidSetting`.
    public func validate() throws(TrainingError) {
        try requireSetting("silence share", silence, within: 0...10)
        try requireSetting("unknown share", unknown, within: 0...10)
    }

    /// The share of `count` word clips, rounded up.
    static func examples(_ share: Double, of count: Int) -> Int {
        Int((share * Double(count)).rounded(.up))
    }
}
