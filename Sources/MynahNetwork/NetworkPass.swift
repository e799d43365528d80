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

    private let parameterCount: Int
    private let layers: [RecurrentLayer]
    private let outputWeights: Int
    private let outputBias: Int

    /// `[T, B, D]`.
    private let input: FloatBuffer

    /// `[B, R]`: the vectors that the read-out hands to the output layer, and their gradient.
    private let readOut: FloatBuffer
    private let readOutGradient: FloatBuffer

    /// `[B, C]`.
    private let logits: FloatBuffer

    /// Allocates for batches of `batchSize` clips of `frameCount` frames.
    ///
    /// - Parameter dropoutRate: share of each layer's outputs dropped in training, `0 ..< 1`.
    /// - Throws: ``NetworkError`` when the description is not one of a network.
    public init(
        _ description: NetworkDescription, frameCount: Int, batchSize: Int, dropoutRate: Float = 0
    ) throws(NetworkError) {
        precondition(
            frameCount > 0 && batchSize > 0, "a batch of \(batchSize) clips of \(frameCount) frames")
        try description.validate()
        self.description = description
        self.frameCount = frameCount
        self.batchSize = batchSize
        let layout = description.parameterLayout
        parameterCount = layout.parameterCount
        var layers: [RecurrentLayer] = []
        for (index, layer) in description.layers.enumerated() {
            layers.append(
                RecurrentLayer(
                    layer, index: index, inputSize: layers.last?.outputSize ?? description.inputSize,
                    layout: layout, frameCount: frameCount, batchSize: batchSize, dropoutRate: dropoutRate))
        }
        self.layers = layers
        outputWeights = layout.offset(of: "output.weights")
        outputBias = layout.offset(of: "output.bias")
        input = FloatBuffer(count: frameCount * batchSize * description.inputSize)
        readOut = FloatBuffer(count: batchSize * description.readOutSize)
        readOutGradient = FloatBuffer(count: batchSize * description.readOutSize)
        logits = FloatBuffer(count: batchSize * description.classCount)
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

    /// The batch → its logits, `[B, C]`.
    ///
    /// - Parameters:
    ///   - parameters: flat, as `description.parameterLayout` says.
    ///   - dropout: the generator of the dropout masks; without one nothing is dropped.
    public func forward(parameters: [Float], dropout: inout SeededGenerator?) -> [Float] {
        precondition(
            parameters.count == parameterCount, "\(parameters.count) parameters, expected \(parameterCount)")
        return parameters.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress else { return [] }
            var values = input.matrix(columns: description.inputSize)
            for layer in layers {
                layer.forward(values, parameters: weights, dropout: &dropout)
                values = layer.output
            }
            gatherReadOut()
            let logits = logits.matrix(columns: description.classCount)
            logits.fillRows(with: weights + outputBias)
            MatrixProduct.multiply(
                readOut.matrix(columns: description.readOutSize),
                by: weights.matrix(
                    at: outputWeights, rows: description.classCount, columns: description.readOutSize),
                transposingSecond: true, into: logits, accumulating: true)
            return Array(UnsafeBufferPointer(start: logits.base, count: batchSize * description.classCount))
        }
    }

    /// The batch → its logits, `[B, C]`, as recognition computes them.
    public func forward(parameters: [Float]) -> [Float] {
        var none: SeededGenerator?
        return forward(parameters: parameters, dropout: &none)
    }

    /// Back-propagation through time: the gradient of the logits → adds that of every parameter to `gradient`.
    ///
    /// To be called once after ``forward(parameters:dropout:)`` with the same parameters.
    ///
    /// - Parameters:
    ///   - logitsGradient: `[B, C]`.
    ///   - gradient: flat, as the parameters lie.
    public func backward(parameters: [Float], logitsGradient: [Float], gradient: inout [Float]) {
        precondition(
            logitsGradient.count == batchSize * description.classCount && gradient.count == parameterCount,
            """
            \(logitsGradient.count) logit gradients and \(gradient.count) parameter gradients, expected \
            \(batchSize * description.classCount) and \(parameterCount)
            """)
        logits.base.update(from: logitsGradient, count: logitsGradient.count)
        parameters.withUnsafeBufferPointer { weights in
            gradient.withUnsafeMutableBufferPointer { gradient in
                guard let weights = weights.baseAddress, let gradient = gradient.baseAddress else { return }
                backward(weights, gradient)
            }
        }
    }

    private func backward(_ weights: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>) {
        let (classCount, size) = (description.classCount, description.readOutSize)
        let logitsGradient = logits.matrix(columns: classCount)
        MatrixProduct.multiply(
            logitsGradient, transposingFirst: true, by: readOut.matrix(columns: size),
            into: gradient.matrix(at: outputWeights, rows: classCount, columns: size), accumulating: true)
        logitsGradient.addColumnSums(to: gradient + outputBias)
        MatrixProduct.multiply(
            logitsGradient, by: weights.matrix(at: outputWeights, rows: classCount, columns: size),
            into: readOutGradient.matrix(columns: size))
        scatterReadOutGradient()
        for (index, layer) in layers.enumerated().reversed() {
            layer.backward(
                input: index > 0 ? layers[index - 1].output : input.matrix(columns: description.inputSize),
                parameters: weights, gradient: gradient,
                inputGradient: index > 0 ? layers[index - 1].outputGradient : nil)
        }
    }

    /// Last layer's output `[T·B, R]` → ``readOut`` `[B, R]`.
    private func gatherReadOut() {
        guard let last = layers.last else { return }
        let readOut = readOut.matrix(columns: last.outputSize)
        switch description.readOut {
        case .lastState:
            readOut.copy(from: last.output[rows: rows(ofFrame: frameCount - 1)])
            readOut[columns: last.backwardColumns].copy(
                from: last.output[rows: rows(ofFrame: 0)][columns: last.backwardColumns])
        case .mean:
            readOut.copy(from: last.output[rows: rows(ofFrame: 0)])
            for frame in 1..<frameCount {
                readOut.add(last.output[rows: rows(ofFrame: frame)])
            }
            readOut.scale(by: 1 / Float(frameCount))
        }
    }

    /// Backward of ``gatherReadOut()``: adds to the last layer's output gradient.
    private func scatterReadOutGradient() {
        guard let last = layers.last else { return }
        let gradient = readOutGradient.matrix(columns: last.outputSize)
        switch description.readOut {
        case .lastState:
            let forwardColumns = 0..<last.backwardColumns.lowerBound
            last.outputGradient[rows: rows(ofFrame: frameCount - 1)][columns: forwardColumns]
                .add(gradient[columns: forwardColumns])
            last.outputGradient[rows: rows(ofFrame: 0)][columns: last.backwardColumns]
                .add(gradient[columns: last.backwardColumns])
        case .mean:
            gradient.scale(by: 1 / Float(frameCount))
            for frame in 0..<frameCount {
                last.outputGradient[rows: rows(ofFrame: frame)].add(gradient)
            }
        }
    }

    private func rows(ofFrame frame: Int) -> Range<Int> { frame * batchSize..<(frame + 1) * batchSize }
}
