internal import CVectorMath

/// Batch normalization of channels (Ioffe and Szegedy, arXiv 1502.03167), and the rectifier behind it.
///
/// In training each channel is brought to mean 0 and variance 1 over the batch; the means and variances go into the
/// gradient, where the trainer follows them (``ParameterLayout/Role/statistic``). In recognition those take their place.
final class BatchNormalization {
    /// Keeps the factor finite where a channel does not vary.
    static let epsilon: Float = 1e-5

    private let scale: ParameterLayout.Entry
    private let bias: ParameterLayout.Entry
    private let mean: ParameterLayout.Entry
    private let variance: ParameterLayout.Entry
    private let channels: Int

    /// `[rows, channels]`: the normalized values, which the backward pass reads.
    private let normalized: FloatBuffer

    /// `[channels]` each: of the batch.
    private let batchMean: FloatBuffer
    private let batchVariance: FloatBuffer

    /// `[channels]` each: the affine map that is applied.
    private let factor: FloatBuffer
    private let offset: FloatBuffer

    init(part: ParameterLayout.Part, layout: ParameterLayout, channels: Int, rowCount: Int) {
        scale = layout[part, "scale"]
        bias = layout[part, "bias"]
        mean = layout[part, "mean"]
        variance = layout[part, "variance"]
        self.channels = channels
        normalized = FloatBuffer(count: rowCount * channels)
        batchMean = FloatBuffer(count: channels)
        batchVariance = FloatBuffer(count: channels)
        factor = FloatBuffer(count: channels)
        offset = FloatBuffer(count: channels)
    }

    /// Normalizes, scales, shifts and rectifies `values` `[rows, channels]` in place.
    func forward(_ values: MatrixView, _ weights: Weights, isTraining: Bool) {
        if isTraining {
            mynah_column_moments(values.base, values.rows, channels, batchMean.base, batchVariance.base)
            setAffine(
                mean: batchMean.base, variance: batchVariance.base, scale: nil, bias: nil)
            mynah_scale_shift(values.base, factor.base, offset.base, values.rows, channels, normalized.base)
            mynah_scale_shift_rectify(
                normalized.base, weights[scale], weights[bias], values.rows, channels, values.base)
        } else {
            setAffine(
                mean: weights[mean], variance: weights[variance], scale: weights[scale], bias: weights[bias])
            mynah_scale_shift_rectify(
                values.base, factor.base, offset.base, values.rows, channels, values.base)
        }
    }

    /// Backward of ``forward(_:_:isTraining:)`` in training: `flowing` `[rows, channels]` holds the gradient
    /// behind the normalization, and becomes that before it.
    func backward(
        _ flowing: MatrixView, _ weights: Weights, gradient: UnsafeMutablePointer<Float>, clipCount: Int
    ) {
        mynah_add_scaled(gradient + mean.range.lowerBound, Float(clipCount), batchMean.base, channels)
        mynah_add_scaled(gradient + variance.range.lowerBound, Float(clipCount), batchVariance.base, channels)
        let scaleGradient = factor.base
        let biasGradient = offset.base
        mynah_column_sums(flowing.base, normalized.base, flowing.rows, channels, biasGradient, scaleGradient)
        mynah_add(gradient + scale.range.lowerBound, scaleGradient, channels)
        mynah_add(gradient + bias.range.lowerBound, biasGradient, channels)
        mynah_batch_norm_backward(
            flowing.base, normalized.base, weights[scale], batchVariance.base, Self.epsilon, biasGradient,
            scaleGradient, flowing.rows, channels)
    }

    /// ``factor`` and ``offset`` of `scale · (x − mean) / √(variance + ε) + bias`.
    private func setAffine(
        mean: UnsafePointer<Float>, variance: UnsafePointer<Float>, scale: UnsafePointer<Float>?,
        bias: UnsafePointer<Float>?
    ) {
        for channel in 0..<channels {
            let gain = (scale?[channel] ?? 1) / (variance[channel] + Self.epsilon).squareRoot()
            factor.base[channel] = gain
            offset.base[channel] = (bias?[channel] ?? 0) - gain * mean[channel]
        }
    }
}
