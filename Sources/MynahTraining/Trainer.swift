package import MynahBase
package import MynahData
package import MynahNetwork

/// Trains a network by back-propagation through time, the clips of each step split over threads and processes.
///
/// The same seed gives the same weights, to the bit, on processors with the same vector instructions: however many
/// threads and processes there are, and whether or not the training was interrupted.
package struct Trainer<Task: TrainingTask>: Sendable {
    /// How the network is trained.
    package let settings: TrainingSettings

    private let task: Task

    /// `[D]`, what the features were divided by before the network reads them; nil where they are as they came.
    private let featureDeviations: [Float]?

    /// The processes that train together.
    private let communicator: any Communicator

    /// Shape of the network.
    package var network: NetworkDescription { task.network }

    /// Brings together what training needs.
    package init(
        _ task: Task, settings: TrainingSettings, featureDeviations: [Float]? = nil,
        communicator: any Communicator = SingleProcess()
    ) {
        self.task = task
        self.settings = settings
        self.featureDeviations = featureDeviations
        self.communicator = communicator
    }

    /// The state in which training starts: random weights, or given ones.
    package func initialState(parameters: [Float]? = nil) -> TrainingState {
        var generator = SeededGenerator(seed: settings.seed, 0)
        return TrainingState(
            parameters: parameters
                ?? network.initialParameters(using: &generator, featureDeviations: featureDeviations),
            isAdaptive: settings.optimizer == .adamW)
    }

    /// Weights with which a training goes on, where convolutions normalize each batch: what recognition normalizes with becomes the
    /// mean and the variance of the first 512 examples, and scale and bias undo the difference, so that its outputs stay what they were
    /// and those of training are like them.
    ///
    /// - Throws: what reading an example throws.
    func normalizing(_ parameters: [Float]) throws -> [Float] {
        let layout = network.parameterLayout
        let means = layout.entries.filter { $0.role == .statistic && $0.tensor == "mean" }
        guard !means.isEmpty else { return parameters }
        var parameters = parameters
        let batchSize = batchSize
        let team = task.makeTeam(batchSize: batchSize, settings: settings, communicator: communicator)
        let starts = Array(stride(from: 0, to: min(512, task.exampleCount), by: batchSize))
        // From the front, since each layer hears what those before it make of a batch.
        for mean in means {
            var moments = [Float](repeating: 0, count: layout.parameterCount)
            for start in starts {
                let batch = start..<min(start + batchSize, task.exampleCount)
                // Where weights have a gradient, moments have their value.
                let gradient = try team.gradient(of: batch, epoch: 0, parameters: parameters).gradient
                for index in moments.indices { moments[index] += gradient[index] / Float(starts.count) }
            }
            let part = mean.part
            let (scale, bias) = (layout[part, "scale"].range, layout[part, "bias"].range)
            let variance = layout[part, "variance"].range
            for channel in 0..<mean.range.count {
                let (scale, bias) = (scale.lowerBound + channel, bias.lowerBound + channel)
                let (mean, variance) = (mean.range.lowerBound + channel, variance.lowerBound + channel)
                let gain = parameters[scale] / BatchNormalization.deviation(variance: parameters[variance])
                parameters[scale] = gain * BatchNormalization.deviation(variance: moments[variance])
                parameters[bias] += gain * (moments[mean] - parameters[mean])
                parameters[mean] = moments[mean]
                parameters[variance] = moments[variance]
            }
        }
        return parameters
    }

    /// The state in which training goes on: that of a checkpoint of the same training; nil where there is none.
    ///
    /// `fingerprint` tells the training from others. Only the first process needs to have the file.
    ///
    /// - Throws: `TrainingError.badCheckpoint`, `.otherTraining`.
    func state(from checkpoint: String?, fingerprint: String) throws(TrainingError) -> TrainingState? {
        var bytes: [UInt8] = []
        if let checkpoint, communicator.isFirst {
            bytes = try CheckpointFile.bytes(of: checkpoint, trainer: self)
            // A file of no bytes is no checkpoint, and not the lack of one.
            if bytes.isEmpty { bytes = [0] }
        }
        bytes = communicator.fromFirst(bytes)
        guard !bytes.isEmpty else { return nil }
        return try CheckpointFile.state(
            of: bytes, path: checkpoint ?? "the checkpoint of rank 0", trainer: self, fingerprint: fingerprint
        )
    }

    /// Trains until the last epoch, until validation no longer improves, or until asked to stop.
    ///
    /// - Parameters:
    ///   - state: where to begin: ``initialState(parameters:)``, or a checkpoint of the same training.
    ///   - shouldStop: asked before each step; `true` ends training with the best weights so far.
    ///   - report: hears of each step and each epoch; what it throws ends training.
    /// - Returns: the weights that are best in validation, or nil when stopped within the first epoch.
    /// - Throws: `TrainingError.diverged` before a step that would make weights of numbers that are not finite, and what
    ///   `report` throws.
    package func run(
        from state: TrainingState, shouldStop: () -> Bool, report: (TrainingEvent) throws -> Void
    ) throws -> TrainedWeights? {
        var state = state
        let layout = network.parameterLayout
        var optimizer = Optimizer(settings.optimizer, weightDecay: settings.weightDecay, layout: layout)
        optimizer.restore(
            mean: state.gradientMean, square: state.gradientSquare, stepCount: state.stepCount)
        var average = WeightAverage(
            state.average, decay: settings.averagingDecay, stepCount: state.stepCount)
        let clipCount = task.exampleCount
        let batchSize = batchSize
        let team = task.makeTeam(batchSize: batchSize, settings: settings, communicator: communicator)
        team.restore(state.carried)
        let stepsPerEpoch = (clipCount + batchSize - 1) / batchSize
        let schedule = LearningRateSchedule(
            shape: settings.schedule, peak: settings.learningRate,
            warmUpStepCount: settings.warmUpEpochCount * stepsPerEpoch,
            stepCount: settings.epochCount * stepsPerEpoch)

        func checkpoint() -> TrainingState {
            var copy = state
            copy.average = average.parameters
            copy.gradientMean = optimizer.mean
            copy.gradientSquare = optimizer.square
            copy.carried = team.gatherCarriedStates()
            return copy
        }

        while state.epoch < settings.epochCount, !state.isExhausted(patience: settings.patienceEpochCount) {
            let epoch = state.epoch
            while state.clipsDone < clipCount {
                guard !shouldStop() else {
                    try report(.stopped(checkpoint: checkpoint))
                    return state.best
                }
                let batch = state.clipsDone..<min(state.clipsDone + batchSize, clipCount)
                var (gradient, loss) = try team.gradient(
                    of: batch, epoch: epoch, parameters: state.parameters)
                let isFinite = gradient.limitNorm(to: settings.gradientNormLimit, layout: layout)
                guard isFinite, loss.isFinite else {
                    throw diverged(step: state.stepCount + 1, epoch: epoch)
                }
                optimizer.update(
                    &state.parameters, gradient: gradient,
                    learningRate: schedule.learningRate(step: state.stepCount))
                guard state.parameters.allSatisfy(\.isFinite) else {
                    throw diverged(step: state.stepCount + 1, epoch: epoch)
                }
                average.add(state.parameters)
                state.loss += loss
                state.clipsDone = batch.upperBound
                state.stepCount += 1
                // The last step of an epoch is reported with its validation, so that a checkpoint never lies between.
                if state.clipsDone < clipCount {
                    try report(
                        .step(
                            epoch: epoch, clipsDone: state.clipsDone, clipCount: clipCount,
                            checkpoint: checkpoint))
                }
            }
            let trainingLoss = state.loss / Double(clipCount)
            let (loss, correct) = try team.validate(parameters: average.parameters)
            let validationLoss = loss ?? trainingLoss
            guard validationLoss.isFinite else { throw diverged(step: state.stepCount, epoch: epoch) }
            let summary = EpochSummary(
                epoch: epoch, trainingLoss: trainingLoss, validationLoss: validationLoss,
                validationCorrect: correct, validationTotal: task.validationTotal)
            // Weights that drift apart would be noticed by nobody else.
            try communicator.requireSame(
                "set of weights after epoch \(epoch + 1)",
                communicator.size == 1
                    ? "" : average.parameters.withUnsafeBytes { SHA256.hexDigest(of: Array($0)) })
            let isBest = state.finishEpoch(summary, parameters: average.parameters)
            try report(.epoch(summary, newBest: isBest ? state.best : nil, checkpoint: checkpoint))
        }
        return state.best
    }

    private func diverged(step: Int, epoch: Int) -> TrainingError {
        .diverged(step: step, epoch: epoch + 1, learningRate: settings.learningRate)
    }
}

