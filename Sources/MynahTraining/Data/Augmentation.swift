import Glibc
import MynahNetwork

/// How training clips are varied, so that no two epochs show the same recording twice.
///
/// The default is the recipe of kws_streaming (arXiv 2005.06720): shifted by up to 100 ms, played up to 15 % faster or
/// slower, and in four of five cases mixed with background noise of a volume drawn uniformly from `0 ... 0.1`; and besides
/// up to 15 dB louder or softer, because speakers of Speech Commands differ by more than that.
public struct Augmentation: Codable, Hashable, Sendable {
    /// Largest shift in time to either side, in ms, `0 ... 10_000`; drawn uniformly.
    public var maximumShiftMilliseconds: Double

    /// Largest change of speed, and with it of pitch, to either side, `0 ... 0.5`; drawn uniformly.
    public var maximumSpeedChange: Double

    /// Probability that a clip is mixed with background noise, `0 ... 1`.
    public var noiseProbability: Float

    /// Largest factor of the background noise, `0 ... 1`; drawn uniformly from zero up to it.
    public var maximumNoiseVolume: Float

    /// Largest change of level to either side before noise is added, in dB, `0 ... 60`; drawn uniformly.
    public var maximumGainDecibels: Float

    /// An augmentation with the given values; `validate()` tells whether they are legal.
    public init(
        maximumShiftMilliseconds: Double = 100, maximumSpeedChange: Double = 0.15,
        noiseProbability: Float = 0.8, maximumNoiseVolume: Float = 0.1, maximumGainDecibels: Float = 15
    ) {
        self.maximumShiftMilliseconds = maximumShiftMilliseconds
        self.maximumSpeedChange = maximumSpeedChange
        self.noiseProbability = noiseProbability
        self.maximumNoiseVolume = maximumNoiseVolume
        self.maximumGainDecibels = maximumGainDecibels
    }

    /// Clips as they are.
    public static let none = Augmentation(
        maximumShiftMilliseconds: 0, maximumSpeedChange: 0, noiseProbability: 0, maximumNoiseVolume: 0,
        maximumGainDecibels: 0)

    /// Makes sure that every value is in its range.
    ///
    /// - Throws: `TrainingError.invalidSetting`.
    public func validate() throws(TrainingError) {
        try requireSetting("time shift in ms", maximumShiftMilliseconds, within: 0...10_000)
        try requireSetting("speed change", maximumSpeedChange, within: 0...0.5)
        try requireSetting("noise probability", Double(noiseProbability), within: 0...1)
        try requireSetting("noise volume", Double(maximumNoiseVolume), within: 0...1)
        try requireSetting("gain in dB", Double(maximumGainDecibels), within: 0...60)
    }

    /// Draws one variation of a clip into all of `output`, within ±1.
    ///
    /// A clip longer than the window is first cut at random, but never through its loudest stretch (`ClipWindow`).
    /// What the shift brings in from outside the clip is zero.
    func draw(
        _ samples: QuantizedSamples, sampleRate: Int, noise: BackgroundNoise, into output: inout [Float],
        using generator: inout SeededGenerator
    ) {
        let starts = ClipWindow.startsAroundLoudest(in: samples, sampleCount: output.count)
        let start = starts.lowerBound + generator.index(below: starts.count)
        let limit = Int(maximumShiftMilliseconds / 1000 * Double(sampleRate))
        let shift = generator.index(below: 2 * limit + 1) - limit
        let speed = 1 + maximumSpeedChange * Double(generator.symmetric(1))
        if maximumSpeedChange > 0 {
            // The middle of the window stays where it is.
            let middle = Double(output.count) / 2
            samples.copy(from: Double(start - shift) + middle * (1 - speed), step: speed, into: &output)
        } else {
            samples.copy(from: start - shift, into: &output)
        }

        let decibels = generator.symmetric(maximumGainDecibels)
        if maximumGainDecibels > 0 {
            let gain = powf(10, decibels / 20)
            for index in output.indices { output[index] *= gain }
        }
        let isNoisy = generator.uniform() < noiseProbability
        let volume = generator.uniform() * maximumNoiseVolume
        if isNoisy, volume > 0 {
            noise.add(to: &output, from: .training, volume: volume, using: &generator)
        }
        clamp(&output)
    }

    /// Draws an example of silence into all of `output`: background noise of a volume from `0 ... 1`, as in Speech
    /// Commands, so that some examples are loud and some are nothing.
    static func drawSilence(
        from split: DataSplit, noise: BackgroundNoise, into output: inout [Float],
        using generator: inout SeededGenerator
    ) {
        for index in output.indices { output[index] = 0 }
        noise.add(to: &output, from: split, volume: generator.uniform(), using: &generator)
        clamp(&output)
    }
}

/// Holds samples within ±1.
private func clamp(_ samples: inout [Float]) {
    for index in samples.indices { samples[index] = max(-1, min(1, samples[index])) }
}

/// Makes sure that a setting lies in its range, which a number that is not finite never does.
///
/// - Throws: `TrainingError.invalidSetting`.
func requireSetting(_ name: String, _ value: Double, within range: ClosedRange<Double>) throws(TrainingError)
{
    guard range.contains(value) else {
        throw .invalidSetting(
            name: name, value: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
}
