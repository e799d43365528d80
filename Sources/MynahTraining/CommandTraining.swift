import MynahAudio
package import MynahBase
public import MynahData
package import MynahFeatures
public import MynahModel
public import MynahNetwork

/// From a labelled folder to a model: decoding, fitting the normalizer, training, and the record of it all.
public struct CommandTraining: Sendable {
    /// Everything that is chosen before training.
    public struct Plan: Sendable {
        /// The front end.
        package var frontEnd: FrontEndConfiguration

        /// Length of the window that the network hears, in seconds, 0.1 to 30.
        public var clipSeconds: Double

        /// The layers of the network.
        package var layers: [LayerDescription]

        /// How the states of all frames become one vector.
        package var readOut: ReadOut

        /// How the network is trained.
        public var settings: TrainingSettings

        /// How the clips are varied.
        public var augmentation: Augmentation

        /// How their features are masked.
        public var masks: SpecAugment

        /// Shares of silence and unknown words in training.
        public var shares: SamplingShares

        /// Models that were trained before.
        public var transfer: ModelTransfer

        /// A plan for a network of a shape; `settings` and `masks` are those that suit it, unless they are given.
        public init(
            network: NetworkPreset = .commands, clipSeconds: Double = 1,
            settings: TrainingSettings? = nil,
            augmentation: Augmentation = Augmentation(), masks: SpecAugment? = nil,
            shares: SamplingShares = SamplingShares(unknown: 0.2, joined: 0.25, negatives: 0.3, balance: 0.5),
            transfer: ModelTransfer = ModelTransfer()
        ) {
            let frontEnd = FrontEndPreset.mynah.configuration()
            self.init(
                frontEnd: frontEnd, clipSeconds: clipSeconds,
                layers: network.layers(behind: frontEnd), readOut: network.readOut,
                settings: settings ?? network.settings, augmentation: augmentation,
                masks: masks ?? network.masks, shares: shares, transfer: transfer)
        }

        /// A plan with a front end and layers of one's own.
        package init(
            frontEnd: FrontEndConfiguration, clipSeconds: Double = 1,
            layers: [LayerDescription] = NetworkPreset.commands.layers,
            readOut: ReadOut = NetworkPreset.commands.readOut,
            settings: TrainingSettings = TrainingSettings(),
            augmentation: Augmentation = Augmentation(), masks: SpecAugment = SpecAugment(),
            shares: SamplingShares = SamplingShares(unknown: 0.2, joined: 0.25, negatives: 0.3, balance: 0.5),
            transfer: ModelTransfer = ModelTransfer()
        ) {
            self.frontEnd = frontEnd
            self.clipSeconds = clipSeconds
            self.layers = layers
            self.readOut = readOut
            self.settings = settings
            self.augmentation = augmentation
            self.masks = masks
            self.shares = shares
            self.transfer = transfer
        }

        /// Length of the window in samples at the front end's rate.
        package var clipSampleCount: Int { Int((clipSeconds * Double(frontEnd.sampleRate)).rounded()) }
    }

    /// What only the caller knows of where a model comes from.
    public struct Origin: Sendable {
        /// Source and licence of the recordings.
        public var attribution: String?

        /// The command that trains it.
        public var commandLine: String

        /// When the training began, in ISO 8601.
        package var date = currentDateText()

        /// Wraps the values.
        public init(attribution: String? = nil, commandLine: String = "") {
            self.attribution = attribution
            self.commandLine = commandLine
        }
    }

    /// What is known of the data, for the user to read before training starts.
    public let summary: DataSummary

    /// Examples per epoch of training, and of validation.
    package let exampleCounts: (training: Int, validation: Int)

    /// Shape of the network.
    package let network: NetworkDescription

    private let recipe: ModelRecipe
    private let plan: Plan
    private let memory: ClipMemory
    private let communicator: any Communicator
    private let sampler: EpochSampler
    private let selection: EvaluationSelection
    private let trainingLoader: ExampleLoader
    private let validationLoader: ExampleLoader

    /// What the user should know before training starts, one line each, safe to print.
    public let notes: [String]

    /// Sizes of the files that training writes, in bytes: that of the model exactly, that of a checkpoint about.
    package let fileByteCounts: (model: Int, checkpoint: Int)

