import MynahBase

/// The loop of a ``RecurrentCell`` over the frames of a batch, in one direction.
///
/// Owns the memory for one batch shape, so that training allocates nothing per batch.
final class RecurrentDirection {
    private let cell: RecurrentCell
    private let readsBackward: Bool
    private let frameCount: Int
    private let batchSize: Int

    /// `[T + 1, B, H]`: the state in which the clip starts and that after each frame, in the order of time; the first
    /// one lies at the end where the clip is read backward.
    private let states: FloatBuffer

    /// `[T + 1, B, H]`, laid out alike: what the cell keeps beside the state.
    private let memory: FloatBuffer

    /// `[T, B, G·H]`: products of the input, then what the backward pass needs, then gradients.
    private let gates: FloatBuffer

    /// `[B, G·H]`: recurrent products of one step, then their gradients.
    private let recurrent: FloatBuffer

    /// `[B, H]`: gradients that run back through time.
    private var stateGradient = FloatBuffer(count: 0)
    private var memoryGradient = FloatBuffer(count: 0)

    /// `[4·H]`.
    private var biasGradient = FloatBuffer(count: 0)

    private var gradientProduct = WeightGradientProduct()

    /// `[B]`, the frames of each clip in the last forward pass, where some are shorter than the batch: the direction that
    /// reads from the end has no state before it comes to them.
    private var clipFrameCounts: [Int]?

    /// Steps whose products with the input are made together: few, so that their gates stay in the caches; but all for a
    /// single clip, whose products are then larger.
    private let stepsPerProduct: Int
    private static let rowsPerProduct = 128

    /// Steps whose products for the gradients are made together, while their values are still in the caches.
    private let stepsPerSum: Int

    /// Dropout of what the recurrent products read: `[T + 1, B, H]` as ``states``, where there is any.
    private let dropout: Dropout
    private let droppedStates: FloatBuffer

    /// `[B, H]`: gradient of what a recurrent product reads, where there is dropout.
    private var recurrentInputGradient = FloatBuffer(count: 0)

    init(
        _ cell: RecurrentCell, readsBackward: Bool, frameCount: Int, batchSize: Int, dropoutRate: Float
    ) {
        self.cell = cell
        self.readsBackward = readsBackward
        self.frameCount = frameCount
        self.batchSize = batchSize
        let stateCount = (frameCount + 1) * batchSize * cell.hiddenSize
        states = FloatBuffer(count: stateCount)
        memory = FloatBuffer(count: cell.keepsMemory ? stateCount : 0)
        gates = FloatBuffer(count: frameCount * batchSize * cell.gateSize)
        recurrent = FloatBuffer(count: batchSize * cell.gateSize)
        stepsPerProduct = batchSize > 1 ? max(1, Self.rowsPerProduct / batchSize) : frameCount
        stepsPerSum = max(1, WeightGradientProduct.rowsPerSum / batchSize)
        let rate = cell.kind.readsState ? dropoutRate : 0
        dropout = Dropout(rate: rate, batchSize: batchSize, featureCount: cell.hiddenSize)
        droppedStates = FloatBuffer(count: rate > 0 ? stateCount : 0)
    }

    /// Rows of a `[T + 1, B, …]` buffer that hold the state before or after each frame.
    private var rowsBefore: Range<Int> { readsBackward ? batchSize..<allRows : 0..<allRows - batchSize }
    private var rowsAfter: Range<Int> { readsBackward ? 0..<allRows - batchSize : batchSize..<allRows }
    private var allRows: Int { (frameCount + 1) * batchSize }

    /// `[T·B, H]`: the states after each frame.
    var output: MatrixView { states.matrix(columns: cell.hiddenSize)[rows: rowsAfter] }

    /// Rows of the frame that is read at a step, in a `[T, B, …]` buffer.
    private func rows(atStep step: Int) -> Range<Int> { rows(of: step..<step + 1) }

