import MynahBase
import MynahNetwork

/// The variations of one recording, as training would draw them, for a person to listen to.
package struct ClipVariations: Sendable {
    /// The sample rate of the sound, in Hz.
    package let sampleRate: Int

    private let clip: QuantizedSamples
    private let augmentation: Augmentation
    private let renderer: VariationRenderer
    private let windowSampleCount: Int

    /// Decodes a recording of at most 60 s.
    ///
    /// - Parameters:
    ///   - path: the audio file.
    ///   - decoder: reads it, and sets the sample rate.
    ///   - noise: what is mixed in.
    ///   - augmentation: how the clip is varied.
    ///   - clipSeconds: length of the window that the network hears, 0.1 to 30.
    /// - Throws: `DataError.unreadable` or `.invalidSetting`.
    package init(
        of path: String, with decoder: ClipDecoder, noise: BackgroundNoise, augmentation: Augmentation,
        clipSeconds: Double
    ) throws(DataError) {
        try augmentation.validate()
        try requireSetting("clip length in s", clipSeconds, within: 0.1...30)
        switch decoder.samples(of: path, maximumSeconds: ClipStore.Limits().clipSeconds) {
        case .success(let samples): clip = samples
        case .failure(let failure): throw .unreadable(path: path, reason: failure.reason)
        }
        self.augmentation = augmentation
        sampleRate = decoder.sampleRate
        windowSampleCount = Int((clipSeconds * Double(decoder.sampleRate)).rounded())
        renderer = VariationRenderer(
            augmentation: augmentation, noise: noise, sampleRate: decoder.sampleRate,
            windowSampleCount: windowSampleCount)
    }

    /// Varies samples that were decoded before.
    ///
    /// - Parameters:
    ///   - clip: the recording.
    ///   - sampleRate: its rate, in Hz.
    ///   - noise: what is mixed in.
    ///   - augmentation: how the clip is varied; valid.
    ///   - windowSampleCount: length of the window that the network hears, in samples.
    package init(
        of clip: QuantizedSamples, sampleRate: Int, noise: BackgroundNoise, augmentation: Augmentation,
        windowSampleCount: Int
    ) {
        self.clip = clip
        self.sampleRate = sampleRate
        self.augmentation = augmentation
        self.windowSampleCount = windowSampleCount
        renderer = VariationRenderer(
            augmentation: augmentation, noise: noise, sampleRate: sampleRate,
            windowSampleCount: windowSampleCount)
    }

    /// The window around the loudest stretch of the recording as it is, `[windowSampleCount]`.
    package var plain: [Float] {
        var samples = [Float](repeating: 0, count: windowSampleCount)
        clip.copy(from: ClipWindow.centredStart(in: clip, sampleCount: windowSampleCount), into: &samples)
        return samples
    }

    /// Draws a variation and makes its sound, `[clipSeconds · sampleRate]`, within ±1.
    ///
    /// Both follow from the seed and the number alone.
    package func draw(_ number: Int, seed: UInt64) -> (variation: Variation, samples: [Float]) {
        var generator = SeededGenerator(seed: seed, 0, number)
        let variation = Variation(augmentation, using: &generator)
        var samples = [Float](repeating: 0, count: windowSampleCount)
        renderer.render(variation, of: clip, into: &samples)
        return (variation, samples)
    }
}