    /// Checks the plan and decodes all training and validation clips.
    ///
    /// Everything is checked that could go wrong when the first model is written: a model is put together from random
    /// weights, and read again.
    ///
    /// - Parameters:
    ///   - folder: the labelled clips.
    ///   - negatives: recordings without commands, for training; where nothing else is `_unknown_`, the last tenth of them
    ///     is for validation.
    ///   - windows: what is heard in every second place of such recordings, and instead of them where there are none. Beside them,
    ///     a minute of pink noise takes the place of background noise that the folder does not have.
    ///   - plan: all that is chosen before.
    ///   - origin: goes into the models.
    ///   - memory: how much of the clips is kept in memory.
    ///   - communicator: the processes that train together, each of which reads only what falls to it.
    ///   - onDecoded: hears how many clips are decoded so far, on any thread: decoding can take minutes.
    /// - Throws: `DataError` or ``TrainingError`` when the folder or the plan does not allow training, `NetworkError` or
    ///   `FeatureError` when network or front end cannot be built, `ModelError` when the model could not be kept.
    package init(
        folder: LabelledFolder, negatives: [NegativeRecordings.File], windows: NegativeWindows? = nil,
        plan: Plan, origin: Origin, memory: ClipMemory = ClipMemory(),
        communicator: any Communicator = SingleProcess(),
        onDecoded: @Sendable (Int) -> Void = { _ in }
    ) throws {
        try plan.settings.validate()
        try plan.augmentation.validate()
        try plan.masks.validate()
        try plan.frontEnd.validate()
        try requireSetting("clip length in s", plan.clipSeconds, within: 0.1...30)
        try folder.requireTrainable(hasNegatives: !negatives.isEmpty || windows != nil)
        for label in folder.labels where !CommandModel.canKeep(label: label) || label != label.trimmed {
            throw TrainingError.unusableLabel(folder: folder.path, label: label)
        }
        network = NetworkDescription(
            inputSize: plan.frontEnd.featureCount, layers: plan.layers, readOut: plan.readOut,
            classCount: folder.labels.count)
        try network.validate()
        let frameCount = plan.frontEnd.frameCount(sampleCount: plan.clipSampleCount)
        guard network.stepCount(frameCount: frameCount) > 0 else {
            throw NetworkError.clipTooShort(frameCount: frameCount, minimum: network.timeStride)
        }
        try plan.transfer.check(plan, labels: folder.labels)
        let decoder = folder.decoder(sampleRate: plan.frontEnd.sampleRate)
        let threads = plan.settings.threadCount
        let recordings = try NegativeRecordings(decoding: negatives, with: decoder, threads: threads)
        let kept = try windows.map { windows throws(DataError) in
            try NegativeExamples(
                windows, frontEnd: plan.frontEnd, frameCount: frameCount, without: folder.labels)
        }?.divided
        try communicator.requireSame("set of recordings", folder.listing)
        let origin = communicator.fromFirst(origin)
        let training = try ClipStore(
            decoding: folder, split: .training, with: decoder, threads: threads,
            limits: .init(bytes: memory.training), communicator: communicator, onDecoded: onDecoded)
        let trainingClipCount = training.clips.count + training.unreadable.count
        let validation = try ClipStore(
            decodingSelectionOf: folder, split: .validation, with: decoder, threads: threads,
            limits: .init(bytes: memory.validation), communicator: communicator,
            onDecoded: { onDecoded(trainingClipCount + $0) })
        var noise = try BackgroundNoise(decoding: folder, with: decoder, threads: threads)
        // Whoever has recorded words alone has recorded no noise either.
        if noise.count == 0, kept != nil {
            noise = BackgroundNoise(pinkSeconds: 60, sampleRate: plan.frontEnd.sampleRate, seed: 1)
        }
        summary = DataSummary(
            folder: folder, stores: [training, validation], noise: noise, negatives: recordings)
        sampler = try EpochSampler(
            store: training, shares: plan.shares, hasNegatives: recordings.count > 0 || kept != nil)
        selection = try EvaluationSelection(
            store: validation, hasNegatives: recordings.count > 0 || kept != nil)
        let isDivided = selection.examples.contains { $0.source == .negative }
        let parts = isDivided ? recordings.divided : (training: recordings, validation: .none)
        exampleCounts = (sampler.exampleCount, selection.examples.count)
        trainingLoader = ExampleLoader(
            store: training, noise: noise, negatives: parts.training, windows: kept?.training,
            windowSampleCount: plan.clipSampleCount,
            augmentation: plan.augmentation)
        validationLoader = ExampleLoader(
            store: validation, noise: noise, negatives: parts.validation, windows: kept?.validation,
            windowSampleCount: plan.clipSampleCount)
        let recipe = ModelRecipe(
            labels: folder.labels, plan: plan, network: network, summary: summary,
            exampleCount: sampler.exampleCount, exclusions: folder.exclusions,
            channel: folder.channel, speakerPattern: folder.speakerPattern,
            negativesHash: windows.map { SHA256.hexDigest(of: $0.fileBytes) }, splitRule: folder.splitRule,
            origin: origin)
        fileByteCounts = (
            try rehearse(
                network, seed: plan.settings.seed, validationCount: selection.examples.count
            ) { weights throws(ModelError) in
                try recipe.model(weights, normalizer: .identity(featureCount: plan.frontEnd.featureCount))
            },
            5 * MemoryLayout<Float>.stride * network.parameterLayout.parameterCount
        )
        self.recipe = recipe
        self.plan = plan
        self.memory = memory
        self.communicator = communicator
        try communicator.requireSame(recipe.settings)
        notes = Self.notes(plan, network, noise)
    }

