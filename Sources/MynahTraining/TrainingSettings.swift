import MynahBase
package import MynahData
package import MynahNetwork

/// How a network is trained; everything here is recorded in the model.
///
/// Training throws ``DataError/invalidSetting(name:value:expected:)`` for a value out of its range. The weights move by AdamW:
/// Adam (Kingma and Ba, arXiv 1412.6980) with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101).
public struct TrainingSettings: Codable, Hashable, Sendable {
    /// Passes over the training split at most, `1 ... 100_000`.
    public var epochCount: Int = 60

    /// Clips per step, over all threads, `1 ... 4096`; nil chooses by the size of an epoch: 128, fewer for few recordings.
    public var batchSize: Int?

    /// Clips of a step that go through the network together, over which batch normalization takes its moments, `1 ... 4096`;
    /// nil chooses by the size of a step: 32, or half a step where that is less.
    public var shardSize: Int?

    /// The rule by which a gradient moves the weights.
    package var optimizer = OptimizerKind.adamW

    /// Highest learning rate, reached at the end of the warm-up, `1e-9 ... 10`.
    public var learningRate: Float = 2e-3

    /// Epochs in which the learning rate rises from zero, `0 ... 1000`.
    public var warmUpEpochCount: Int = 2

    /// How the learning rate falls after that.
    package var schedule = ScheduleShape.cosine

    /// Share of each weight that is taken away per step, times the learning rate, `0 ... 10`.
    public var weightDecay: Float = 0.02

    /// Largest norm of the gradient, averaged over the clips of a step, `1e-6 ... 1e6`; longer ones are scaled down to it
    /// (Pascanu et al., arXiv 1211.5063).
    public var gradientNormLimit: Float = 1

    /// Shares of values that are dropped, `0 ... 0.95`.
    package var dropout = DropoutRates()

    /// Share of the target that is spread over all classes, `0 ... 0.9` (Szegedy et al., arXiv 1512.00567).
    public var labelSmoothing: Float = 0.1

    /// Steps before the end of each clip at which a causal network must already decide, `0 ... 16`; they are
    /// drawn anew for each batch, from the second quarter of the clip on.
    public var earlyDecisionCount: Int = 2

    /// Share of those decisions in the loss, `0 ... 0.95`; that at the end has the rest.
    public var earlyDecisionShare: Float = 0.2

    /// Share of batches in which a causal network goes on from the state in which the batch before ended, as in a stream
    /// that is never reset, `0 ... 0.99`.
    public var carryShare: Float = 0.3

    /// Share of the teacher in the target of the decision at the end, `0 ... 1`, where there is one.
    public var teacherShare: Float = 0.7

    /// Temperature at which the teacher's posteriors are learnt, `0.1 ... 100` (Hinton et al., arXiv 1503.02531).
    public var teacherTemperature: Float = 2

    /// Decay per step of the running mean of the weights, which is what is validated and kept, `0 ... 0.99999`; 0 keeps
    /// the weights themselves.
    public var averagingDecay: Float = 0.998

    /// Epochs without a better validation after which training stops, `1 ... 100_000`.
    public var patienceEpochCount: Int = 20

    /// Seed of the weights, the order of the clips, the augmentation and the dropout.
    public var seed: UInt64 = 1

    /// Numbers that the matrix products of training multiply; validation and teacher always use `float32`.
    package var precision = ProductPrecision.float32

    /// Threads that share each batch, `1 ... 1024`; the model does not depend on their number.
    public var threadCount: Int = processorCount()

    /// Most clips that a step may have.
    static let largestBatchSize = 4096

    /// The defaults, with which the shipped model was trained.
    public init() {}

    /// Clips per step in epochs of `exampleCount` examples.
    ///
    /// Where nothing was asked for it is 128, but fewer where an epoch would have less than 20 steps, and at least 8: a
    /// few recordings need as many steps as many do.
    package func batchSize(exampleCount: Int) -> Int {
        batchSize ?? min(128, max(8, exampleCount / 20))
    }

    /// Clips that go through the network together in steps of `batchSize` clips.
    ///
    /// Where nothing was asked for there are 32, with which products are as fast as with more; but half a step where that is
    /// less, so that two threads can share it, and at least 4.
    package func shardSize(batchSize: Int) -> Int {
        shardSize ?? min(32, max(4, (batchSize + 1) / 2))
    }

    /// Makes sure that every value is in its range.
    ///
    /// - Throws: ``DataError/invalidSetting(name:value:expected:)``.
    package func validate() throws(DataError) {
        try requireSetting("number of epochs", epochCount, within: 1...100_000)
        try requireSetting("batch size", batchSize ?? 1, within: 1...Self.largestBatchSize)
        try requireSetting(
            "clips that are normalized together", shardSize ?? 1,
            within: 1...Self.largestBatchSize)
        try requireSetting("learning rate", learningRate, within: 1e-9...10)
        try requireSetting("number of warm-up epochs", warmUpEpochCount, within: 0...1000)
        try requireSetting("weight decay", weightDecay, within: 0...10)
        try requireSetting("gradient norm limit", gradientNormLimit, within: 1e-6...1e6)
        try requireSetting("dropout", dropout.layers, within: 0...0.95)
        try requireSetting("recurrent dropout", dropout.recurrent, within: 0...0.95)
        try requireSetting("label smoothing", labelSmoothing, within: 0...0.9)
        try requireSetting("number of early decisions", earlyDecisionCount, within: 0...16)
        try requireSetting("share of early decisions", earlyDecisionShare, within: 0...0.95)
        try requireSetting("share of carried states", carryShare, within: 0...0.99)
        try requireSetting("share of the teacher", teacherShare, within: 0...1)
        try requireSetting("temperature of the teacher", teacherTemperature, within: 0.1...100)
        try requireSetting("weight averaging decay", averagingDecay, within: 0...0.99999)
        try requireSetting("patience in epochs", patienceEpochCount, within: 1...100_000)
        try requireSetting("number of threads", threadCount, within: 1...1024)
        guard precision.isAvailable else {
            throw .invalidSetting(
                name: "precision", value: precision.rawValue,
                expected: "\(ProductPrecision.fastest.rawValue), all that this processor has")
        }
    }
}
