package import MynahAudio
package import MynahBase
package import MynahData
package import MynahFeatures
package import MynahModel
package import MynahNetwork

/// From transcribed folders to a model that spells: decoding, fitting the normalizer, training, and the record of it all.
package struct SpeechTraining: Sendable {
    /// Everything that is chosen before training.
    package struct Plan: Sendable {
        /// The front end.
        package var frontEnd: FrontEndConfiguration

        /// The layers of the network; its output is one for each step.
        package var layers: [LayerDescription]

        /// How the network is trained; what is said of early decisions, carried states, labels and teachers does not apply.
        package var settings: TrainingSettings

        /// How the sentences are varied; they are not shifted.
        package var augmentation: Augmentation

        /// How their features are masked.
        package var masks: SpecAugment

        /// Whether some speakers are kept for validation and testing; without, all sentences are learnt from, and the last
        /// epoch is kept.
        package var validates: Bool

        /// The model from whose weights training starts, with its front end and layers; nil for random ones.
        package var start: SpeechModel?

        /// The plan that is followed unless another is asked for.
        package init(
            frontEnd: FrontEndConfiguration = FrontEndPreset.mynahMel.configuration(),
            layers: [LayerDescription] = SpeechPreset.causal.layers,
            settings: TrainingSettings = .speech, augmentation: Augmentation = .speech,
            masks: SpecAugment = .speech, validates: Bool = true, start: SpeechModel? = nil
        ) {
            self.frontEnd = frontEnd
            self.layers = layers
            self.settings = settings
            self.augmentation = augmentation
            self.masks = masks
            self.validates = validates
            self.start = start
        }
    }

    /// What is known of the data, for the user to read before training starts.
    package let summary: SpeechDataSummary

    /// Sentences per epoch of training, and of validation.
    package let exampleCounts: (training: Int, validation: Int)

    /// Shape of the network.
    package let network: NetworkDescription

    /// What was passed over, and why.
    package let passedOver: PassedOver

    /// What the user should know before training starts, one line each, safe to print.
    package let notes: [String]

    /// Sizes of the files that training writes, in bytes: that of the model exactly, that of a checkpoint about.
    package let fileByteCounts: (model: Int, checkpoint: Int)

    private let plan: Plan
    private let communicator: any Communicator
    private let recipe: SpeechRecipe
    private let training: SentenceStore
    private let validation: SentenceStore?
    private let noise: BackgroundNoise

    /// Checks the plan and decodes all sentences once.
    ///
    /// - Parameters:
    ///   - corpora: the folders.
    ///   - noise: a file or folder of noise that is mixed in; nil for none.
    ///   - channel: how several channels of a recording become one.
    ///   - plan: all that is chosen before.
    ///   - origin: goes into the models.
    ///   - communicator: the processes that train together, each of which reads only what falls to it.
    ///   - onDecoded: hears how many sentences are decoded so far, on any thread: decoding can take minutes.
    /// - Throws: `DataError` when folders or plan do not allow training, `NetworkError` or `FeatureError` when network or front
    ///   end cannot be built, `ModelError` when the model could not be kept.
    package init(
        corpora: [TranscribedCorpus], noise: String? = nil, channel: ChannelSelection = .average, plan: Plan,
        origin: CommandTraining.Origin, communicator: any Communicator = SingleProcess(),
        onDecoded: @Sendable (Int) -> Void = { _ in }
    ) throws {
        try plan.settings.validate()
        try plan.augmentation.validate()
        try plan.masks.validate()
        try plan.frontEnd.validate()
        var (sentences, passedOver) = TranscribedCorpus.sentences(of: corpora)
        try communicator.requireSame("set of recordings", Self.listing(sentences))
        let origin = communicator.fromFirst(origin)
        if let start = plan.start {
            try start.requireFrontEnd(plan.frontEnd)
            precondition(
                start.network.layers.map(\.description) == plan.layers.map(\.description),
                "layers \(plan.layers) other than those of the start, \(start.network.layers)")
        }
        let division =
            (plan.validates
            ? try SpeakerDivision(of: sentences) : SpeakerDivision(learningFromAll: sentences))
            .keeping(plan.start?.movedSpeakers ?? [])
        let splits = Dictionary(grouping: sentences) { division.split(of: $0.speaker) }
        sentences = splits[.training] ?? []
        let symbols = SymbolTable(of: sentences.lazy.map(\.text))
        let network = NetworkDescription(
            inputSize: plan.frontEnd.featureCount, layers: plan.layers, readOut: .frame,
            classCount: symbols.classCount)
        try network.validate()
        self.network = network
        try network.validate(
            frameCount: plan.frontEnd.frameCount(
                sampleCount: Int(
                    SpeechModel.maximumSeconds * plan.augmentation.longestFactor
                        * Double(plan.frontEnd.sampleRate)) + 1))
        let decoder = ClipDecoder.audioFiles(sampleRate: plan.frontEnd.sampleRate, channel: channel)
        let threads = plan.settings.threadCount
        func store(_ split: DataSplit, after count: Int) throws(DataError) -> SentenceStore {
            let given = splits[split] ?? []
            let store = SentenceStore(
                decoding: given,
                by: SentenceStore.Measure(
                    symbols: symbols, frontEnd: plan.frontEnd, network: network,
                    fitsFeatures: split == .training),
                with: decoder, threads: threads, communicator: communicator,
                onDecoded: { onDecoded(count + $0) })
            guard !store.sentences.isEmpty else {
                throw .noUsableSentences(
                    split: split, count: given.count,
                    firstFault: store.passedOver.lines.first)
            }
            return store
        }
        training = try store(.training, after: 0)
        validation = plan.validates ? try store(.validation, after: sentences.count) : nil
        for corpus in corpora { passedOver.add(corpus.passedOver) }
        passedOver.add(training.passedOver)
        if let validation { passedOver.add(validation.passedOver) }
        self.passedOver = passedOver
        self.noise =
            try noise.map { path throws(DataError) in
                try BackgroundNoise(decodingFilesIn: path, with: decoder, threads: threads)
            } ?? .none
        summary = SpeechDataSummary(
            corpora: corpora,
            stores: [(.training, training)] + (validation.map { [(.validation, $0)] } ?? []),
            testing: splits[.testing] ?? [], symbols: symbols,
            splitRule: plan.validates ? division.rule : "no split: all sentences are learnt from")
        exampleCounts = (training.sentences.count, validation?.sentences.count ?? 0)
        notes = corpora.flatMap(\.notes) + Self.notes(plan, network, self.noise)
        let recipe = SpeechRecipe(
            plan: plan, network: network, summary: summary, moved: division.moved,
            exampleCount: training.sentences.count, noiseSeconds: self.noise.seconds, channel: channel,
            origin: origin)
        self.recipe = recipe
        self.plan = plan
        self.communicator = communicator
        try communicator.requireSame(recipe.settings)
        fileByteCounts = (
            try rehearse(
                network, seed: plan.settings.seed, validationCount: 0
            ) { weights throws(ModelError) in
                try recipe.model(weights, normalizer: .identity(featureCount: plan.frontEnd.featureCount))
            },
            5 * MemoryLayout<Float>.stride * network.parameterLayout.parameterCount
        )
    }

    /// All that was found, in a few words that differ where anything does.
    private static func listing(_ sentences: [Sentence]) -> String {
        var digest = SHA256()
        for sentence in sentences {
            digest.update("\(sentence.name)\0\(sentence.byteCount)\0\(sentence.speaker)\0\(sentence.text)\n")
        }
        return "\(counted(sentences.count, "sentence")), hash \(digest.hexDigest().prefix(16))"
    }

    private static func notes(
        _ plan: Plan, _ network: NetworkDescription, _ noise: BackgroundNoise
    ) -> [String] {
        var notes = noise.notes + noise.unreadable.map { "\($0.name.printable): \($0.reason.printable)" }
        if noise.count == 0, plan.augmentation.noiseProbability > 0 {
            notes.append("there is no background noise: sentences are learnt without any")
        }
        if let obstacle = network.streamingObstacle(behind: plan.frontEnd) {
            notes.append("the model will hear whole recordings only, and cannot follow a stream: \(obstacle)")
        }
        return notes
    }

    /// What tells this training from others: a hash over settings, network, symbols and recordings.
    package var fingerprint: String {
        let settings = recipe.settings.map { "\($0.name)=\($0.value)" }
        let text =
            (settings + summary.symbols.symbols + [
                "\(network)", plan.frontEnd.settingsHash, summary.dataHash,
            ])
            .joined(separator: "\n")
        return SHA256.hexDigest(of: Array(text.utf8))
    }

    /// Trains, and hands over each model that is better than all before it.
    ///
    /// - Parameters:
    ///   - checkpoint: path of a checkpoint of this training from which to go on; nil to begin.
    ///   - shouldStop: asked before each step; `true` ends training.
    ///   - report: hears of each step and each epoch, with the model when it is the best so far; what it throws ends
    ///     training.
    /// - Returns: the best model, or nil when stopped within the first epoch.
    /// - Throws: ``TrainingError`` when the checkpoint cannot be used, or training diverges; `DataError.lostRecording`.
    package func run(
        from checkpoint: String? = nil, shouldStop: () -> Bool,
        report: (TrainingEvent, SpeechModel?) throws -> Void
    ) throws -> SpeechModel? {
        let normalizer = try plan.start?.normalizer ?? training.features.normalizer()
        let trainer = Trainer(
            SentenceTask(
                network: network,
                training: VariedSentences(
                    training, frontEnd: plan.frontEnd, normalizer: normalizer,
                    augmentation: plan.augmentation,
                    masks: plan.masks, noise: noise),
                validation: validation.map {
                    .init(store: $0, frontEnd: plan.frontEnd, normalizer: normalizer)
                }),
            settings: plan.settings, featureDeviations: normalizer.standardDeviation,
            communicator: communicator)
        let state =
            try trainer.state(from: checkpoint, fingerprint: fingerprint)
            ?? trainer.initialState(
                parameters: startParameters(initial: trainer.initialState().parameters).map(
                    trainer.normalizing))
        let best = try trainer.run(from: state, shouldStop: shouldStop) { event in
            guard case .epoch(_, let newBest?, _) = event else { return try report(event, nil) }
            try report(event, recipe.model(newBest, normalizer: normalizer))
        }
        return try best.map { try recipe.model($0, normalizer: normalizer) }
    }
}

