package import MynahBase
package import MynahFeatures
import Synchronization

/// What one thread needs to turn sound into features.
package final class FeatureWorkspace {
    private var extractor: FeatureExtractor
    private let normalizer: FeatureNormalizer?

    /// The window, `[windowSampleCount]`.
    package var samples: [Float] = []

    package init(frontEnd: FrontEndConfiguration, normalizer: FeatureNormalizer?) throws(FeatureError) {
        extractor = try FeatureExtractor(frontEnd)
        self.normalizer = normalizer
    }

    /// Features of ``samples``, normalized where there is a normalizer.
    package func features() -> FeatureMatrix {
        var features = extractor.features(of: samples)
        normalizer?.normalize(&features)
        return features
    }

    /// A workspace for settings that have been checked before.
    package static func make(_ frontEnd: FrontEndConfiguration, _ normalizer: FeatureNormalizer?)
        -> FeatureWorkspace
    {
        do {
            return try FeatureWorkspace(frontEnd: frontEnd, normalizer: normalizer)
        } catch {
            preconditionFailure("the front end was validated before: \(error)")
        }
    }
}

/// The examples that a network learns from: drawn, varied and turned into features anew in each epoch.
package final class TrainingExamples: ExampleSource {
    private let sampler: EpochSampler
    private let loader: ExampleLoader
    private let frontEnd: FrontEndConfiguration
    private let normalizer: FeatureNormalizer
    private let masks: SpecAugment
    private let bands: MaskedBands
    private let seed: UInt64

    /// The list of the epoch that is being trained.
    private let current = Mutex<(epoch: Int, examples: [Example])>((-1, []))

    package let frameCount: Int

    package init(
        sampler: EpochSampler, loader: ExampleLoader, frontEnd: FrontEndConfiguration,
        normalizer: FeatureNormalizer, masks: SpecAugment, seed: UInt64
    ) {
        self.sampler = sampler
        self.loader = loader
        self.frontEnd = frontEnd
        self.normalizer = normalizer
        self.masks = masks
        bands = MaskedBands(frontEnd, normalizer)
        self.seed = seed
        frameCount = frontEnd.frameCount(sampleCount: loader.windowSampleCount)
    }

    package var featureCount: Int { frontEnd.featureCount }

    package var loss: DataError? { loader.loss }

    package func exampleCount(epoch: Int) -> Int { sampler.exampleCount }

    package func makeContext() -> FeatureWorkspace { .make(frontEnd, normalizer) }

    package func example(_ features: inout [Float], index: Int, epoch: Int, context: inout FeatureWorkspace)
        -> Int
    {
        let example = current.withLock { current in
            if current.epoch != epoch {
                current = (epoch, sampler.examples(seed: seed, epoch: epoch))
            }
            return current.examples[index]
        }
        var matrix: FeatureMatrix
        if let kept = loader.keptFeatures(of: example, draw: (seed, epoch)) {
            matrix = kept
            normalizer.normalize(&matrix)
        } else {
            loader.draw(example, seed: seed, epoch: epoch, into: &context.samples)
            matrix = context.features()
        }
        var generator = SeededGenerator(seed: seed, epoch, example.number, 1)
        masks.mask(&matrix, in: bands, using: &generator)
        features = matrix.values
        return example.label
    }
}

/// The fixed examples that choices are made by: their features are kept as far as they fit into memory, and computed anew
/// otherwise.
package final class ValidationExamples: ExampleSource {
    package let frameCount: Int
    package let featureCount: Int
    private let selection: EvaluationSelection
    private let loader: ExampleLoader
    private let frontEnd: FrontEndConfiguration
    private let normalizer: FeatureNormalizer

    /// How many examples' features may be kept.
    private let limit: Int
    private let kept = Mutex<[Int: [Float]]>([:])

    /// - Parameter limitBytes: the most memory for features, in bytes.
    package init(
        selection: EvaluationSelection, loader: ExampleLoader, frontEnd: FrontEndConfiguration,
        normalizer: FeatureNormalizer, limitBytes: Int
    ) {
        self.selection = selection
        self.loader = loader
        self.frontEnd = frontEnd
        self.normalizer = normalizer
        frameCount = frontEnd.frameCount(sampleCount: loader.windowSampleCount)
        featureCount = frontEnd.featureCount
        limit = limitBytes / (frameCount * featureCount * MemoryLayout<Float>.stride)
    }

    package var loss: DataError? { loader.loss }

    package func exampleCount(epoch: Int) -> Int { selection.examples.count }

    package func makeContext() -> FeatureWorkspace { .make(frontEnd, normalizer) }

    package func example(_ features: inout [Float], index: Int, epoch: Int, context: inout FeatureWorkspace)
        -> Int
    {
        let example = selection.examples[index]
        if let known = kept.withLock({ $0[index] }) {
            features = known
            return example.label
        }
        let values: [Float]
        if var matrix = loader.keptFeatures(of: example, draw: nil) {
            normalizer.normalize(&matrix)
            values = matrix.values
        } else {
            loader.load(example, into: &context.samples)
            values = context.features().values
        }
        kept.withLock { kept in
            if kept.count < limit { kept[index] = values }
        }
        features = values
        return example.label
    }
}

extension FeatureNormalizer {
    /// Fits a normalizer to one epoch of training examples, varied as in training.
    ///
    /// The examples are gathered in groups of fixed size and the groups added in order: the number of threads and processes
    /// does not change a bit.
    package init(
        fitting sampler: EpochSampler, loader: ExampleLoader, frontEnd: FrontEndConfiguration, seed: UInt64,
        threads: Int, communicator: any Communicator = SingleProcess()
    ) throws(FeatureError) {
        let examples = sampler.examples(seed: seed, epoch: 0)
        let groupSize = 64
        let groups = communicator.map(
            (examples.count + groupSize - 1) / groupSize, threads: threads,
            makeContext: { FeatureWorkspace.make(frontEnd, nil) }
        ) { workspace, group in
            var fitter = Fitter(featureCount: frontEnd.featureCount)
            for example in examples[group * groupSize..<min(examples.count, (group + 1) * groupSize)] {
                if let kept = loader.keptFeatures(of: example, draw: (seed, 0)) {
                    fitter.add(kept)
                    continue
                }
                loader.draw(example, seed: seed, epoch: 0, into: &workspace.samples)
                fitter.add(workspace.features())
            }
            return fitter
        }
        var all = Fitter(featureCount: frontEnd.featureCount)
        for group in groups {
            all.merge(group)
        }
        self = try all.normalizer()
    }
}
