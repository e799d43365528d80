import MynahBase
package import MynahFeatures
import MynahModel
import MynahNetwork

/// Makes the features of sentences: as they are, or varied anew in each epoch of training.
///
/// A loader has no state: any number of threads may use one, each with a workspace of its own, and what it makes depends on
/// nothing but its settings and what stands in the arguments.
package struct SentenceLoader: Sendable {
    private let store: SentenceStore
    private let frontEnd: FrontEndConfiguration
    private let normalizer: FeatureNormalizer
    private let augmentation: Augmentation
    private let masks: SpecAugment
    private let bands: MaskedBands

    /// For sentences of growing length: a room costs as much as the longest one.
    private let renderers: [VariationRenderer]

    /// A loader for the sentences of a store.
    package init(
        store: SentenceStore, frontEnd: FrontEndConfiguration, normalizer: FeatureNormalizer,
        augmentation: Augmentation = .none, masks: SpecAugment = .none, noise: BackgroundNoise = .none
    ) {
        self.store = store
        self.frontEnd = frontEnd
        self.normalizer = normalizer
        self.augmentation = augmentation
        self.masks = masks
        bands = MaskedBands(frontEnd, normalizer)
        let longest = SpeechModel.maximumSeconds * augmentation.longestFactor
        renderers = [4.0, 8, 16, longest + 1].map { seconds in
            VariationRenderer(
                augmentation: augmentation, noise: noise, sampleRate: store.sampleRate,
                windowSampleCount: Int(seconds * Double(store.sampleRate)))
        }
    }

    /// What one thread needs.
    package func makeWorkspace() -> FeatureWorkspace { .make(frontEnd, normalizer) }

    /// The features of a sentence, `[frames, D]`, as they are.
    package func load(_ index: Int, _ workspace: FeatureWorkspace) throws(DataError) -> FeatureMatrix {
        let samples = try store.samples(of: index)
        workspace.samples = [Float](repeating: 0, count: samples.count)
        samples.copy(from: 0, into: &workspace.samples)
        return workspace.features()
    }

    /// The features of a variation of a sentence, `[frames, D]`; which one follows from seed, epoch and sentence.
    package func draw(
        _ index: Int, seed: UInt64, epoch: Int, _ workspace: FeatureWorkspace
    ) throws(DataError) -> FeatureMatrix {
        var generator = SeededGenerator(seed: seed, epoch, index)
        let samples = try store.samples(of: index)
        let variation = Variation(augmentation, using: &generator)
        let count = Int((Double(samples.count) / variation.speed).rounded())
        let renderer = renderers.first { $0.windowSampleCount >= count } ?? renderers[renderers.count - 1]
        renderer.renderWhole(variation, of: samples, into: &workspace.samples)
        var features = workspace.features()
        masks.mask(&features, in: bands, using: &generator)
        return features
    }
}
