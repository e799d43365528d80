public import MynahNetwork

/// Trains a network by back-propagation through time, the clips of each step split over threads.
///
/// The gradients of the threads are added in a fixed order: the same seed and thread count give the same weights, to
/// the bit, on the same machine.
public struct Trainer<Training: ExampleSource, Validation: ExampleSource>: Sendable {
    /// Shape of the network.
    public let network: NetworkDescription

    /// How it is trained.
    public let settings: TrainingSettings

    private let training: Training
    private let validation: Validation

    /// Brings together what training needs.
    ///
    /// Throws when the network cannot be built; traps when the sources do not give the features it takes.
    public init(
        network: NetworkDescription, settings: TrainingSettings, training: Training, validation: Validation
    ) throws(NetworkError) {
        try network.validate()
        precondition(
            training.featureCount == network.inputSize && validation.featureCount == network.inputSize,
            """
            examples of \(training.featureCount) and \(validation.featureCount) features for a network of \
            \(network.inputSize) inputs
            """)
        self.network = network
        self.settings = settings
        self.training = training
        self.validation = validation
    }

    /// Trains until the last epoch, until the validation accuracy no longer rises, or until asked to stop.
    ///
    /// - Parameters:
    ///   - shouldStop: asked before each step; `true` ends training with the best weights so far.
    ///   - report: hears of each step and each epoch; what it throws ends training.
    /// - Returns: the weights with the best validation accuracy, or nil when stopped within the first epoch.
    public func run(shouldStop: () -> Bool, report: (TrainingEvent) throws -> Void) rethrows
        -> TrainedWeights?
    {
        let layout = network.parameterLayout
        var generator = SeededGenerator(seed: settings.seed, 0)
        var parameters = network.initialParameters(using: &generator)
        var average = WeightAverage(parameters, decay: settings.averagingDecay)
        var optimizer = AdamW(weightDecay: settings.weightDecay, decayMask: layout.weightDecayMask)
        let trainingTeam = BatchTeam(source: training, network: network, settings: settings)
        let validationTeam = BatchTeam(source: validation, network: network, settings: settings)
        let batchSize = settings.batchSize(exampleCount: training.exampleCount(epoch: 0))
        let stepsPerEpoch = (training.exampleCount(epoch: 0) + batchSize - 1) / batchSize
        let schedule = LearningRateSchedule(
            peak: settings.learningRate, warmUpStepCount: settings.warmUpEpochCount * stepsPerEpoch,
            stepCount: settings.epochCount * stepsPerEpoch)
        var best: TrainedWeights?
        var step = 0
        for epoch in 0..<settings.epochCount {
            let clipCount = training.exampleCount(epoch: epoch)
            var loss = 0.0
            for start in stride(from: 0, to: clipCount, by: batchSize) {
                guard !shouldStop() else { return best }
                let batch = start..<min(start + batchSize, clipCount)
                var (gradient, sums) = trainingTeam.gradient(of: batch, epoch: epoch, parameters: parameters)
                loss += sums.loss
                limitNorm(of: &gradient, to: settings.gradientNormLimit)
                optimizer.update(
                    &parameters, gradient: gradient, learningRate: schedule.learningRate(step: step))
                average.add(parameters)
                step += 1
                try report(.step(epoch: epoch, clipsDone: batch.upperBound, clipCount: clipCount))
            }
            let (sums, total) = validationTeam.evaluate(epoch: 0, parameters: average.parameters)
            let summary = EpochSummary(
                epoch: epoch, trainingLoss: loss / Double(clipCount),
                validationLoss: sums.loss / Double(total),
                validationCorrect: sums.correct, validationTotal: total)
            let isBest = summary.isBetter(than: best?.summary)
            if isBest {
                best = TrainedWeights(
                    parameters: average.parameters, summary: summary, epochsTrained: epoch + 1)
            }
            best?.epochsTrained = epoch + 1
            try report(.epoch(summary, newBest: isBest ? best : nil))
            if let best, epoch - best.summary.epoch >= settings.patienceEpochCount { break }
        }
        return best
    }
}

/// Scales a gradient down to a norm that it exceeds (Pascanu et al., arXiv 1211.5063).
private func limitNorm(of gradient: inout [Float], to limit: Float) {
    let norm = gradient.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
    guard norm > limit else { return }
    let factor = limit / norm
    for index in gradient.indices {
        gradient[index] *= factor
    }
}

extension ParameterLayout {
    /// `[parameterCount]`: 1 for weight matrices, 0 for biases, which need no decay.
    fileprivate var weightDecayMask: [Float] {
        entries.flatMap { [Float](repeating: $0.shape.count > 1 ? 1 : 0, count: $0.range.count) }
    }
}