    /// Rows of the frames that are read at some steps.
    private func rows(of steps: Range<Int>) -> Range<Int> {
        let frames = readsBackward ? frameCount - steps.upperBound..<frameCount - steps.lowerBound : steps
        return frames.lowerBound * batchSize..<frames.upperBound * batchSize
    }

    /// State and memory after the last step.
    var finalState: [MatrixView] {
        let rows = rows(atStep: frameCount - 1)
        let state = output[rows: rows]
        guard cell.carriesMemory else { return [state] }
        return [state, memory.matrix(columns: cell.hiddenSize)[rows: rowsAfter][rows: rows]]
    }

    /// `[T, B, G·H]`, as the last forward pass left them: what the gates let through.
    var gateValues: MatrixView { gates.matrix(columns: cell.gateSize) }

    /// Sets what stands before the first step: what stood behind the last one, or zeros.
    private func begin(carriesState: Bool) {
        begin(states.matrix(columns: cell.hiddenSize), carriesState)
        if cell.carriesMemory { begin(memory.matrix(columns: cell.hiddenSize), carriesState) }
    }

    private func begin(_ values: MatrixView, _ carriesState: Bool) {
        let start = values[rows: rowsBefore][rows: rows(atStep: 0)]
        if carriesState {
            start.copy(from: values[rows: rowsAfter][rows: rows(atStep: frameCount - 1)])
        } else {
            start.clear()
        }
    }

    /// `input` `[T·B, D]` → ``output``.
    func forward(_ input: MatrixView, _ weights: Weights, context: inout PassContext) {
        begin(carriesState: context.carriesState)
        clipFrameCounts = readsBackward ? context.stepCounts : nil
        dropout.draw(using: &context.generator)
        for step in 0..<frameCount {
            if step.isMultiple(of: stepsPerProduct) {
                let rows = rows(of: step..<min(step + stepsPerProduct, frameCount))
                cell.inputWeights.forward(input[rows: rows], weights, into: gateValues[rows: rows])
            }
            let values = values(atStep: step)
            cell.recurrentWeights?.forward(recurrentInput(atStep: step), weights, into: values.recurrent)
            cell.forward(values, weights)
            clearPadding(of: values.state, atStep: step)
            if let memory = values.memory { clearPadding(of: memory, atStep: step) }
        }
    }

    /// Clears the rows `[B, …]` of clips that end before the frame that is read at a step.
    private func clearPadding(of rows: MatrixView, atStep step: Int) {
        guard let clipFrameCounts else { return }
        let frame = frameCount - 1 - step
        for (clip, count) in clipFrameCounts.enumerated() where frame >= count {
            rows[rows: clip..<clip + 1].clear()
        }
    }

    /// Back-propagation through time: `outputGradient` `[T·B, H]` → adds to `gradient` and `inputGradient`.
    func backward(
        outputGradient: MatrixView, input: MatrixView, _ weights: Weights,
        gradient: UnsafeMutablePointer<Float>, inputGradient: MatrixView?
    ) {
        beginBackward()
        var end = frameCount
        while end > 0 {
            let steps = max(0, end - stepsPerSum)..<end
            for step in steps.reversed() {
                backward(step: step, outputGradient: outputGradient, weights)
            }
            // The gradients of these steps are in place: each weight matrix is now one product over all of them.
            let rows = rows(of: steps)
            gradientProduct.add(
                gateValues[rows: rows], input[rows: rows], to: gradient.matrix(cell.inputWeights.entry),
                precision: weights.precision)
            addRecurrentWeightGradient(of: rows, to: gradient, precision: weights.precision)
            if let inputGradient {
                cell.inputWeights.backward(
                    gateValues[rows: rows], weights, into: inputGradient[rows: rows], accumulating: true)
            }
            end = steps.lowerBound
        }
        cell.addBiasGradient(biasGradient.base, to: gradient)
    }