// Whether a state from a file can be one of this training: each value is checked that would be believed later.
extension Trainer {
    private var batchSize: Int { settings.batchSize(exampleCount: task.exampleCount) }

    /// The most bytes that a checkpoint of this training has.
    var maximumCheckpointByteCount: Int {
        let valueCount =
            5 * network.parameterLayout.parameterCount + batchSize * network.carriedValueCount
        // The header has a line for each shard.
        return valueCount * MemoryLayout<Float>.stride + (1 << 20)
    }

    /// What is wrong with a state that comes from a file, if it is not one that this training can have been in.
    func fault(of state: TrainingState) -> String? {
        faultOfPlace(of: state) ?? faultOfValues(of: state) ?? faultOfCarriedStates(state.carried)
    }

    private func faultOfPlace(of state: TrainingState) -> String? {
        let clipCount = task.exampleCount
        let stepsPerEpoch = (clipCount + batchSize - 1) / batchSize
        guard (0...settings.epochCount).contains(state.epoch), (0..<clipCount).contains(state.clipsDone),
            state.clipsDone.isMultiple(of: batchSize),
            state.stepCount == state.epoch * stepsPerEpoch + state.clipsDone / batchSize
        else {
            return """
                stands at step \(state.stepCount), clip \(state.clipsDone) of epoch \(state.epoch), expected \
                batches of \(batchSize) of \(clipCount) clips in \(settings.epochCount) epochs
                """
        }
        guard state.loss.isFinite, state.loss >= 0 else { return "has a loss of \(state.loss)" }
        guard let best = state.best else {
            return state.epoch == 0 ? nil : "has no best weights after \(state.epoch) epochs"
        }
        let summary = best.summary
        let total = task.validationTotal
        guard (0..<state.epoch).contains(summary.epoch), best.epochsTrained == state.epoch,
            summary.validationTotal == total, (0...total).contains(summary.validationCorrect),
            summary.trainingLoss.isFinite, summary.validationLoss.isFinite,
            (summary.validationCorrect...total).contains(state.mostCorrect)
        else {
            return """
                has its best weights from epoch \(summary.epoch) of \(best.epochsTrained), with \
                \(summary.validationCorrect) of \(summary.validationTotal) right and \(state.mostCorrect) at most, \
                expected up to \(state.epoch) epochs and \(total) clips
                """
        }
        return nil
    }

