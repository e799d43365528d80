public import MynahBase

/// A network at work on one batch shape: the memory for all activations and gradients, and the two passes over it.
///
/// One thread uses a pass at a time; weights are handed in, so that many passes share them.
public final class NetworkPass {
    /// The network's shape.
    public let description: NetworkDescription

    /// Frames per clip, `T`.
    public let frameCount: Int

    /// Clips per batch, `B`.
    public let batchSize: Int

    /// Steps of the recurrent layers per clip: `frameCount`, or fewer behind convolutions with a stride.
    public let stepCount: Int

    /// Whether the next clip goes on from the state in which the last one ended, as in a stream, instead of a clean one.
    public var carriesState = false

    private let parameterCount: Int
    private let layers: LayerStack
    private let readOut: any ReadOutLayer
    private let outputWeights: ParameterLayout.Entry
    private let outputBias: ParameterLayout.Entry

    /// `[T, B, D]`.
    private let input: FloatBuffer

    /// Of the last forward pass: the steps it decided at, and `[decisions·B, read-out size]`.
    private var decisions: [Int] = []
    private var vectors: MatrixView?
    private var vectorGradient = FloatBuffer(count: 0)

    /// `[decisions·B, C]`.
    private var logits = FloatBuffer(count: 0)

    /// Allocates for batches of `batchSize` clips of `frameCount` frames.
    ///
    /// - Parameters:
    ///   - dropout: shares of values dropped in training.
    ///   - precision: that of the products of the recurrent layers and of the attention.
    /// - Throws: ``NetworkError`` when the description is not one of a network, or a clip is too short for a single step.
    public init(
        _ description: NetworkDescription, frameCount: Int, batchSize: Int,
        dropout: DropoutRates = DropoutRates(), precision: ProductPrecision = .float32
    ) throws(NetworkError) {
        precondition(
            frameCount > 0 && batchSize > 0, "a batch of \(batchSize) clips of \(frameCount) frames")
        precondition(precision.isAvailable, "products in \(precision) on a processor without them")
        try description.validate()
        stepCount = description.stepCount(frameCount: frameCount)
        guard stepCount > 0 else {
            throw .clipTooShort(frameCount: frameCount, minimum: description.timeStride)
        }
        self.description = description
        self.frameCount = frameCount
        self.batchSize = batchSize
        let layout = description.parameterLayout
        parameterCount = layout.parameterCount
        layers = LayerStack(
            description, layout: layout, frameCount: frameCount, batchSize: batchSize, dropout: dropout,
            precision: precision)
        readOut = description.makeReadOut(
            layout: layout, stepCount: stepCount, batchSize: batchSize, precision: precision)
        outputWeights = layout["output.weights"]
        outputBias = layout["output.bias"]
        input = FloatBuffer(count: frameCount * batchSize * description.inputSize)
    }

