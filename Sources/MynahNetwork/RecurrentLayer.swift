/// One recurrent layer of a batch: one direction, or two whose outputs lie side by side, with dropout behind them.
final class RecurrentLayer {
    private let forwardDirection: GRULayer
    private let backwardDirection: GRULayer?
    private let dropout: Dropout
    private let hiddenSize: Int

    /// `[T, B, outputSize]`: what the next layer reads.
    private let outputValues: FloatBuffer

    /// `[T, B, outputSize]`: gradient of the output; whoever reads the output adds to it.
    private let gradientValues: FloatBuffer

    let outputSize: Int

    init(
        _ layer: LayerDescription, index: Int, inputSize: Int, layout: ParameterLayout, frameCount: Int,
        batchSize: Int, dropoutRate: Float
    ) {
        switch layer {
        case .gru(let hiddenSize, let bidirectional):
            func direction(_ name: String, readsBackward: Bool) -> GRULayer {
                GRULayer(
                    cell: GRUCell(
                        inputSize: inputSize, hiddenSize: hiddenSize, prefix: "layers.\(index).\(name)",
                        layout: layout),
                    readsBackward: readsBackward, frameCount: frameCount, batchSize: batchSize)
            }
            forwardDirection = direction("forward", readsBackward: false)
            backwardDirection = bidirectional ? direction("backward", readsBackward: true) : nil
            self.hiddenSize = hiddenSize
        }
        outputSize = layer.outputSize
        dropout = Dropout(rate: dropoutRate, batchSize: batchSize, featureCount: outputSize)
        outputValues = FloatBuffer(count: frameCount * batchSize * outputSize)
        gradientValues = FloatBuffer(count: frameCount * batchSize * outputSize)
    }

    /// `[T·B, outputSize]`.
    var output: MatrixView { outputValues.matrix(columns: outputSize) }

    /// `[T·B, outputSize]`.
    var outputGradient: MatrixView { gradientValues.matrix(columns: outputSize) }

    /// Columns of the output that belong to the direction that reads from the end; empty without one.
    var backwardColumns: Range<Int> { hiddenSize..<outputSize }

    /// Reads `input` `[T·B, D]` and fills ``output``; without a generator nothing is dropped.
    func forward(
        _ input: MatrixView, parameters: UnsafePointer<Float>, dropout generator: inout SeededGenerator?
    ) {
        output[columns: 0..<hiddenSize].copy(from: forwardDirection.forward(input, parameters: parameters))
        if let backwardOutput = backwardDirection?.forward(input, parameters: parameters) {
            output[columns: backwardColumns].copy(from: backwardOutput)
        }
        dropout.draw(using: &generator)
        dropout.apply(to: output)
        gradientValues.clear()
    }

    /// Backward: adds to `gradient` and, where given, to `inputGradient` `[T·B, D]`.
    func backward(
        input: MatrixView, parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>,
        inputGradient: MatrixView?
    ) {
        dropout.apply(to: outputGradient)
        forwardDirection.backward(
            outputGradient: outputGradient[columns: 0..<hiddenSize], input: input, parameters: parameters,
            gradient: gradient, inputGradient: inputGradient)
        backwardDirection?.backward(
            outputGradient: outputGradient[columns: backwardColumns], input: input, parameters: parameters,
            gradient: gradient, inputGradient: inputGradient)
    }
}