    private func faultOfValues(of state: TrainingState) -> String? {
        let parts = [
            state.parameters, state.average, state.gradientMean, state.gradientSquare,
            state.best?.parameters ?? [],
        ]
        guard parts.allSatisfy({ $0.allSatisfy(\.isFinite) }), state.gradientSquare.allSatisfy({ $0 >= 0 })
        else { return "has values that are not finite, or negative squares" }
        return nil
    }

    private func faultOfCarriedStates(_ states: [CarriedState]) -> String? {
        let limit = task.carriedClipLimit(batchSize: batchSize, settings: settings)
        guard limit > 0 else {
            return states.isEmpty ? nil : "has states of \(counted(states.count, "shard")), expected none"
        }
        let perClip = network.carriedValueCount
        for carried in states {
            guard (1...limit).contains(carried.clipCount),
                carried.values.count == carried.clipCount * perClip, carried.values.allSatisfy(\.isFinite)
            else {
                return """
                    has states of \(carried.clipCount) clips with \(carried.values.count) values, expected 1 to \
                    \(limit) clips with \(perClip) finite values each
                    """
            }
        }
        let clipCount = states.reduce(0) { $0 + $1.clipCount }
        return clipCount <= batchSize
            ? nil : "has states of \(clipCount) clips, expected up to \(batchSize)"
    }
}

extension Trainer {
    /// A trainer of a network that names clips.
    ///
    /// Throws when the network cannot be built; traps when the sources or the teacher do not fit to it.
    package init<Training: ExampleSource, Validation: ExampleSource>(
        network: NetworkDescription, settings: TrainingSettings, teacher: Teacher? = nil, training: Training,
        validation: Validation, featureDeviations: [Float]? = nil,
        communicator: any Communicator = SingleProcess()
    ) throws(NetworkError) where Task == ClipTask<Training, Validation> {
        self.init(
            try ClipTask(network: network, teacher: teacher, training: training, validation: validation),
            settings: settings, featureDeviations: featureDeviations, communicator: communicator)
    }
}
