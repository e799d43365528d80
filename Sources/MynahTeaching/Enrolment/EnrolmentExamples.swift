import MynahBase
import MynahData
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahRecognition

/// What a frozen network makes of recordings and of negatives: the vectors that its output layer reads.
struct EnrolmentExamples: Sendable {
    /// A recording that was decoded.
    struct Sound: Sendable {
        let take: RecordingsFolder.Take
        let samples: QuantizedSamples
    }

    /// Variations of each recording that are learnt from beside it.
    static let variationCount = 3

    /// Milder than in the training of networks: a layer that is fitted to a few recordings takes what is nearly drowned in noise
    /// for the word.
    static let augmentation = Augmentation(
        maximumShiftMilliseconds: 120, maximumSpeedChange: 0.1, maximumGainDecibels: 10,
        noiseProbability: 0.5, noiseRatioDecibels: ValueRange(12, 40), roomProbability: 0.15,
        reverberationSeconds: ValueRange(0.1, 0.4), directRatioDecibels: ValueRange(3, 20),
        bandProbability: 0, codeProbability: 0)

    /// Clips that go through the network together, at most.
    private static let largestBatchSize = 16

    /// `[takes][D]`: the recordings as they are.
    let plain: [[Float]]

    /// `[takes][variations][D]`.
    let varied: [[[Float]]]

    /// `[N][D]`.
    let negatives: [[Float]]

    /// Wraps vectors.
    init(plain: [[Float]], varied: [[[Float]]], negatives: [[Float]]) {
        self.plain = plain
        self.varied = varied
        self.negatives = negatives
    }

    /// Runs recordings and windows through the network of a model.
    ///
    /// - Throws: ``EnrolmentError/recognition(_:)``.
    init(
        _ sounds: [Sound], negatives: NegativeExamples, model: CommandModel, noise: BackgroundNoise,
        seed: UInt64,
        threads: Int
    ) throws(EnrolmentError) {
        do {
            // Whether it can be built shows here, once.
            _ = try ClipNetwork(model, batchSize: 1)
        } catch {
            throw .recognition(error)
        }
        let rate = model.frontEnd.sampleRate
        let perTake = 1 + Self.variationCount
        let frameCount = model.frontEnd.frameCount(sampleCount: model.clipSampleCount)
        let batchSize = model.network.batchSize(Self.largestBatchSize, frameCount: frameCount)
        let clips = sounds.map {
            ClipVariations(
                of: $0.samples, sampleRate: rate, noise: noise, augmentation: Self.augmentation,
                windowSampleCount: model.clipSampleCount)
        }
        let names = sounds.map { SHA256.hexDigest(of: $0.take.place) }
        let batches = (sounds.count * perTake + batchSize - 1) / batchSize
        let vectors = concurrentMap(
            batches, threads: threads, makeContext: { Self.network(model, batchSize) }
        ) { network, batch in
            let range = batch * batchSize..<min(sounds.count * perTake, (batch + 1) * batchSize)
            return network.readOutVectors(
                of: range.map { index in
                    let (take, number) = (index / perTake, index % perTake)
                    guard number > 0 else { return clips[take].plain[...] }
                    // By its name, so that a recording is varied alike whatever others there are.
                    let own = seed ^ (UInt64(names[take].prefix(16), radix: 16) ?? 0)
                    return clips[take].draw(number, seed: own).samples[...]
                })
        }.flatMap { $0 }
        plain = sounds.indices.map { vectors[$0 * perTake] }
        varied = sounds.indices.map { take in (1..<perTake).map { vectors[take * perTake + $0] } }
        self.negatives = concurrentMap(
            (negatives.count + batchSize - 1) / batchSize, threads: threads,
            makeContext: { Self.network(model, batchSize) }
        ) { network, batch in
            let range = batch * batchSize..<min(negatives.count, (batch + 1) * batchSize)
            return network.readOutVectors(
                ofFeatures: range.map { negatives.features(of: $0) })
        }.flatMap { $0 }
    }

    private static func network(_ model: CommandModel, _ batchSize: Int) -> ClipNetwork {
        do {
            return try ClipNetwork(model, batchSize: batchSize)
        } catch {
            preconditionFailure("the network was built before: \(error)")
        }
    }
}
