import MynahBase
package import MynahData
import MynahFeatures
import MynahNetwork
import MynahRecognition

/// Asks of each clip whether networks that have not heard it, nor anyone who speaks in it, agree with its label.
///
/// Speakers are dealt into folds. For each fold a small network learns all others, and says how probable it finds the
/// labels of this one. Where it finds a label improbable, most often the clip is hard; but clips whose labels are wrong
/// are found among them (Northcutt et al., "Confident learning", arXiv 1911.00068).
package struct CrossValidation: Sendable {
    /// A clip whose label is doubted.
    package struct Doubt: Codable, Hashable, Sendable {
        /// `word/file`.
        package let clip: String

        /// What the clip is used for.
        package let split: DataSplit

        /// Its label.
        package let label: String

        /// How probable the label was found, `0 ... 1`.
        package let probability: Float

        /// The label that was found most probable.
        package let heard: String

        /// How probable that was found, `0 ... 1`.
        package let heardProbability: Float
    }

    /// What the networks say.
    package struct Result: Codable, Hashable, Sendable {
        /// Number of folds.
        package let foldCount: Int

        /// Clips that were asked about: those of the training and the validation split that are not near-silent.
        package let clipCount: Int

        /// Clips whose own label was found most probable.
        package let correct: Int

        /// The clips whose labels were found least probable, the least probable first.
        package let doubts: [Doubt]
    }

    /// A clip with its features, `[T, D]`.
    struct Clip: Sendable {
        let clip: LabelledClip
        let features: [Float]

        var matrix: FeatureMatrix {
            FeatureMatrix(values: features, featureCount: CrossValidation.frontEnd.featureCount)
        }
    }

    /// The front end: half as many frames and coefficients as the shipped model's, for speed.
    static let frontEnd: FrontEndConfiguration = {
        var frontEnd = FrontEndPreset.mynah.configuration()
        frontEnd.framing.frameShiftSamples = 320
        frontEnd.cepstrum?.coefficientCount = 20
        return frontEnd
    }()

    private let foldCount: Int
    private let doubtCount: Int
    private let seed: UInt64

    /// A cross-validation in `foldCount` folds, 2 to 20, that names the `doubtCount` most doubted clips.
    ///
    /// - Throws: `DataError.invalidSetting`.
    package init(foldCount: Int = 4, doubtCount: Int = 100, seed: UInt64 = 1) throws(DataError) {
        try requireSetting("number of folds", foldCount, within: 2...20)
        try requireSetting("number of doubted clips", doubtCount, within: 0...1_000_000)
        self.foldCount = foldCount
        self.doubtCount = doubtCount
        self.seed = seed
    }

    /// Why clips cannot be asked about, in words; nil where they can.
    static func obstacle(to clips: [Clip]) -> String? {
        if clips.count < 2 {
            return
                "\(clips.count) of the clips for training and validation are loud enough, at least 2 are needed"
        }
        return Set(clips.map(\.clip.label)).count < 2 ? "the clips have a single label" : nil
    }

    /// The fold of each clip: by the hash of its speaker, which keeps it there whatever comes to the set.
    ///
    /// Where that leaves all clips in one fold, speakers are dealt one after another, in the order of their hashes; the
    /// clips of a single one likewise.
    static func folds(of clips: [Clip], count: Int) -> [Int] {
        func dealt(by name: (Clip) -> String) -> [Int] {
            let order = Set(clips.map(name)).sorted {
                (SHA1.hexadecimal(of: $0), $0) < (SHA1.hexadecimal(of: $1), $1)
            }
            let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
            return clips.map { (places[name($0)] ?? 0) % count }
        }
        let hashed = clips.map { Int(SHA1.lowWord(of: $0.clip.speaker ?? $0.clip.name)) % count }
        if Set(hashed).count > 1 { return hashed }
        let bySpeaker = dealt { $0.clip.speaker ?? $0.clip.name }
        return Set(bySpeaker).count > 1 ? bySpeaker : dealt { $0.clip.name }
    }

    /// Trains one network for each fold and asks it about that fold.
    ///
    /// - Precondition: there is no `obstacle`.
    func run(
        on clips: [Clip], labels: [String], threads: Int, onTrained: (Int) -> Void
    ) throws -> Result {
        let folds = Self.folds(of: clips, count: foldCount)
        let normalizer = try normalizer(of: clips)
        let pool = FoldExamples.Pool(
            features: concurrentMap(clips.count, threads: threads) { index in
                var features = clips[index].matrix
                normalizer.normalize(&features)
                return features.values
            }, labels: clips.map(\.clip.label))
        var doubts: [Doubt] = []
        var correct = 0
        for fold in 0..<foldCount {
            let heldOut = clips.indices.filter { folds[$0] == fold }
            guard !heldOut.isEmpty else { continue }
            let learned = clips.indices.filter { folds[$0] != fold }
            let network = NetworkDescription(
                inputSize: Self.frontEnd.featureCount,
                layers: [.gru(hiddenSize: 64, bidirectional: false)], readOut: .mean, classCount: labels.count
            )
            let settings = settings(exampleCount: learned.count, threads: threads)
            let trainer = try Trainer(
                network: network, settings: settings,
                training: FoldExamples(pool, learned, seed: settings.seed, epochCount: settings.epochCount),
                validation: FoldExamples(pool, heldOut))
            guard
                let weights = try trainer.run(
                    from: trainer.initialState(), shouldStop: { false }, report: { _ in })
            else { continue }
            let answers = try posteriors(
                of: heldOut.map { clips[$0].matrix }, normalizer: normalizer,
                network: PreparedNetwork(network, parameters: weights.parameters), threads: threads)
            for (index, answer) in zip(heldOut, answers) {
                let clip = clips[index].clip
                let best = answer.indexOfLargest ?? 0
                correct += best == clip.label ? 1 : 0
                doubts.append(
                    Doubt(
                        clip: clip.name, split: clip.split, label: labels[clip.label],
                        probability: answer[clip.label], heard: labels[best], heardProbability: answer[best]))
            }
            onTrained(fold + 1)
        }
        doubts.sort { ($0.probability, $0.clip) < ($1.probability, $1.clip) }
        // Only a label that another one was preferred to is in doubt.
        return Result(
            foldCount: foldCount, clipCount: clips.count, correct: correct,
            doubts: Array(doubts.lazy.filter { $0.heard != $0.label }.prefix(doubtCount)))
    }

    /// A few hundred steps at least, and six epochs.
    private func settings(exampleCount: Int, threads: Int) -> TrainingSettings {
        var settings = TrainingSettings()
        settings.batchSize = min(64, max(8, exampleCount / 20))
        let steps = max(1, exampleCount / (settings.batchSize ?? 1))
        settings.epochCount = min(60, max(6, 600 / steps))
        settings.warmUpEpochCount = 1
        settings.learningRate = 5e-3
        settings.dropout = DropoutRates(layers: 0.1)
        settings.averagingDecay = 0.98
        settings.seed = seed
        settings.threadCount = threads
        return settings
    }

    private func normalizer(of clips: [Clip]) throws(FeatureError) -> FeatureNormalizer {
        var fitter = FeatureNormalizer.Fitter(featureCount: Self.frontEnd.featureCount)
        for clip in clips { fitter.add(clip.matrix) }
        return try fitter.normalizer()
    }

    /// Posteriors of clips that a network has not learned, `[C]` each.
    private func posteriors(
        of features: [FeatureMatrix], normalizer: FeatureNormalizer, network: PreparedNetwork, threads: Int
    ) throws(RecognitionError) -> [[Float]] {
        @Sendable func makeNetwork() throws(RecognitionError) -> ClipNetwork {
            try ClipNetwork(
                frontEnd: Self.frontEnd, normalizer: normalizer, network: network,
                frameCount: Self.frontEnd.frameCount(sampleCount: Self.frontEnd.sampleRate))
        }
        _ = try makeNetwork()
        return concurrentMap(
            features.count, threads: threads, makeContext: { try? makeNetwork() }
        ) { network, index in
            network?.posteriors(ofFeatures: features[index]).first ?? []
        }
    }
}
