import MynahBase

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
    private let batchSize: Int
    private var gradientValues = FloatBuffer(count: 0)

    init(_ description: RecurrentDescription, _ place: LayerPlace) {
        func direction(_ name: String, readsBackward: Bool) -> RecurrentDirection {
            RecurrentDirection(
                RecurrentCell(description, part: place.part, direction: name, layout: place.layout),
                readsBackward: readsBackward, frameCount: place.stepCount, batchSize: place.batchSize,
                dropoutRate: place.dropout.recurrent)
        }
        self.description = description
        batchSize = place.batchSize
        forwardDirection = direction("forward", readsBackward: false)
        backwardDirection = description.bidirectional ? direction("backward", readsBackward: true) : nil
        let outputSize = description.outputSize
        dropout = Dropout(
            rate: place.dropout.layers, batchSize: place.batchSize, featureCount: outputSize)
        isOutputOfDirection = !description.bidirectional && !description.residual && place.dropout.layers == 0
        outputCount = place.stepCount * place.batchSize * outputSize
        outputValues = FloatBuffer(count: isOutputOfDirection ? 0 : outputCount)
    }

    var output: MatrixView {
        isOutputOfDirection ? forwardDirection.output : outputValues.matrix(columns: description.outputSize)
    }

    var outputGradient: MatrixView { gradientValues.matrix(columns: description.outputSize) }

    var state: [MatrixView] { forwardDirection.finalState }

    /// Of two directions, that of the one that reads forward.
    func activity(step: Int) -> NetworkStream.Activity? {
        let rows = step * batchSize..<step * batchSize + 1
        let state = output[rows: rows][columns: forwardColumns]
        let gates = forwardDirection.gateValues[rows: rows]
        return NetworkStream.Activity(
            cell: description.cell,
            state: Array(UnsafeBufferPointer(start: state.base, count: state.columns)),
            gates: stride(from: 0, to: gates.columns, by: state.columns).map {
                Array(UnsafeBufferPointer(start: gates.base + $0, count: state.columns))
            })
    }

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
