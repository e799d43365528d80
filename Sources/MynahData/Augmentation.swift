import MynahBase
package import MynahModel

/// How training clips are varied, so that no two epochs show the same recording twice.
///
/// Shift and speed are those of kws_streaming (arXiv 2005.06720): up to 100 ms, and up to 15 % faster or slower. Level
/// changes by up to 15 dB, because speakers of Speech Commands differ by more than that. Some clips sound as in a room,
/// four of five have background noise, and a few come through a telephone.
public struct Augmentation: Codable, Hashable, Sendable {
    // `Variation` says what is drawn for a clip, and `VariationRenderer` how it is made to sound.

    /// Largest shift in time to either side, in ms, `0 ... 10_000`; drawn uniformly.
    public var maximumShiftMilliseconds: Double

    /// Largest change of speed, and with it of pitch, to either side, `0 ... 0.5`; drawn uniformly.
    public var maximumSpeedChange: Double

    /// Largest change of level to either side, in dB, `0 ... 60`; drawn uniformly.
    public var maximumGainDecibels: Float

    /// Probability that a clip is mixed with background noise, `0 ... 1`.
    public var noiseProbability: Float

    /// Ratio of the level of the speech, without its pauses, to that of the noise, in dB, `-40 ... 100`.
    public var noiseRatioDecibels: ValueRange

    /// Level of background noise alone, in examples of silence, in dB below full scale (root mean square), `-120 ... 0`.
    ///
    /// It should reach as high as the noise in words does, or loud noise without a word would be unheard of.
    public var silenceLevelDecibels: ValueRange

    /// Probability that a clip sounds as in a room, `0 ... 1`.
    public var roomProbability: Float

    /// Time in which the room's reverberation falls by 60 dB, in s, `0.01 ... 5`.
    public var reverberationSeconds: ValueRange

    /// Ratio of the energy that comes straight from the speaker to that of all reflections, in dB, `-20 ... 60`.
    public var directRatioDecibels: ValueRange

    /// Probability that a clip is limited to the band of a telephone, `0 ... 1`.
    ///
    /// One draw decides on band and code: with equal probabilities they come together, as on the telephone.
    public var bandProbability: Float

    /// Lower edge of that band, in Hz, `20 ... 2_000`.
    public var lowerEdgeHz: ValueRange

    /// Upper edge of that band, in Hz, `2_000 ... 20_000`; held below half the sample rate.
    public var upperEdgeHz: ValueRange

    /// Probability that a clip is coded by µ-law and decoded again, `0 ... 1`.
    public var codeProbability: Float

    /// Width of the code, in bits, `4 ... 16`, rounded to a whole number; that of the telephone has 8.
    public var codeBits: ValueRange

    /// An augmentation with the given values; training throws ``DataError/invalidSetting(name:value:expected:)`` for one out of range.
    public init(
        maximumShiftMilliseconds: Double = 100, maximumSpeedChange: Double = 0.15,
        maximumGainDecibels: Float = 15, noiseProbability: Float = 0.8,
        noiseRatioDecibels: ValueRange = ValueRange(5, 40),
        silenceLevelDecibels: ValueRange = ValueRange(-80, -30), roomProbability: Float = 0.2,
        reverberationSeconds: ValueRange = ValueRange(0.1, 0.6),
        directRatioDecibels: ValueRange = ValueRange(0, 20), bandProbability: Float = 0.05,
        lowerEdgeHz: ValueRange = ValueRange(150, 400), upperEdgeHz: ValueRange = ValueRange(3000, 3800),
        codeProbability: Float = 0.05, codeBits: ValueRange = ValueRange(7, 8)
    ) {
        self.maximumShiftMilliseconds = maximumShiftMilliseconds
        self.maximumSpeedChange = maximumSpeedChange
        self.maximumGainDecibels = maximumGainDecibels
        self.noiseProbability = noiseProbability
        self.noiseRatioDecibels = noiseRatioDecibels
        self.silenceLevelDecibels = silenceLevelDecibels
        self.roomProbability = roomProbability
        self.reverberationSeconds = reverberationSeconds
        self.directRatioDecibels = directRatioDecibels
        self.bandProbability = bandProbability
        self.lowerEdgeHz = lowerEdgeHz
        self.upperEdgeHz = upperEdgeHz
        self.codeProbability = codeProbability
        self.codeBits = codeBits
    }

    /// Clips as they are.
    public static let none = Augmentation(
        maximumShiftMilliseconds: 0, maximumSpeedChange: 0, maximumGainDecibels: 0, noiseProbability: 0,
        roomProbability: 0, bandProbability: 0, codeProbability: 0)

    /// Makes sure that every value is in its range.
    ///
    /// - Throws: `DataError.invalidSetting`.
    package func validate() throws(DataError) {
        try requireSetting("time shift in ms", maximumShiftMilliseconds, within: 0...10_000)
        try requireSetting("speed change", maximumSpeedChange, within: 0...0.5)
        try requireSetting("gain in dB", maximumGainDecibels, within: 0...60)
        try requireSetting("noise probability", noiseProbability, within: 0...1)
        try noiseRatioDecibels.validate("noise ratio in dB", within: -40...100)
        try silenceLevelDecibels.validate("silence level in dB", within: -120...0)
        try requireSetting("room probability", roomProbability, within: 0...1)
        try reverberationSeconds.validate("reverberation time in s", within: 0.01...5)
        try directRatioDecibels.validate("direct ratio in dB", within: -20...60)
        try requireSetting("band probability", bandProbability, within: 0...1)
        try lowerEdgeHz.validate("lower edge of the band in Hz", within: 20...2_000)
        try upperEdgeHz.validate("upper edge of the band in Hz", within: 2_000...20_000)
        try requireSetting("code probability", codeProbability, within: 0...1)
        try codeBits.validate("bits of the code", within: 4...16)
    }

    /// How much longer a change of speed may make a recording, at least 1.
    package var longestFactor: Double { 1 / (1 - maximumSpeedChange) }

    /// Every setting by name, as a model keeps them.
    package var record: [TrainingProvenance.Setting] {
        let pairs: [(String, any CustomStringConvertible)] = [
            ("time shift in ms", maximumShiftMilliseconds),
            ("speed change", maximumSpeedChange),
            ("gain in dB", maximumGainDecibels),
            ("noise probability", noiseProbability),
            ("noise ratio in dB", noiseRatioDecibels),
            ("silence level in dB", silenceLevelDecibels),
            ("room probability", roomProbability),
            ("reverberation time in s", reverberationSeconds),
            ("direct ratio in dB", directRatioDecibels),
            ("band probability", bandProbability),
            ("lower edge of the band in Hz", lowerEdgeHz),
            ("upper edge of the band in Hz", upperEdgeHz),
            ("code probability", codeProbability),
            ("bits of the code", codeBits),
        ]
        return pairs.map { TrainingProvenance.Setting(name: $0.0, value: $0.1.description) }
    }
}

/// Makes sure that a setting lies in its range, which a number that is not finite never does.
///
/// - Throws: `DataError.invalidSetting`.
package func requireSetting<Value: Comparable & CustomStringConvertible>(
    _ name: String, _ value: Value, within range: ClosedRange<Value>
) throws(DataError) {
    guard range.contains(value) else {
        throw .invalidSetting(
            name: name, value: NumberText.plain(value),
            expected: "\(NumberText.plain(range.lowerBound)) to \(NumberText.plain(range.upperBound))")
    }
}