extension SpeechTraining {
    /// The weights of the start, `initial` being random ones; nil without a start.
    ///
    /// The rows of the output belong to symbols; a symbol that the start does not know keeps its random ones.
    private func startParameters(initial: [Float]) -> [Float]? {
        guard let start = plan.start else { return nil }
        // The blank is the first class of both.
        let sources =
            [0]
            + summary.symbols.symbols.map { symbol in
                start.symbols.symbols.firstIndex(of: symbol).map { $0 + 1 }
            }
        let own = start.network.withLayers(like: network, start.parameters)
        return network.parameterLayout.takingOver(
            own.parameters, laidOutBy: own.network.parameterLayout, sources: sources, into: initial)
    }
}

// A few hours of sentences tell a network that spells far less than it can hold: with the masks, noise and dropout of
// commands it still makes more errors after 19 epochs than with these after 7.

extension TrainingSettings {
    /// How speech models are trained unless something else is asked for: sentences are long, so that few are a step.
    package static var speech: TrainingSettings {
        var settings = TrainingSettings()
        settings.epochCount = 24
        settings.batchSize = 16
        settings.learningRate = 2e-3
        settings.dropout = DropoutRates(layers: 0.05)
        return settings
    }
}

extension Augmentation {
    /// How sentences are varied.
    package static let speech = Augmentation(
        maximumShiftMilliseconds: 0, maximumSpeedChange: 0.1, noiseProbability: 0.3,
        noiseRatioDecibels: ValueRange(10, 40), roomProbability: 0.1, bandProbability: 0, codeProbability: 0)
}

extension SpecAugment {
    /// Masks for sentences.
    package static let speech = SpecAugment(
        timeMaskCount: 2, maximumTimeMaskFrames: 20, featureMaskCount: 1, maximumMaskedFeatures: 7)
}
