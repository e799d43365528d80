internal import CVectorMath

/// The attention of a read-out: how much each frame weighs, for each head (Lin et al., arXiv 1703.03130).
///
/// `softmax(W₂ tanh(W₁ h))` over the frames; here before the softmax, which depends on the frames that are read.
final class FrameWeights {
    /// `[size, R]`.
    private let keys: WeightMatrix

    /// `[heads, size]`.
    private let queries: WeightMatrix

    private var gradientProduct = WeightGradientProduct()

    init(layout: ParameterLayout) {
        keys = WeightMatrix(layout[.readOut, "keys"])
        queries = WeightMatrix(layout[.readOut, "queries"])
    }

    /// Values of the hidden layer per frame.
    var size: Int { keys.entry.outputs }

    /// `states` `[N, R]` → `hidden` `[N, size]`, which the backward pass reads, and `scores` `[N, heads]`.
    func forward(_ states: MatrixView, _ weights: Weights, hidden: MatrixView, scores: MatrixView) {
        keys.forward(states, weights, into: hidden)
        mynah_hyperbolic_tangents(hidden.rows * hidden.columns, hidden.base)
        queries.forward(hidden, weights, into: scores)
    }

    /// Backward: gradient of the scores → adds to `gradient` and to `stateGradient` `[N, R]`; `hidden` becomes scratch,
    /// as `hiddenGradient` `[N, size]` does.
    func backward(
        _ states: MatrixView, _ weights: Weights, scoreGradient: MatrixView, hidden: MatrixView,
        hiddenGradient: MatrixView, gradient: UnsafeMutablePointer<Float>, stateGradient: MatrixView
    ) {
        gradientProduct.add(scoreGradient, hidden, to: gradient.matrix(queries.entry))
        queries.backward(scoreGradient, weights, into: hiddenGradient)
        mynah_tanh_backward(hiddenGradient.base, hidden.base, hidden.rows * hidden.columns)
        gradientProduct.add(
            hiddenGradient, states, to: gradient.matrix(keys.entry), precision: weights.precision)
        keys.backward(hiddenGradient, weights, into: stateGradient, accumulating: true)
    }
}