    /// Checks the plan and decodes all training and validation clips.
    ///
    /// Everything is checked that could go wrong when the first model is written.
    ///
    /// - Parameters:
    ///   - folder: the labelled clips.
    ///   - plan: all that is chosen before.
    ///   - origin: goes into the model.
    ///   - onDecoded: hears how many clips are decoded so far, on any thread: decoding can take minutes.
    /// - Throws: ``DataError`` or ``TrainingError`` when the folder or the plan does not allow training, `ModelError` when the
    ///   model could not be kept. Whatever is thrown describes itself in one line.
    public init(
        folder: LabelledFolder, plan: Plan = Plan(), origin: Origin = Origin(),
        onDecoded: @Sendable (Int) -> Void = { _ in }
    ) throws {
        try self.init(folder: folder, negatives: [], plan: plan, origin: origin, onDecoded: onDecoded)
    }

    private static func notes(
        _ plan: Plan, _ network: NetworkDescription, _ noise: BackgroundNoise
    ) -> [String] {
        var notes: [String] = []
        if noise.count == 0, plan.augmentation.noiseProbability > 0 {
            notes.append("there is no background noise: the words are learnt without any")
        }
        if let obstacle = network.streamingObstacle(behind: plan.frontEnd) {
            notes.append("the model will hear whole clips only, and cannot follow a stream: \(obstacle)")
        }
        return notes
    }

    /// What tells this training from others: a hash over settings, network, labels and recordings.
    package var fingerprint: String {
        let settings = (plan.record(exampleCount: exampleCounts.training) + recipe.folderRecord).map {
            "\($0.name)=\($0.value)"
        }
        let text = (settings + recipe.labels + ["\(network)", plan.frontEnd.settingsHash, summary.dataHash])
            .joined(separator: "\n")
        return SHA256.hexDigest(of: Array(text.utf8))
    }

    /// Trains, which takes minutes to hours on the calling thread and as many others as the settings say.
    ///
    /// - Parameters:
    ///   - shouldStop: asked before each step, some hundredths of a second apart; `true` ends training.
    ///   - onEpoch: hears how each epoch went; what it throws ends training.
    /// - Returns: the model that recognized most validation clips, or nil when stopped within the first epoch.
    /// - Throws: ``TrainingError/diverged(step:epoch:learningRate:)``, or what `onEpoch` throws.
    public func run(
        shouldStop: () -> Bool = { false }, onEpoch: (EpochSummary) throws -> Void = { _ in }
    ) throws -> CommandModel? {
        try run(
            from: nil, shouldStop: shouldStop,
            report: { event, _ in
                guard case .epoch(let summary, _, _) = event else { return }
                try onEpoch(summary)
            })
    }

