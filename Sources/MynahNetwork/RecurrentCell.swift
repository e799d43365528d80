internal import CVectorMath

/// One step of a recurrent layer, apart from its matrix products, and where its weights lie.
///
/// With `W` for input weights, `U` for recurrent weights and `⊙` for the element-wise product:
///
///     Elman   h′ = tanh(W x + U h + b)
///
///     LSTM    i, f, o = σ(W x + U h + b)    g = tanh(W x + U h + b)
///             c′ = f ⊙ c + i ⊙ g            h′ = o ⊙ tanh(c′)
///
///     GRU     r, z = σ(W x + b + U h + b′)  n = tanh(W x + b + r ⊙ (U h + b′))
///             h′ = (1 − z) ⊙ n + z ⊙ h
///
///     minGRU  z = σ(W x + b)                n = W x + b
///             h′ = (1 − z) ⊙ h + z ⊙ n
///
/// The GRU's reset gate acts after the recurrent product, as in cuDNN and PyTorch, so that all three recurrent products
/// are one; in the other convention, of the first version of the paper, it acts before: `n = tanh(W x + U (r ⊙ h) + b)`.
struct RecurrentCell {
    /// The recurrence.
    let kind: Cell

    /// Units, `H`.
    let hiddenSize: Int

    /// `[G·H, D]`.
    let inputWeights: WeightMatrix

    /// `[G·H, H]`; nil where no gate reads the state.
    let recurrentWeights: WeightMatrix?

    /// `[G·H]`.
    let bias: ParameterLayout.Entry

    /// `[G·H]`, of a GRU's recurrent products.
    let recurrentBias: ParameterLayout.Entry?

    /// The cell of a direction of a layer.
    init(
        _ layer: RecurrentDescription, part: ParameterLayout.Part, direction: String, layout: ParameterLayout
    ) {
        func entry(_ name: String) -> ParameterLayout.Entry { layout[part, "\(direction).\(name)"] }
        kind = layer.cell
        hiddenSize = layer.hiddenSize
        inputWeights = WeightMatrix(entry("inputWeights"))
        recurrentWeights = kind.readsState ? WeightMatrix(entry("recurrentWeights")) : nil
        bias = entry(kind == .gru ? "inputBias" : "bias")
        recurrentBias = kind == .gru ? entry("recurrentBias") : nil
    }

    /// Products per step and clip, `G·H`.
    var gateSize: Int { kind.gateCount * hiddenSize }

    /// Values per unit that a step leaves beside the state: an LSTM's cell state, a GRU's recurrent product of n.
    var keepsMemory: Bool { kind == .lstm || kind == .gru }

    /// Whether that goes on to the next step, as an LSTM's cell state does.
    var carriesMemory: Bool { kind.statesPerUnit > 1 }

    /// What one step of `B` clips reads and writes.
    struct Step {
        /// `[B, G·H]`: products of the input; become what the backward pass reads, and there the gradients.
        let gates: MatrixView

        /// `[B, G·H]`: products of the previous state; in the backward pass their gradients.
        let recurrent: MatrixView

        /// `[B, H]`.
        let previous: MatrixView
        let state: MatrixView

        /// `[B, H]`, where the cell keeps memory.
        let previousMemory: MatrixView?
        let memory: MatrixView?
    }

    /// The new state of a step.
    func forward(_ step: Step, _ weights: Weights) {
        let (batch, bias) = (step.state.rows, weights[bias])
        switch kind {
        case .elman:
            mynah_elman_forward(
                batch, hiddenSize, step.gates.base, step.recurrent.base, bias, step.state.base)
        case .lstm:
            guard let memory = step.memory, let previousMemory = step.previousMemory else { return }
            mynah_lstm_forward(
                batch, hiddenSize, step.gates.base, step.recurrent.base, bias, previousMemory.base,
                memory.base, step.state.base)
        case .gru:
            guard let memory = step.memory, let recurrentBias else { return }
            mynah_gru_forward(
                batch, hiddenSize, step.gates.base, step.recurrent.base, bias,
                weights[recurrentBias], step.previous.base, memory.base, step.state.base)
        case .minGRU:
            mynah_mingru_forward(
                batch, hiddenSize, step.gates.base, bias, step.previous.base, step.state.base)
        }
    }

    /// Backward of ``forward(_:_:)``.
    ///
    /// - Parameters:
    ///   - stateGradient: `[B, H]`, holds the gradient of the new state and becomes that part of the previous state's
    ///     gradient that does not pass through the recurrent products.
    ///   - memoryGradient: `[B, H]`, an LSTM's gradient of the new cell state, becomes that of the previous one.
    ///   - biasGradient: `[4·H]`, sums over all steps, which ``addBiasGradient(_:to:)`` takes apart.
    func backward(
        _ step: Step, stateGradient: MatrixView, memoryGradient: MatrixView,
        biasGradient: UnsafeMutablePointer<Float>
    ) {
        let batch = step.gates.rows
        switch kind {
        case .elman:
            mynah_elman_backward(batch, hiddenSize, step.gates.base, stateGradient.base, biasGradient)
            stateGradient.clear()
        case .lstm:
            guard let memory = step.memory, let previousMemory = step.previousMemory else { return }
            mynah_lstm_backward(
                batch, hiddenSize, step.gates.base, previousMemory.base, memory.base, stateGradient.base,
                memoryGradient.base, biasGradient)
            stateGradient.clear()
        case .gru:
            guard let memory = step.memory else { return }
            mynah_gru_backward(
                batch, hiddenSize, step.gates.base, memory.base, step.previous.base, step.recurrent.base,
                stateGradient.base, biasGradient)
        case .minGRU:
            mynah_mingru_backward(
                batch, hiddenSize, step.gates.base, step.previous.base, stateGradient.base, biasGradient)
        }
    }

    /// Gradient of the recurrent products of a step, `[B, G·H]`, after its backward pass.
    func recurrentGradient(_ step: Step) -> MatrixView { kind == .gru ? step.recurrent : step.gates }

    /// Gates whose gradients are also those of their recurrent products; for the other ones, of a GRU, the memory holds
    /// them.
    var sharedGateSize: Int { kind == .gru ? 2 * hiddenSize : gateSize }

    /// Adds the sums of ``backward(_:stateGradient:memoryGradient:biasGradient:)`` to the flat gradient.
    func addBiasGradient(_ sums: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>) {
        mynah_add(gradient + bias.range.lowerBound, sums, gateSize)
        guard let recurrentBias else { return }
        let target = gradient + recurrentBias.range.lowerBound
        mynah_add(target, sums, 2 * hiddenSize)
        mynah_add(target + 2 * hiddenSize, sums + 3 * hiddenSize, hiddenSize)
    }
}
