package import MynahFeatures
import MynahModel
import MynahNetwork

/// Where the training of a model that spells gets its sentences from: features, drawn anew for each epoch, and symbols.
package protocol SentenceSource: Sendable {
    /// What one thread keeps from sentence to sentence.
    associatedtype Workspace

    /// `[sentences]`, the classes that each spells.
    var symbols: [[Int]] { get }

    /// `[sentences]`, how long each is, in any unit that is the same for all.
    var lengths: [Int] { get }

    /// Frames of a sentence at most, whatever is drawn.
    func longestFrameCount(of index: Int) -> Int

    /// Makes what one thread needs.
    func makeWorkspace() -> Workspace

    /// The features of a sentence, `[frames, D]`, which follow from seed, epoch and sentence alone.
    ///
    /// - Throws: `DataError.lostRecording`.
    func draw(_ index: Int, seed: UInt64, epoch: Int, _ workspace: Workspace) throws(DataError) -> [Float]
}

/// Sentences of a store, varied anew in each epoch.
package struct VariedSentences: SentenceSource {
    private let store: SentenceStore
    private let loader: SentenceLoader
    private let frontEnd: FrontEndConfiguration

    /// How much longer variation may make a sentence.
    private let longestFactor: Double

    /// The sentences of `store`, varied as `augmentation` and `masks` say.
    package init(
        _ store: SentenceStore, frontEnd: FrontEndConfiguration, normalizer: FeatureNormalizer,
        augmentation: Augmentation, masks: SpecAugment, noise: BackgroundNoise
    ) {
        self.store = store
        self.frontEnd = frontEnd
        longestFactor = augmentation.longestFactor
        loader = SentenceLoader(
            store: store, frontEnd: frontEnd, normalizer: normalizer, augmentation: augmentation,
            masks: masks, noise: noise)
    }

    package var symbols: [[Int]] { store.symbols }

    package var lengths: [Int] { store.sampleCounts }

    package func longestFrameCount(of index: Int) -> Int {
        frontEnd.frameCount(sampleCount: Int(longestFactor * Double(store.sampleCounts[index])) + 1)
    }

    package func makeWorkspace() -> FeatureWorkspace { loader.makeWorkspace() }

    package func draw(
        _ index: Int, seed: UInt64, epoch: Int, _ workspace: FeatureWorkspace
    ) throws(DataError) -> [Float] {
        try loader.draw(index, seed: seed, epoch: epoch, workspace).values
    }
}
