internal import CVectorMath

/// One step of gated recurrent units (Cho et al., arXiv 1406.1078).
///
/// With the reset gate applied after the recurrent product, as cuDNN and PyTorch have it, so that all three recurrent
/// products are one:
///
///     r  = σ(Wᵢᵣ x + bᵢᵣ + Wₕᵣ h + bₕᵣ)
///     z  = σ(Wᵢz x + bᵢz + Wₕz h + bₕz)
///     n  = tanh(Wᵢₙ x + bᵢₙ + r ⊙ (Wₕₙ h + bₕₙ))
///     h′ = (1 − z) ⊙ n + z ⊙ h
struct GRUCell: Sendable {
    /// Inputs per frame, `D`.
    let inputSize: Int

    /// Units, `H`.
    let hiddenSize: Int

    /// Places of the weights in the flat parameter array: `[3H, D]`, `[3H, H]`, `[3H]`, `[3H]`, gates in the order
    /// reset, update, candidate.
    let inputWeights: Int
    let recurrentWeights: Int
    let inputBias: Int
    let recurrentBias: Int

    init(inputSize: Int, hiddenSize: Int, prefix: String, layout: ParameterLayout) {
        self.inputSize = inputSize
        self.hiddenSize = hiddenSize
        inputWeights = layout.offset(of: "\(prefix).inputWeights")
        recurrentWeights = layout.offset(of: "\(prefix).recurrentWeights")
        inputBias = layout.offset(of: "\(prefix).inputBias")
        recurrentBias = layout.offset(of: "\(prefix).recurrentBias")
    }

    /// `gates` `[N, 3H]` = `input` `[N, D]` projected: all frames of all clips in one product.
    func project(_ input: MatrixView, parameters: UnsafePointer<Float>, into gates: MatrixView) {
        gates.fillRows(with: parameters + inputBias)
        MatrixProduct.multiply(
            input, by: parameters.matrix(at: inputWeights, rows: 3 * hiddenSize, columns: inputSize),
            transposingSecond: true,
            into: gates, accumulating: true)
    }

    /// One step for `B` clips: `gates` `[B, 3H]` holds the projected input and becomes r, z, n; `candidate` `[B, H]`
    /// becomes what the backward pass needs; `recurrent` `[B, 3H]` is scratch; `state` may be `previous`.
    func step(
        gates: MatrixView, previous: MatrixView, parameters: UnsafePointer<Float>, recurrent: MatrixView,
        candidate: MatrixView, state: MatrixView
    ) {
        MatrixProduct.multiply(
            previous, by: parameters.matrix(at: recurrentWeights, rows: 3 * hiddenSize, columns: hiddenSize),
            transposingSecond: true, into: recurrent)
        mynah_gru_forward(
            state.rows, hiddenSize, gates.base, recurrent.base, parameters + recurrentBias, previous.base,
            candidate.base, state.base)
    }

    /// Backward of ``step``: `stateGradient` `[B, H]` holds the gradient of the new state and becomes that of the
    /// previous one; `gates` and `candidate` become gradients in place; `recurrent` `[B, 3H]` is scratch.
    func stepBackward(
        gates: MatrixView, previous: MatrixView, parameters: UnsafePointer<Float>, recurrent: MatrixView,
        candidate: MatrixView, stateGradient: MatrixView
    ) {
        mynah_gru_backward(
            stateGradient.rows, hiddenSize, gates.base, candidate.base, previous.base, recurrent.base,
            stateGradient.base)
        MatrixProduct.multiply(
            recurrent, by: parameters.matrix(at: recurrentWeights, rows: 3 * hiddenSize, columns: hiddenSize),
            into: stateGradient, accumulating: true)
    }
}

/// The loop of a ``GRUCell`` over the frames of a batch, in one direction.
///
/// Owns the memory for one batch shape, so that training allocates nothing per batch.
struct GRULayer: ~Copyable {
    let cell: GRUCell
    let readsBackward: Bool
    let frameCount: Int
    let batchSize: Int

    /// `[T, B, H]`: the state after each frame.
    private let states: FloatBuffer

    /// `[T, B, 3H]`: projected input, then r, z, n (backward reads them), then their gradients.
    private let gates: FloatBuffer

    /// `[T, B, H]`: biased recurrent product of n (backward needs it for the reset gate), then its gradient.
    private let candidate: FloatBuffer

    /// `[B, 3H]`: recurrent products of one step, then their gradients.
    private let recurrent: FloatBuffer

    /// `[B, H]`: the clean state in which every clip starts.
    private let zeroState: FloatBuffer

    /// `[B, H]`: gradient of the state that runs back through time.
    private let stateGradient: FloatBuffer