    private func backward(step: Int, outputGradient: MatrixView, _ weights: Weights) {
        let values = values(atStep: step)
        let flowing = stateGradient.matrix(columns: cell.hiddenSize)
        let flowingMemory = memoryGradient.matrix(columns: cell.hiddenSize)
        flowing.add(outputGradient[rows: rows(atStep: step)])
        clearPadding(of: flowing, atStep: step)
        clearPadding(of: flowingMemory, atStep: step)
        cell.backward(
            values, stateGradient: flowing, memoryGradient: flowingMemory, biasGradient: biasGradient.base)
        addStateGradient(cell.recurrentGradient(values), weights, to: flowing)
    }

    private func beginBackward() {
        stateGradient.ensure(count: batchSize * cell.hiddenSize)
        memoryGradient.ensure(count: batchSize * cell.hiddenSize)
        biasGradient.ensure(count: 4 * cell.hiddenSize)
        if dropout.rate > 0 { recurrentInputGradient.ensure(count: batchSize * cell.hiddenSize) }
        stateGradient.clear()
        memoryGradient.clear()
        biasGradient.clear()
    }

    /// What the cell reads and writes at a step.
    private func values(atStep step: Int) -> RecurrentCell.Step {
        let rows = rows(atStep: step)
        let states = states.matrix(columns: cell.hiddenSize)
        let memory = cell.keepsMemory ? memory.matrix(columns: cell.hiddenSize) : nil
        return RecurrentCell.Step(
            gates: gateValues[rows: rows], recurrent: recurrent.matrix(columns: cell.gateSize),
            previous: states[rows: rowsBefore][rows: rows], state: states[rows: rowsAfter][rows: rows],
            previousMemory: memory?[rows: rowsBefore][rows: rows],
            memory: memory?[rows: rowsAfter][rows: rows])
    }

    /// The previous state as the recurrent product reads it, `[B, H]`.
    private func recurrentInput(atStep step: Int) -> MatrixView {
        let rows = rows(atStep: step)
        let previous = states.matrix(columns: cell.hiddenSize)[rows: rowsBefore][rows: rows]
        guard dropout.rate > 0 else { return previous }
        let dropped = droppedStates.matrix(columns: cell.hiddenSize)[rows: rowsBefore][rows: rows]
        dropped.copy(from: previous)
        dropout.apply(to: dropped)
        return dropped
    }

    /// Adds what reaches the previous state through the recurrent product of a step.
    private func addStateGradient(_ gradient: MatrixView, _ weights: Weights, to flowing: MatrixView) {
        guard dropout.rate > 0 else {
            cell.recurrentWeights?.backward(gradient, weights, into: flowing, accumulating: true)
            return
        }
        let product = recurrentInputGradient.matrix(columns: cell.hiddenSize)
        cell.recurrentWeights?.backward(gradient, weights, into: product)
        dropout.apply(to: product)
        flowing.add(product)
    }

    private func addRecurrentWeightGradient(
        of rows: Range<Int>, to gradient: UnsafeMutablePointer<Float>, precision: ProductPrecision
    ) {
        guard let entry = cell.recurrentWeights?.entry else { return }
        let hiddenSize = cell.hiddenSize
        let read =
            dropout.rate > 0 ? droppedStates.matrix(columns: hiddenSize) : states.matrix(columns: hiddenSize)
        let previous = read[rows: rowsBefore][rows: rows]
        let weights = gradient.matrix(entry)
        gradientProduct.add(
            gateValues[rows: rows][columns: 0..<cell.sharedGateSize], previous,
            to: weights[rows: 0..<cell.sharedGateSize], precision: precision)
        if cell.sharedGateSize < cell.gateSize {
            gradientProduct.add(
                memory.matrix(columns: hiddenSize)[rows: rowsAfter][rows: rows], previous,
                to: weights[rows: cell.sharedGateSize..<cell.gateSize], precision: precision)
        }
    }
}