    /// Places the features of one clip, `[T, D]` row-major, into the batch.
    public func setInput(clip: Int, features: [Float]) {
        let featureCount = description.inputSize
        precondition(
            features.count == frameCount * featureCount && (0..<batchSize).contains(clip),
            """
            \(features.count) features for clip \(clip) of a batch of \(batchSize) clips of \
            [\(frameCount), \(featureCount)]
            """)
        features.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            for frame in 0..<frameCount {
                (input.base + (frame * batchSize + clip) * featureCount)
                    .update(from: base + frame * featureCount, count: featureCount)
            }
        }
    }

    /// Takes the features of another pass, of a network that reads batches of the same shape.
    public func copyInput(of other: NetworkPass) {
        precondition(
            batchSize == other.batchSize && input.count == other.input.count,
            "features of \(other.batchSize) clips, \(other.input.count) in all, expected \(batchSize), \(input.count)"
        )
        input.base.update(from: other.input.base, count: input.count)
    }

    /// The batch → its logits, `[decisions, B, C]`.
    ///
    /// - Parameters:
    ///   - parameters: flat, as `description.parameterLayout` says.
    ///   - decisions: steps at which the network decides, rising, each from what it heard up to there; the last step of a
    ///     clip unless given. A network that is not causal has heard the whole clip at each of them.
    ///   - dropout: the generator of the dropout masks in training; without one nothing is dropped and batch
    ///     normalization uses the statistics that were gathered in training.
    public func forward(parameters: [Float], decisions: [Int]? = nil, dropout: inout SeededGenerator?)
        -> [Float]
    {
        let decisions = decisions ?? [stepCount - 1]
        precondition(
            parameters.count == parameterCount, "\(parameters.count) parameters, expected \(parameterCount)")
        precondition(
            zip(decisions, decisions.dropFirst()).allSatisfy(<) && !decisions.isEmpty
                && decisions.allSatisfy((0..<stepCount).contains),
            "decisions at steps \(decisions), expected rising ones of \(stepCount)")
        self.decisions = decisions
        return parameters.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress else { return [] }
            var context = PassContext(generator: dropout, carriesState: carriesState)
            layers.forward(
                input.matrix(columns: description.inputSize), parameters: weights, context: &context)
            dropout = context.generator
            let vectors = readOut.forward(layers.output, decisions: decisions, parameters: weights)
            self.vectors = vectors
            logits.ensure(count: vectors.rows * description.classCount)
            let logits = logits.matrix(columns: description.classCount)[rows: 0..<vectors.rows]
            logits.fillRows(with: weights + outputBias.range.lowerBound)
            MatrixProduct.multiply(
                vectors, by: weights.matrix(outputWeights), transposingSecond: true, into: logits,
                accumulating: true)
            return Array(UnsafeBufferPointer(start: logits.base, count: logits.rows * logits.columns))
        }
    }

    /// The batch → its logits, `[decisions, B, C]`, as recognition computes them.
    public func forward(parameters: [Float], decisions: [Int]? = nil) -> [Float] {
        var none: SeededGenerator?
        return forward(parameters: parameters, decisions: decisions, dropout: &none)
    }

    /// Back-propagation through time: the gradient of the logits → adds that of every parameter to `gradient`, and the
    /// batch's mean, times its clips, to every statistic.
    ///
    /// To be called once after ``forward(parameters:decisions:dropout:)`` in training, with the same parameters. A state
    /// that was carried into the batch counts as given.
    ///
    /// - Parameters:
    ///   - logitsGradient: `[decisions, B, C]`.
    ///   - gradient: flat, as the parameters lie.
    public func backward(parameters: [Float], logitsGradient: [Float], gradient: inout [Float]) {
        guard let vectors else { preconditionFailure("backward without a forward pass before") }
        precondition(
            logitsGradient.count == vectors.rows * description.classCount && gradient.count == parameterCount,
            """
            \(logitsGradient.count) logit gradients and \(gradient.count) parameter gradients, expected \
            \(vectors.rows * description.classCount) and \(parameterCount)
            """)
        logits.base.update(from: logitsGradient, count: logitsGradient.count)
        vectorGradient.ensure(count: vectors.rows * vectors.columns)
        parameters.withUnsafeBufferPointer { weights in
            gradient.withUnsafeMutableBufferPointer { gradient in
                guard let weights = weights.baseAddress, let gradient = gradient.baseAddress else { return }
                backward(vectors, weights, gradient)
            }
        }
    }

    private func backward(
        _ vectors: MatrixView, _ weights: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>
    ) {
        let logitsGradient = logits.matrix(columns: description.classCount)[rows: 0..<vectors.rows]
        let vectorGradient = vectorGradient.matrix(columns: vectors.columns)[rows: 0..<vectors.rows]
        MatrixProduct.multiply(
            logitsGradient, transposingFirst: true, by: vectors, into: gradient.matrix(outputWeights),
            accumulating: true)
        logitsGradient.addColumnSums(to: gradient + outputBias.range.lowerBound)
        MatrixProduct.multiply(logitsGradient, by: weights.matrix(outputWeights), into: vectorGradient)
        layers.beginBackward()
        readOut.backward(
            layers.output, decisions: decisions, outputGradient: vectorGradient, parameters: weights,
            gradient: gradient, stateGradient: layers.outputGradient)
        layers.backward(
            input.matrix(columns: description.inputSize), parameters: weights, gradient: gradient)
    }

    /// What lasts from one batch to the next where the state is carried: recurrent states, and the frames that a
    /// convolution still needs; of the size that this pass gives.
    public var carriedState: [Float] {
        get { layers.state }
        set { layers.state = newValue }
    }
}
