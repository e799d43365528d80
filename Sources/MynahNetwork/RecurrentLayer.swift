/// One recurrent layer of a batch: one direction, or two whose outputs lie side by side, with dropout behind them.
final class RecurrentLayer: SequenceLayer {
    private let forwardDirection: RecurrentDirection
    private let backwardDirection: RecurrentDirection?
    private let description: RecurrentDescription
    private let dropout: Dropout

    /// `[T, B, outputSize]`, unless the output is just the states of the direction that reads forward.
    private let outputValues: FloatBuffer
    private let isOutputOfDirection: Bool
    private let outputCount: Int
    private var gradientValues = FloatBuffer(count: 0)

    init(
        _ description: RecurrentDescription, index: Int, inputSize: Int, layout: ParameterLayout,
        frameCount: Int, batchSize: Int, dropoutRates: DropoutRates
    ) {
        func direction(_ name: String, readsBackward: Bool) -> RecurrentDirection {
            RecurrentDirection(
                RecurrentCell(description, part: .layer(index), direction: name, layout: layout),
                readsBackward: readsBackward, frameCount: frameCount, batchSize: batchSize,
                dropoutRate: dropoutRates.recurrent)
        }
        self.description = description
        forwardDirection = direction("forward", readsBackward: false)
        backwardDirection = description.bidirectional ? direction("backward", readsBackward: true) : nil
        let outputSize = description.outputSize
        dropout = Dropout(rate: dropoutRates.layers, batchSize: batchSize, featureCount: outputSize)
        isOutputOfDirection = !description.bidirectional && !description.residual && dropoutRates.layers == 0
        outputCount = frameCount * batchSize * outputSize
        outputValues = FloatBuffer(count: isOutputOfDirection ? 0 : outputCount)
    }

    var output: MatrixView {
        isOutputOfDirection ? forwardDirection.output : outputValues.matrix(columns: description.outputSize)
    }

    var outputGradient: MatrixView { gradientValues.matrix(columns: description.outputSize) }

    var state: [MatrixView] { forwardDirection.finalState }

    /// `[T, B, G·H]` of the direction that reads forward.
    var gateValues: MatrixView { forwardDirection.gateValues }

    /// Columns of the output that belong to the direction that reads from the end; empty without one.
    private var backwardColumns: Range<Int> { description.hiddenSize..<description.outputSize }
    private var forwardColumns: Range<Int> { 0..<description.hiddenSize }

    func forward(_ input: MatrixView, _ weights: Weights, context: inout PassContext) {
        forwardDirection.forward(input, weights, context: &context)
        guard !isOutputOfDirection else { return }
        output[columns: forwardColumns].copy(from: forwardDirection.output)
        if let backwardDirection {
            backwardDirection.forward(input, weights, context: &context)
            output[columns: backwardColumns].copy(from: backwardDirection.output)
        }
        dropout.draw(using: &context.generator)
        dropout.apply(to: output)
        if description.residual { output.add(input) }
    }

    func beginBackward() {
        gradientValues.ensure(count: outputCount)
        gradientValues.clear()
    }

    func backward(
        _ input: MatrixView, _ weights: Weights, gradient: UnsafeMutablePointer<Float>,
        inputGradient: MatrixView?
    ) {
        if description.residual { inputGradient?.add(outputGradient) }
        dropout.apply(to: outputGradient)
        forwardDirection.backward(
            outputGradient: outputGradient[columns: forwardColumns], input: input, weights,
            gradient: gradient,
            inputGradient: inputGradient)
        backwardDirection?.backward(
            outputGradient: outputGradient[columns: backwardColumns], input: input, weights,
            gradient: gradient,
            inputGradient: inputGradient)
    }
}
