internal import CVectorMath

/// The attention of a read-out: how much each frame weighs, for each head (Lin et al., arXiv 1703.03130).
///
/// `softmax(W₂ tanh(W₁ h))` over the frames; here before the softmax, which depends on the frames that are read.
final class FrameWeights {
    /// `[size, R]`.
    private let keys: ParameterLayout.Entry

    /// `[heads, size]`.
    private let queries: ParameterLayout.Entry

    private let packedKeys: PackedWeights
    private var gradientProduct: WeightGradientProduct

    /// - Parameter rowCount: states that are read at once, `N`.
    init(layout: ParameterLayout, rowCount: Int, precision: ProductPrecision = .float32) {
        keys = layout["readOut.keys"]
        queries = layout["readOut.queries"]
        packedKeys = PackedWeights(keys, rowCount: rowCount, precision: precision)
        gradientProduct = WeightGradientProduct(precision: precision)
    }

    /// Values of the hidden layer per frame.
    var size: Int { keys.shape[0] }

    /// `states` `[N, R]` → `hidden` `[N, size]`, which the backward pass reads, and `scores` `[N, heads]`.
    func forward(
        _ states: MatrixView, parameters: UnsafePointer<Float>, hidden: MatrixView, scores: MatrixView
    ) {
        packedKeys.prepareForward(parameters)
        packedKeys.forward(states, parameters: parameters, into: hidden)
        mynah_hyperbolic_tangents(hidden.rows * hidden.columns, hidden.base)
        MatrixProduct.multiply(hidden, by: parameters.matrix(queries), transposingSecond: true, into: scores)
    }

    /// Backward: gradient of the scores → adds to `gradient` and to `stateGradient` `[N, R]`; `hidden` becomes scratch,
    /// as `hiddenGradient` `[N, size]` does.
    func backward(
        _ states: MatrixView, parameters: UnsafePointer<Float>, scoreGradient: MatrixView, hidden: MatrixView,
        hiddenGradient: MatrixView, gradient: UnsafeMutablePointer<Float>, stateGradient: MatrixView
    ) {
        MatrixProduct.multiply(
            scoreGradient, transposingFirst: true, by: hidden, into: gradient.matrix(queries),
            accumulating: true)
        MatrixProduct.multiply(scoreGradient, by: parameters.matrix(queries), into: hiddenGradient)
        mynah_tanh_backward(hiddenGradient.base, hidden.base, hidden.rows * hidden.columns)
        gradientProduct.add(hiddenGradient, states, to: gradient.matrix(keys))
        packedKeys.prepareBackward(parameters)
        packedKeys.backward(hiddenGradient, parameters: parameters, into: stateGradient, accumulating: true)
    }
}
