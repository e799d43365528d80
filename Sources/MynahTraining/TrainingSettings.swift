/// How a network is trained; everything here is recorded in the model.
public struct TrainingSettings: Codable, Hashable, Sendable {
    /// Passes over the training split at most.
    public var epochCount: Int = 60

    /// Clips per step, over all threads; nil chooses by the size of an epoch, see ``batchSize(exampleCount:)``.
    public var batchSize: Int?

    /// Highest learning rate, reached at the end of the warm-up.
    public var learningRate: Float = 2e-3

    /// Epochs in which the learning rate rises from zero.
    public var warmUpEpochCount: Int = 2

    /// Share of each weight that is taken away per step, times the learning rate.
    public var weightDecay: Float = 0.02

    /// Largest norm of the gradient, averaged over the clips of a step; longer ones are scaled down to it
    /// (arXiv 1211.5063).
    public var gradientNormLimit: Float = 1

    /// Share of each layer's outputs that is dropped, `0 ..< 1`.
    public var dropoutRate: Float = 0.1

    /// Share of the target that is spread over all classes, `0 ..< 1` (arXiv 1512.00567).
    public var labelSmoothing: Float = 0.1

    /// Decay per step of the running mean of the weights, which is what is validated and kept; 0 keeps the weights
    /// themselves.
    public var averagingDecay: Float = 0.998

    /// Epochs without a better validation accuracy after which training stops.
    public var patienceEpochCount: Int = 20

    /// Seed of the weights, the order of the clips, the augmentation and the dropout.
    public var seed: UInt64 = 1

    /// Threads that share each batch; the same number gives the same model, to the bit.
    public var threadCount: Int = 1

    /// The defaults, with which the shipped model was trained.
    public init() {}

    /// Clips per step in epochs of `exampleCount` examples.
    ///
    /// Where nothing was asked for it is 128, but fewer where an epoch would have less than 20 steps, and at least 8: a
    /// few recordings need as many steps as many do.
    public func batchSize(exampleCount: Int) -> Int {
        batchSize ?? min(128, max(8, exampleCount / 20))
    }

    /// Makes sure that every value is in its range.
    ///
    /// - Throws: ``TrainingError/invalidSetting(name:value:expected:)``.
    public func validate() throws(TrainingError) {
        try requireSetting("number of epochs", Double(epochCount), within: 1...100_000)
        try requireSetting("batch size", Double(batchSize ?? 1), within: 1...4096)
        try requireSetting("learning rate", Double(learningRate), within: 1e-8...10)
        try requireSetting("number of warm-up epochs", Double(warmUpEpochCount), within: 0...1000)
        try requireSetting("weight decay", Double(weightDecay), within: 0...10)
        try requireSetting("gradient norm limit", Double(gradientNormLimit), within: 1e-6...1e6)
        try requireSetting("dropout", Double(dropoutRate), within: 0...0.95)
        try requireSetting("label smoothing", Double(labelSmoothing), within: 0...0.9)
        try requireSetting("weight averaging decay", Double(averagingDecay), within: 0...0.99999)
        try requireSetting("patience in epochs", Double(patienceEpochCount), within: 1...100_000)
        try requireSetting("number of threads", Double(threadCount), within: 1...1024)
    }
}