    init(cell: GRUCell, readsBackward: Bool, frameCount: Int, batchSize: Int) {
        let rows = frameCount * batchSize
        let hiddenSize = cell.hiddenSize
        self.cell = cell
        self.readsBackward = readsBackward
        self.frameCount = frameCount
        self.batchSize = batchSize
        states = FloatBuffer(count: rows * hiddenSize)
        gates = FloatBuffer(count: rows * 3 * hiddenSize)
        candidate = FloatBuffer(count: rows * hiddenSize)
        recurrent = FloatBuffer(count: batchSize * 3 * hiddenSize)
        zeroState = FloatBuffer(count: batchSize * hiddenSize)
        stateGradient = FloatBuffer(count: batchSize * hiddenSize)
    }

    /// The frame that is read at a step.
    private func frame(atStep step: Int) -> Int { readsBackward ? frameCount - 1 - step : step }

    /// Rows of one frame in a `[T, B, …]` buffer.
    private func rows(ofFrame frame: Int) -> Range<Int> { frame * batchSize..<(frame + 1) * batchSize }

    /// The state before a step: that of the step before, or zero.
    private func previousState(atStep step: Int) -> MatrixView {
        step == 0
            ? zeroState.matrix(columns: cell.hiddenSize)
            : states.matrix(columns: cell.hiddenSize)[rows: rows(ofFrame: frame(atStep: step - 1))]
    }

    /// `input` `[T·B, D]` → the states after each frame, `[T·B, H]`.
    func forward(_ input: MatrixView, parameters: UnsafePointer<Float>) -> MatrixView {
        let hiddenSize = cell.hiddenSize
        cell.project(input, parameters: parameters, into: gates.matrix(columns: 3 * hiddenSize))
        for step in 0..<frameCount {
            let rows = rows(ofFrame: frame(atStep: step))
            cell.step(
                gates: gates.matrix(columns: 3 * hiddenSize)[rows: rows],
                previous: previousState(atStep: step),
                parameters: parameters, recurrent: recurrent.matrix(columns: 3 * hiddenSize),
                candidate: candidate.matrix(columns: hiddenSize)[rows: rows],
                state: states.matrix(columns: hiddenSize)[rows: rows])
        }
        return states.matrix(columns: hiddenSize)
    }

    /// Back-propagation through time, to be called once after ``forward``, with the same input.
    ///
    /// `outputGradient` `[T·B, H]` → adds to `gradient` (flat, as the parameters lie) and, where it is given, to
    /// `inputGradient` `[T·B, D]`.
    func backward(
        outputGradient: MatrixView, input: MatrixView, parameters: UnsafePointer<Float>,
        gradient: UnsafeMutablePointer<Float>, inputGradient: MatrixView?
    ) {
        let hiddenSize = cell.hiddenSize
        let gates = gates.matrix(columns: 3 * hiddenSize)
        let candidate = candidate.matrix(columns: hiddenSize)
        let flowing = stateGradient.matrix(columns: hiddenSize)
        stateGradient.clear()
        for step in (0..<frameCount).reversed() {
            let rows = rows(ofFrame: frame(atStep: step))
            flowing.add(outputGradient[rows: rows])
            cell.stepBackward(
                gates: gates[rows: rows], previous: previousState(atStep: step), parameters: parameters,
                recurrent: recurrent.matrix(columns: 3 * hiddenSize), candidate: candidate[rows: rows],
                stateGradient: flowing)
        }

        // The gradients of all steps are in place: each weight matrix is now one product over all frames and clips.
        MatrixProduct.multiply(
            gates, transposingFirst: true, by: input,
            into: gradient.matrix(at: cell.inputWeights, rows: 3 * hiddenSize, columns: cell.inputSize),
            accumulating: true)
        gates.addColumnSums(to: gradient + cell.inputBias)
        gates[columns: 0..<2 * hiddenSize].addColumnSums(to: gradient + cell.recurrentBias)
        candidate.addColumnSums(to: gradient + cell.recurrentBias + 2 * hiddenSize)
        if frameCount > 1 {
            // The first step saw a zero state, which moves no recurrent weight: leave it out, so that the states
            // before the other steps are one block of `states`.
            let rowCount = (frameCount - 1) * batchSize
            let (later, earlier) =
                readsBackward
                ? (0..<rowCount, batchSize..<batchSize + rowCount)
                : (batchSize..<batchSize + rowCount, 0..<rowCount)
            let previous = states.matrix(columns: hiddenSize)[rows: earlier]
            let weights = gradient.matrix(
                at: cell.recurrentWeights, rows: 3 * hiddenSize, columns: hiddenSize)
            MatrixProduct.multiply(
                gates[rows: later][columns: 0..<2 * hiddenSize], transposingFirst: true, by: previous,
                into: weights[rows: 0..<2 * hiddenSize], accumulating: true)
            MatrixProduct.multiply(
                candidate[rows: later], transposingFirst: true, by: previous,
                into: weights[rows: 2 * hiddenSize..<3 * hiddenSize], accumulating: true)
        }
        if let inputGradient {
            MatrixProduct.multiply(
                gates,
                by: parameters.matrix(at: cell.inputWeights, rows: 3 * hiddenSize, columns: cell.inputSize),
                into: inputGradient, accumulating: true)
        }
    }
}
