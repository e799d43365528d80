package import MynahBase

/// A network at work on one batch shape: the memory for all activations and gradients, and the two passes over it.
///
/// One thread uses a pass at a time; weights are handed in, so that many passes share them (``PreparedNetwork``).
package final class NetworkPass {
    /// The network's shape.
    package let description: NetworkDescription

    /// Frames per clip, `T`.
    package let frameCount: Int

    /// Clips per batch, `B`.
    package let batchSize: Int

    /// Steps of the recurrent layers per clip: `frameCount`, or fewer behind convolutions with a stride.
    package let stepCount: Int

    /// Whether the next clip goes on from the state in which the last one ended, as in a stream, instead of a clean one.
    package var carriesState = false

    private let parameterCount: Int
    private let layerStarts: [Int]
    private let layers: LayerStack
    private let readOut: any ReadOutLayer
    private let outputWeights: WeightMatrix
    private var outputGradientProduct = WeightGradientProduct()
    private let outputBias: ParameterLayout.Entry
    private let stepOutput: StepOutput?

    /// `[T, B, D]`.
    private let input: FloatBuffer

    /// `[B]`, the frames of each clip; what lies behind them is zero.
    private var clipFrameCounts: [Int]

    /// Of the last forward pass: the weights, the steps it decided at, and `[decisions·B, read-out size]`.
    private var network: PreparedNetwork?
    private var decisions: [Int] = []
    private var vectors: MatrixView?

    /// Of the last forward pass, where steps have labels: `[T·B, L]`, and `[B]`, which row of ``vectors`` has the last decision
    /// of each clip.
    private var labels: MatrixView?
    private var decisionRows: [Int] = []

    private var vectorGradient = FloatBuffer(count: 0)

    /// `[decisions·B, C]`.
    private var logits = FloatBuffer(count: 0)

    /// Allocates for batches of `batchSize` clips of `frameCount` frames.
    ///
    /// - Parameter dropout: shares of values dropped in training.
    /// - Throws: ``NetworkError`` when the description is not one of a network, when a clip is too short for a single step,
    ///   or when the batch would take more memory than is allowed; nothing is allocated then.
    package init(
        _ description: NetworkDescription, frameCount: Int, batchSize: Int,
        dropout: DropoutRates = DropoutRates()
    ) throws(NetworkError) {
        precondition(
            frameCount >= 0 && batchSize > 0, "a batch of \(batchSize) clips of \(frameCount) frames")
        try description.validate()
        stepCount = description.stepCount(frameCount: frameCount)
        guard stepCount > 0 else {
            throw .clipTooShort(frameCount: frameCount, minimum: description.timeStride)
        }
        let valueCount = batchSize * description.valueCount(frameCount: frameCount)
        guard valueCount <= NetworkDescription.passLimit else {
            throw .batchTooLarge(
                batchSize: batchSize, valueCount: valueCount, limit: NetworkDescription.passLimit)
        }
        self.description = description
        self.frameCount = frameCount
        self.batchSize = batchSize
        let layout = description.parameterLayout
        parameterCount = layout.parameterCount
        layerStarts = layout.layerStarts
        layers = LayerStack(
            description, layout: layout, frameCount: frameCount, batchSize: batchSize, dropout: dropout)
        readOut = description.makeReadOut(layout: layout, stepCount: stepCount, batchSize: batchSize)
        outputWeights = WeightMatrix(layout[.output, "weights"])
        outputBias = layout[.output, "bias"]
        stepOutput = description.stepClassCount.map {
            StepOutput(
                description, classCount: $0, layout: layout,
                stepCount: description.stepCount(frameCount: frameCount),
                batchSize: batchSize)
        }
        input = FloatBuffer(count: frameCount * batchSize * description.inputSize)
        clipFrameCounts = [Int](repeating: frameCount, count: batchSize)
    }

    /// Places the features of one clip, `[frames, D]` row-major, into the batch.
    ///
    /// The clip may have fewer frames than the batch, though enough for a step. What the network then says at its own steps,
    /// and the gradient of that, are those of the clip alone: nothing behind its end is read or counted.
    package func setInput(clip: Int, features: [Float]) {
        let featureCount = description.inputSize
        let count = features.count / featureCount
        precondition(
            features.count == count * featureCount && (description.timeStride...frameCount).contains(count)
                && (0..<batchSize).contains(clip),
            """
            \(features.count) features for clip \(clip) of a batch of \(batchSize) clips of \
            [\(frameCount), \(featureCount)]
            """)
        clipFrameCounts[clip] = count
        features.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            for frame in 0..<frameCount {
                let place = input.base + (frame * batchSize + clip) * featureCount
                if frame < count {
                    place.update(from: base + frame * featureCount, count: featureCount)
                } else {
                    place.update(repeating: 0, count: featureCount)
                }
            }
        }
    }

    /// `[B]`, the steps of each clip: ``stepCount``, or fewer where it is shorter than the batch.
    package var clipStepCounts: [Int] { clipFrameCounts.map { description.stepCount(frameCount: $0) } }

    /// Takes the features of another pass, of a network that reads batches of the same shape.
    package func copyInput(of other: NetworkPass) {
        precondition(
            batchSize == other.batchSize && input.count == other.input.count,
            "features of \(other.batchSize) clips, \(other.input.count) in all, expected \(batchSize), \(input.count)"
        )
        input.base.update(from: other.input.base, count: input.count)
        clipFrameCounts = other.clipFrameCounts
    }

    /// The batch → its logits, `[decisions, B, C]`.
    ///
    /// - Parameters:
    ///   - network: weights of a network of this shape; the backward pass uses the same.
    ///   - decisions: steps at which the network decides, rising, each from what it heard up to there; the last step of a
    ///     clip unless given. A network that is not causal has heard the whole clip at each of them.
    ///   - dropout: the generator of the dropout masks in training; without one nothing is dropped and batch
    ///     normalization uses the statistics that were gathered in training.
    package func forward(
        _ network: PreparedNetwork, decisions: [Int]? = nil, dropout: inout SeededGenerator?
    ) -> [Float] {
        let decisions = decisions ?? [stepCount - 1]
        precondition(
            network.description == description, "weights of \(network.description) for \(description)")
        precondition(
            zip(decisions, decisions.dropFirst()).allSatisfy(<) && !decisions.isEmpty
                && decisions.allSatisfy((0..<stepCount).contains),
            "decisions at steps \(decisions), expected rising ones of \(stepCount)")
        self.network = network
        self.decisions = decisions
        let isPadded = clipFrameCounts.contains { $0 < frameCount }
        precondition(!(isPadded && carriesState), "a state is carried from clips of unequal length")
        var context = PassContext(
            generator: dropout, stepCounts: isPadded ? clipFrameCounts : nil, carriesState: carriesState)
        defer { dropout = context.generator }
        return network.withWeights { weights in
            layers.forward(input.matrix(columns: description.inputSize), weights, context: &context)
            let vectors = readOut.forward(layers.output, decisions: decisions, weights)
            self.vectors = vectors
            logits.ensure(count: vectors.rows * description.classCount)
            let logits = logits.matrix(columns: description.classCount)[rows: 0..<vectors.rows]
            logits.fillRows(with: weights[outputBias])
            outputWeights.forward(vectors, weights, into: logits, accumulating: true)
            if let stepOutput {
                decisionRows = lastDecisionRows
                labels = stepOutput.forward(
                    layers.output, vectors: vectors, decisionRows: decisionRows, weights)
            }
            return Array(UnsafeBufferPointer(start: logits.base, count: logits.rows * logits.columns))
        }
    }

    /// The batch → its logits, `[decisions, B, C]`, as recognition computes them.
    package func forward(_ network: PreparedNetwork, decisions: [Int]? = nil) -> [Float] {
        var none: SeededGenerator?
        return forward(network, decisions: decisions, dropout: &none)
    }

    /// Rows of the decision vectors that have the last decision within each clip, or the first one where none is.
    private var lastDecisionRows: [Int] {
        clipStepCounts.enumerated().map { clip, count in
            (decisions.lastIndex { $0 < count } ?? 0) * batchSize + clip
        }
    }

    /// What the last forward pass says of each step, `[T, B, L]`, given the last of its decisions within the clip; traps for a
    /// network whose steps have no labels.
    package var stepLogits: [Float] {
        guard let labels else { preconditionFailure("no forward pass was made that labels steps") }
        return Array(UnsafeBufferPointer(start: labels.base, count: labels.rows * labels.columns))
    }

    /// What each recurrent layer did with the first clip of the batch at a step of the last forward pass, first to
    /// last; of a layer that reads from both ends, the direction that reads forward.
    ///
    /// Copies, for a person to look at.
    package func activity(step: Int) -> [NetworkStream.Activity] {
        precondition((0..<stepCount).contains(step), "step \(step) of \(stepCount)")
        return layers.activity(step: step)
    }

    /// What the last forward pass read the logits from, `[decisions, B, read-out size]`: an embedding of each clip.
    package var readOutVectors: [Float] {
        guard let vectors else { preconditionFailure("no forward pass was made") }
        return Array(UnsafeBufferPointer(start: vectors.base, count: vectors.rows * vectors.columns))
    }

    /// Back-propagation through time: the gradient of the logits → adds that of every parameter to `gradient`, and the
    /// batch's mean, times its clips, to every statistic.
    ///
    /// To be called once after ``forward(_:decisions:dropout:)`` in training, with weights that were prepared for it. A
    /// state that was carried into the batch counts as given.
    ///
    /// - Parameters:
    ///   - logitsGradient: `[decisions, B, C]`.
    ///   - stepLogitsGradient: `[T, B, L]`, where steps have labels; zero behind the end of a clip.
    ///   - gradient: flat, as the parameters lie.
    ///   - onComplete: hears which values of the gradient are final, from the last ones to the first.
    package func backward(
        logitsGradient: [Float], stepLogitsGradient: [Float]? = nil, gradient: inout [Float],
        onComplete: (_ places: Range<Int>, _ gradient: UnsafePointer<Float>) -> Void = { _, _ in }
    ) {
        guard let vectors, let network else { preconditionFailure("backward without a forward pass before") }
        precondition(
            logitsGradient.count == vectors.rows * description.classCount && gradient.count == parameterCount,
            """
            \(logitsGradient.count) logit gradients and \(gradient.count) parameter gradients, expected \
            \(vectors.rows * description.classCount) and \(parameterCount)
            """)
        logits.base.update(from: logitsGradient, count: logitsGradient.count)
        vectorGradient.ensure(count: vectors.rows * vectors.columns)
        network.withWeights { weights in
            gradient.withUnsafeMutableBufferPointer { gradient in
                guard let gradient = gradient.baseAddress else { return }
                backward(vectors, stepLogitsGradient, weights, gradient, onComplete: onComplete)
            }
        }
    }

    private func backward(
        _ vectors: MatrixView, _ stepLogitsGradient: [Float]?, _ weights: Weights,
        _ gradient: UnsafeMutablePointer<Float>,
        onComplete: (_ places: Range<Int>, _ gradient: UnsafePointer<Float>) -> Void
    ) {
        let logitsGradient = logits.matrix(columns: description.classCount)[rows: 0..<vectors.rows]
        let vectorGradient = vectorGradient.matrix(columns: vectors.columns)[rows: 0..<vectors.rows]
        outputGradientProduct.add(logitsGradient, vectors, to: gradient.matrix(outputWeights.entry))
        logitsGradient.addColumnSums(to: gradient + outputBias.range.lowerBound)
        outputWeights.backward(logitsGradient, weights, into: vectorGradient)
        layers.beginBackward()
        if let stepOutput, let stepLogitsGradient {
            stepOutput.backward(
                layers.output, logitsGradient: stepLogitsGradient, decisionRows: decisionRows, weights,
                gradient: gradient, stateGradient: layers.outputGradient, vectorGradient: vectorGradient)
        }
        readOut.backward(
            layers.output, decisions: decisions, outputGradient: vectorGradient, weights,
            gradient: gradient, stateGradient: layers.outputGradient)
        var end = parameterCount
        func complete(from start: Int) {
            if start < end { onComplete(start..<end, UnsafePointer(gradient)) }
            end = start
        }
        complete(from: layerStarts[layerStarts.count - 1])
        layers.backward(
            input.matrix(columns: description.inputSize), weights, gradient: gradient,
            onLayer: { complete(from: layerStarts[$0]) })
    }

    /// What lasts from one batch to the next where the state is carried: recurrent states, and the frames that a
    /// convolution still needs; of the size that this pass gives.
    package var carriedState: [Float] {
        get { layers.state }
        set { layers.state = newValue }
    }
}
