import MynahBase
package import MynahData
import MynahLanguage
package import MynahModel
package import MynahNetwork

/// From a folder of phrases to a model of intents: words and classes, training, calibration, and the record of it all.
package struct IntentTraining: Sendable {
    /// Everything that is chosen before training.
    package struct Plan: Sendable {
        /// Values of a word's vector.
        package var wordSize: Int

        /// The layers behind the table of words.
        package var layers: [LayerDescription]

        /// How the states become one vector, from which the intent is decided.
        package var readOut: ReadOut

        /// How the network is trained; what is said of early decisions, carried states and teachers does not apply.
        package var settings: TrainingSettings

        /// How phrases are varied.
        package var variation: PhraseVariation

        /// Whether some phrases of each intent are kept for choices; without, all are learnt from, and the last epoch is kept.
        package var validates: Bool

        /// Lines of each intent that are learnt from at most; nil for all.
        package var phrasesPerIntent: Int?

        /// The plan that is followed unless another is asked for.
        package init(
            wordSize: Int = 80, layers: [LayerDescription] = Self.defaultLayers,
            readOut: ReadOut = .attention(heads: 2, size: 32), settings: TrainingSettings = .intents,
            variation: PhraseVariation = PhraseVariation(), validates: Bool = true,
            phrasesPerIntent: Int? = nil
        ) {
            self.wordSize = wordSize
            self.layers = layers
            self.readOut = readOut
            self.settings = settings
            self.variation = variation
            self.validates = validates
            self.phrasesPerIntent = phrasesPerIntent
        }

        /// One layer that reads each sentence from both ends.
        package static let defaultLayers: [LayerDescription] = [
            .recurrent(RecurrentDescription(cell: .lstm, hiddenSize: 96, bidirectional: true))
        ]

        /// Makes sure that every value is in its range.
        package func validate() throws(DataError) {
            try settings.validate()
            try variation.validate()
            try requireSetting("size of a word", wordSize, within: 1...1024)
            try requireSetting("phrases of an intent", phrasesPerIntent ?? 2, within: 2...1_000_000)
        }
    }

    /// What is known of the data, for the user to read before training starts.
    package let summary: PhraseSummary

    /// Examples per epoch of training, and of validation.
    package let exampleCounts: (training: Int, validation: Int)

    /// Shape of the network.
    package let network: NetworkDescription

    /// What the user should know before training starts, one line each, safe to print.
    package let notes: [String]

    /// Sizes of the files that training writes, in bytes: that of the model exactly, that of a checkpoint about.
    package let fileByteCounts: (model: Int, checkpoint: Int)

    private let recipe: IntentRecipe
    private let task: PhraseTask

    /// The fewest words of lines from which a word that occurs once has no row of its own: there it is learnt by its parts.
    private static let largeWordCount = 20_000

    /// The most rows for the parts of words.
    private static let largestBucketCount = 1 << 14

    /// Checks the plan, and brings words and classes together.
    ///
    /// - Parameters:
    ///   - collection: the phrases.
    ///   - plan: all that is chosen before.
    ///   - origin: goes into the models.
    /// - Throws: `DataError` when phrases or plan do not allow training, `NetworkError` when the network cannot be built,
    ///   `ModelError` when the model could not be kept.
    package init(
        _ collection: PhraseCollection, plan: Plan, origin: CommandTraining.Origin
    ) throws {
        try plan.validate()
        var plan = plan
        let division = PhraseDivision(
            of: collection, validates: plan.validates, phrasesPerIntent: plan.phrasesPerIntent,
            seed: plan.settings.seed)
        try Self.checkIntents(division, of: collection)
        let classes = PhraseClasses(
            intents: Set(division.training.map(\.intent)).sortedWithNoneLast, slots: collection.slots)
        let (table, counts) = Self.words(of: division.training, classes: classes)
        let training = PhraseExamples(
            division.training, classes: classes, table: table, counts: counts, variation: plan.variation)
        let validation = ValidationPhrases(
            division.validation, classes: classes, table: table)
        network = NetworkDescription(
            inputSize: WordTable.rowsPerWord,
            layers: [.embedding(EmbeddingDescription(rows: table.rowCount, size: plan.wordSize))]
                + plan.layers,
            readOut: plan.readOut, classCount: classes.intents.count,
            stepClassCount: SlotLabels(slotCount: classes.slots.count).count)
        try network.validate()
        try network.validate(frameCount: IntentModel.maximumWordCount)
        plan.settings.batchSize = plan.settings.batchSize ?? min(64, max(8, training.count / 20))
        task = PhraseTask(
            network: network, training: training,
            validation: validation.examples.isEmpty ? nil : validation)
        exampleCounts = (training.count, validation.examples.count)
        summary = PhraseSummary(of: collection, division)
        notes = collection.notes + Self.notes(division, summary)
        let recipe = IntentRecipe(
            plan: plan, classes: classes, table: table, network: network, summary: summary,
            slotsOfIntents: Self.slots(of: division.training, classes: classes),
            exampleCount: training.count, origin: origin)
        self.recipe = recipe
        fileByteCounts = (
            try rehearse(
                network, seed: plan.settings.seed, validationCount: 0
            ) { weights throws(ModelError) in
                try recipe.model(weights, calibration: .none)
            },
            5 * MemoryLayout<Float>.stride * network.parameterLayout.parameterCount
        )
    }

    private static func checkIntents(_ division: PhraseDivision, of collection: PhraseCollection)
        throws(DataError)
    {
        let lines = Dictionary(grouping: division.training, by: \.intent)
        let intents = collection.intents.filter { $0 != StandardLabel.none }
        guard lines.count >= 2 else {
            throw .badPhrases(
                file: collection.path, line: nil,
                reason:
                    "there is one intent, \((intents.first ?? "").quoted), expected two or more to tell apart, such as \(StandardLabel.none)"
            )
        }
        for (intent, own) in lines.sorted(by: { $0.key < $1.key }) {
            let count = own.reduce(0) { $0 + min(2, $1.template.count) }
            if count < 2, let line = own.first {
                throw .badPhrases(
                    file: line.file, line: line.number,
                    reason: "the intent \(intent.quoted) has one phrase, expected two or more")
            }
        }
    }

    private static func notes(_ division: PhraseDivision, _ summary: PhraseSummary) -> [String] {
        var notes: [String] = []
        if division.validation.isEmpty {
            notes.append(
                "no phrases are kept for choices: the last epoch is kept, and how sure the model has to be was not measured"
            )
        }
        if summary.contradictionCount > 0 {
            notes.append(
                "\(summary.contradictionCount) phrases have two intents; mynah intent doctor names them")
        }
        return notes
    }

    /// The words that get a row of their own, and how often each word occurs.
    private static func words(
        of lines: [PhraseCollection.Line], classes: PhraseClasses
    ) -> (table: WordTable, counts: [String: Int]) {
        var counts: [String: Int] = [:]
        func add(_ text: String) {
            for word in TokenizedText(text).words { counts[word.text, default: 0] += 1 }
        }
        for line in lines {
            // Of a template, phrases that are evenly spread.
            let count = min(line.template.count, 4 * PhraseExamples.examplesPerTemplate)
            for index in 0..<count { add(line.template.phrase(index * (line.template.count / count)).text) }
        }
        for slot in classes.slots { for form in slot.values.flatMap(\.forms) { add(form) } }
        let total = counts.values.reduce(0, +)
        let fewest = total > largeWordCount ? 2 : 1
        let known = counts.filter { $0.value >= fewest }.keys.sorted()
        // Twice as many parts as rows are told apart well enough.
        let parts = WordTable.partCount(of: counts.keys) / 2
        var buckets = 64
        while buckets < min(parts, largestBucketCount) { buckets *= 2 }
        return (WordTable(words: known, bucketCount: buckets), counts)
    }

    private static func slots(of lines: [PhraseCollection.Line], classes: PhraseClasses) -> [[Int]] {
        var slots = [Set<Int>](repeating: [], count: classes.intents.count)
        for line in lines {
            guard let intent = classes.number(ofIntent: line.intent) else { continue }
            for name in line.template.slotNames {
                if let slot = classes.number(ofSlot: name) { slots[intent].insert(slot) }
            }
        }
        return slots.map { $0.sorted() }
    }

    /// What tells this training from others: a hash over settings, network, words and phrases.
    package var fingerprint: String {
        let settings = recipe.settings.map { "\($0.name)=\($0.value)" }
        let text =
            (settings + recipe.classes.intents + recipe.classes.slots.map(\.name) + [
                "\(network)", summary.dataHash,
            ]).joined(separator: "\n")
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
    /// - Throws: ``TrainingError`` when the checkpoint cannot be used, or training diverges.
    package func run(
        from checkpoint: String? = nil, shouldStop: () -> Bool,
        report: (TrainingEvent, IntentModel?) throws -> Void
    ) throws -> IntentModel? {
        let trainer = Trainer(task, settings: recipe.plan.settings)
        let state =
            try trainer.state(from: checkpoint, fingerprint: fingerprint) ?? trainer.initialState()
        let best = try trainer.run(from: state, shouldStop: shouldStop) { event in
            guard case .epoch(_, let newBest?, _) = event else { return try report(event, nil) }
            try report(event, calibrated(newBest))
        }
        return try best.map { try calibrated($0) }
    }

    /// The model of some weights, calibrated on the phrases that are kept for choices.
    private func calibrated(_ weights: TrainedWeights) throws(ModelError) -> IntentModel {
        guard let validation = task.validation else {
            return try recipe.model(weights, calibration: CalibrationFit.usual)
        }
        let model = try recipe.model(weights, calibration: .none)
        let parser = IntentParser(model)
        var outcomes: [CalibrationFit.Outcome] = []
        for example in validation.examples {
            // No phrase that was kept is too long.
            guard let reading = try? parser.read(example.words) else { continue }
            outcomes.append(CalibrationFit.Outcome(logits: reading.logits, intent: example.intent))
        }
        return try recipe.model(
            weights,
            calibration: CalibrationFit.fit(
                outcomes, none: recipe.classes.number(ofIntent: StandardLabel.none)))
    }
}

extension TrainingSettings {
    /// How models of intents are trained unless something else is asked for.
    package static var intents: TrainingSettings {
        var settings = TrainingSettings()
        settings.epochCount = 20
        settings.learningRate = 4e-3
        settings.warmUpEpochCount = 1
        settings.gradientNormLimit = 5
        settings.dropout = DropoutRates(layers: 0.4)
        settings.labelSmoothing = 0.05
        settings.averagingDecay = 0.995
        return settings
    }
}
