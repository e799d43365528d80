import MynahBase
package import MynahFeatures
import MynahNetwork

/// Makes the sound of an example: a window of a fixed number of samples.
///
/// A loader has no state: any number of threads may use one, and the sound of an example depends on nothing but the
/// loader's settings and what stands in the arguments.
package struct ExampleLoader: Sendable {
    /// Length of a window, in samples.
    package let windowSampleCount: Int

    private let store: ClipStore
    private let noise: BackgroundNoise
    private let negatives: NegativeRecordings

    /// Heard in every second place of these; in all places where there are none.
    private let windows: NegativeExamples?
    private let augmentation: Augmentation
    private let renderer: VariationRenderer

    /// A loader for the examples of a store.
    ///
    /// - Precondition: `windowSampleCount` is positive and the augmentation is valid.
    package init(
        store: ClipStore, noise: BackgroundNoise, negatives: NegativeRecordings = .none,
        windows: NegativeExamples? = nil, windowSampleCount: Int,
        augmentation: Augmentation = .none
    ) {
        precondition(windowSampleCount > 0, "a window needs samples, got \(windowSampleCount)")
        self.store = store
        self.noise = noise
        self.negatives = negatives
        self.windows = windows
        self.windowSampleCount = windowSampleCount
        self.augmentation = augmentation
        renderer = VariationRenderer(
            augmentation: augmentation, noise: noise, sampleRate: store.sampleRate,
            windowSampleCount: windowSampleCount)
    }

    /// Why a clip could not be decoded again, the first one; silence was heard in its place.
    package var loss: DataError? { store.loss }

    /// The features of an example that was kept as features, `[T, D]`, not normalized; nil for one that has a sound.
    ///
    /// - Parameter draw: what the choice of the window follows from, with the number of the example; nil for a fixed one.
    package func keptFeatures(of example: Example, draw: (seed: UInt64, epoch: Int)?) -> FeatureMatrix? {
        guard let windows, example.source == .negative else { return nil }
        var generator =
            draw.map { SeededGenerator(seed: $0.seed, $0.epoch, example.number) }
            ?? SeededGenerator(seed: Self.fixedSeed, example.number)
        if negatives.count > 0, generator.uniform() < 0.5 { return nil }
        return windows.features(of: generator.index(below: windows.count))
    }

    /// Draws a variation of a training example into `output`, `[windowSampleCount]`, within ±1.
    package func draw(_ example: Example, seed: UInt64, epoch: Int, into output: inout [Float]) {
        resize(&output)
        var generator = SeededGenerator(seed: seed, epoch, example.number)
        switch example.source {
        case .clip(let index):
            let variation = Variation(augmentation, using: &generator)
            renderer.render(
                variation,
                of: example.follower.map { joined(index, $0, position: generator.uniform()) }
                    ?? store.quantizedSamples(ofClip: index), into: &output)
        case .negative:
            let variation = Variation(augmentation, using: &generator)
            // Twice the window, so that shift and speed bring in no silence that is not there.
            renderer.render(
                variation, of: negatives.stretch(sampleCount: 2 * windowSampleCount, using: &generator),
                into: &output)
        case .noise:
            renderer.renderSilence(Variation.Silence(augmentation, using: &generator), into: &output)
        }
    }

    /// Writes the fixed window of an example into `output`, `[windowSampleCount]`, within ±1.
    ///
    /// A clip longer than the window is cut so that its loudest stretch lies at the centre (`ClipWindow`); a shorter
    /// one is followed by zeros. The place of a window of recordings without commands follows from the example's number.
    /// Background noise has a volume from `0 ... 1`, as in Speech Commands, so that some
    /// examples are loud and some are nothing.
    package func load(_ example: Example, into output: inout [Float]) {
        resize(&output)
        switch example.source {
        case .clip(let index):
            let samples = store.quantizedSamples(ofClip: index)
            let start = ClipWindow.centredStart(in: samples, sampleCount: windowSampleCount)
            samples.copy(from: start, into: &output)
        case .negative:
            var generator = SeededGenerator(seed: Self.fixedSeed, example.number)
            negatives.stretch(sampleCount: windowSampleCount, using: &generator).copy(from: 0, into: &output)
        case .noise:
            var generator = SeededGenerator(seed: Self.fixedSeed, example.number)
            for index in output.indices { output[index] = 0 }
            noise.add(to: &output, from: store.split, volume: generator.uniform(), using: &generator)
        }
    }

    /// A window over two clips in succession, at a position within `0 ..< 1` of all possible ones.
    private func joined(_ first: Int, _ second: Int, position: Float) -> QuantizedSamples {
        let both = store.quantizedSamples(ofClip: first).joined(with: store.quantizedSamples(ofClip: second))
        let start = Int(position * Float(max(1, both.count - windowSampleCount)))
        return both.part(start..<min(both.count, start + windowSampleCount))
    }

    /// The seed with which TensorFlow's `speech_commands` chooses its unknown words and silence.
    private static let fixedSeed: UInt64 = 59185

    private func resize(_ output: inout [Float]) {
        if output.count != windowSampleCount { output = [Float](repeating: 0, count: windowSampleCount) }
    }
}