    /// Trains, and hands over each model that is better than all before it.
    ///
    /// - Parameters:
    ///   - checkpoint: path of a checkpoint of this training from which to go on; nil to begin.
    ///   - shouldStop: asked before each step; `true` ends training.
    ///   - report: hears of each step and each epoch, with the model when it is the best so far; what it throws ends
    ///     training.
    /// - Returns: the best model, or nil when stopped within the first epoch.
    /// - Throws: ``TrainingError`` when the checkpoint cannot be used, or training diverges.
    package func run(
        from checkpoint: String? = nil, shouldStop: () -> Bool,
        report: (TrainingEvent, CommandModel?) throws -> Void
    ) throws -> CommandModel? {
        let settings = plan.settings
        let normalizer =
            try plan.transfer.normalizer
            ?? FeatureNormalizer(
                fitting: sampler, loader: trainingLoader, frontEnd: plan.frontEnd, seed: settings.seed,
                threads: settings.threadCount, communicator: communicator)
        let trainer = try Trainer(
            network: network, settings: settings, teacher: plan.transfer.teacher(labels: recipe.labels),
            training: TrainingExamples(
                sampler: sampler, loader: trainingLoader, frontEnd: plan.frontEnd, normalizer: normalizer,
                masks: plan.masks, seed: settings.seed),
            validation: ValidationExamples(
                selection: selection, loader: validationLoader, frontEnd: plan.frontEnd,
                normalizer: normalizer, limitBytes: memory.validationFeatures),
            featureDeviations: normalizer.standardDeviation, communicator: communicator)
        let state =
            try trainer.state(from: checkpoint, fingerprint: fingerprint)
            ?? trainer.initialState(
                parameters: plan.transfer.startParameters(
                    labels: recipe.labels, network: network, initial: trainer.initialState().parameters
                ).map(trainer.normalizing))
        let best = try trainer.run(from: state, shouldStop: shouldStop) { event in
            guard case .epoch(_, let newBest?, _) = event else { return try report(event, nil) }
            try report(event, recipe.model(newBest, normalizer: normalizer))
        }
        return try best.map { try recipe.model($0, normalizer: normalizer) }
    }
}

/// How much memory decoded clips may take in a process, in bytes; those that do not fit are read again whenever they are needed.
package struct ClipMemory: Hashable, Sendable {
    /// All of it.
    package let byteCount: Int

    /// For the clips of all splits together.
    package init(byteCount: Int = 6 << 30) { self.byteCount = byteCount }

    /// Clips to learn from.
    var training: Int { byteCount / 4 * 3 }

    /// Clips to validate with, and their features.
    var validation: Int { byteCount / 8 }
    var validationFeatures: Int { byteCount / 8 }
}

extension CommandTraining.Plan {
    /// Every setting of training, by name, as the model keeps them, for epochs of `exampleCount` examples.
    func record(exampleCount: Int) -> [TrainingProvenance.Setting] {
        let pairs: [(String, any CustomStringConvertible)] = [
            ("epochs", settings.epochCount),
            ("batch size", settings.batchSize(exampleCount: exampleCount)),
            (
                "clips normalized together",
                settings.shardSize(batchSize: settings.batchSize(exampleCount: exampleCount))
            ),
            ("learning rate", settings.learningRate),
            ("warm-up epochs", settings.warmUpEpochCount),
            ("weight decay", settings.weightDecay),
            ("gradient norm limit", settings.gradientNormLimit),
            ("layers", layers.map(\.description).joined(separator: ",")),
            ("optimizer", settings.optimizer.rawValue),
            ("schedule", settings.schedule.rawValue),
            ("dropout", settings.dropout.layers),
            ("recurrent dropout", settings.dropout.recurrent),
            ("early decisions", settings.earlyDecisionCount),
            ("share of early decisions", settings.earlyDecisionShare),
            ("share of carried states", settings.carryShare),
            ("start", transfer.startModel?.hash ?? "random weights"),
            ("teacher", transfer.teacher?.hash ?? "none"),
            ("share of the teacher", transfer.teacher == nil ? 0 : settings.teacherShare),
            ("temperature of the teacher", settings.teacherTemperature),
            ("label smoothing", settings.labelSmoothing),
            ("weight averaging decay", settings.averagingDecay),
            ("patience in epochs", settings.patienceEpochCount),
            ("precision of products", settings.precision.rawValue),
            ("time masks", masks.timeMaskCount),
            ("frames of a time mask", masks.maximumTimeMaskFrames),
            ("feature masks", masks.featureMaskCount),
            ("features of a feature mask", masks.maximumMaskedFeatures),
            ("silence share", shares.silence),
            ("unknown share", shares.unknown),
            ("share of joined unknown words", shares.joined),
            ("share of recordings without commands", shares.negatives),
            ("balance", shares.balance),
        ]
        return pairs.map { TrainingProvenance.Setting(name: $0.0, value: $0.1.description) }
            + augmentation.record
    }
}

extension NetworkPreset {
    /// The layers for the rows of a front end: where these are the cosine transform of bands and the network begins with a
    /// convolution, behind a layer that finds the bands again.
    package func layers(behind frontEnd: FrontEndConfiguration) -> [LayerDescription] {
        guard let bandCount = frontEnd.transformedBandCount, layers.first?.isConvolution == true else {
            return layers
        }
        return [.inverseCosine(bandCount: bandCount)] + layers
    }
}
