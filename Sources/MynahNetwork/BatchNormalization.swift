internal import CVectorMath
import MynahBase

/// Batch normalization of channels (Ioffe and Szegedy, arXiv 1502.03167), and the rectifier behind it.
///
/// In training each channel is brought to mean 0 and variance 1 over the batch; the means and variances go into the
/// gradient, where the trainer follows them (``ParameterLayout/Role/statistic``). In recognition those take their place.
package final class BatchNormalization {
    /// Keeps the factor finite where a channel does not vary.
    static let epsilon: Float = 1e-5

    /// What values of this variance are divided by.
    package static func deviation(variance: Float) -> Float { (variance + epsilon).squareRoot() }

    private let scale: ParameterLayout.Entry
    private let bias: ParameterLayout.Entry
    private let mean: ParameterLayout.Entry
    private let variance: ParameterLayout.Entry
    private let channels: Int

    /// Rows of one clip at one step: its places among the bands.
    private let rowsPerStep: Int

    /// `[rows, channels]`: the normalized values, which the backward pass reads.
    private let normalized: FloatBuffer

    /// `[channels]` each: of the batch.
    private let batchMean: FloatBuffer
    private let batchVariance: FloatBuffer

    /// `[B]`, the steps of each clip in the last forward pass in training, where some are shorter than the batch: what lies
    /// behind them is not counted.
    private var stepCounts: [Int]?

    /// `[channels]` each: the affine map that is applied.
    private let factor: FloatBuffer
    private let offset: FloatBuffer

    init(
        part: ParameterLayout.Part, layout: ParameterLayout, channels: Int, rowCount: Int, rowsPerStep: Int
    ) {
        scale = layout[part, "scale"]
        bias = layout[part, "bias"]
        mean = layout[part, "mean"]
        variance = layout[part, "variance"]
        self.channels = channels
        self.rowsPerStep = rowsPerStep
        normalized = FloatBuffer(count: rowCount * channels)
        batchMean = FloatBuffer(count: channels)
        batchVariance = FloatBuffer(count: channels)
        factor = FloatBuffer(count: channels)
        offset = FloatBuffer(count: channels)
    }

    /// Normalizes, scales, shifts and rectifies `values` `[rows, channels]` in place.
    ///
    /// - Parameter stepCounts: `[B]`, the steps that belong to each clip; nil where all do.
    func forward(_ values: MatrixView, _ weights: Weights, isTraining: Bool, stepCounts: [Int]? = nil) {
        if isTraining {
            self.stepCounts = stepCounts
            if let stepCounts {
                setMoments(of: values, stepCounts: stepCounts)
            } else {
                mynah_column_moments(values.base, values.rows, channels, batchMean.base, batchVariance.base)
            }
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

    /// Backward of ``forward(_:_:isTraining:stepCounts:)`` in training: `flowing` `[rows, channels]` holds the gradient
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
        if let stepCounts {
            // The kernel takes the means of these sums over all rows; they are those over the rows that count.
            let factor = Float(flowing.rows) / Float(max(1, stepCounts.reduce(0, +) * rowsPerStep))
            mynah_scale(biasGradient, factor, channels)
            mynah_scale(scaleGradient, factor, channels)
        }
        mynah_batch_norm_backward(
            flowing.base, normalized.base, weights[scale], batchVariance.base, Self.epsilon, biasGradient,
            scaleGradient, flowing.rows, channels)
        guard let stepCounts else { return }
        forEachBlock(of: flowing, stepCounts: stepCounts) { block, counts in
            if !counts { block.clear() }
        }
    }

    /// Calls `body` for each clip at each step, and says whether that belongs to the clip.
    private func forEachBlock(
        of values: MatrixView, stepCounts: [Int], _ body: (_ block: MatrixView, _ counts: Bool) -> Void
    ) {
        for block in 0..<values.rows / rowsPerStep {
            let (step, clip) = block.quotientAndRemainder(dividingBy: stepCounts.count)
            body(
                values[rows: block * rowsPerStep..<(block + 1) * rowsPerStep], step < stepCounts[clip])
        }
    }

    /// Means and variances of the rows that belong to the clips, from those of each clip at each step.
    private func setMoments(of values: MatrixView, stepCounts: [Int]) {
        var sums = [Double](repeating: 0, count: channels)
        var squares = sums
        var count = 0.0
        forEachBlock(of: values, stepCounts: stepCounts) { block, counts in
            guard counts else { return }
            mynah_column_moments(block.base, block.rows, channels, batchMean.base, batchVariance.base)
            for channel in 0..<channels {
                let mean = Double(batchMean.base[channel])
                sums[channel] += mean
                squares[channel] += Double(batchVariance.base[channel]) + mean * mean
            }
            count += 1
        }
        for channel in 0..<channels {
            let mean = sums[channel] / max(1, count)
            batchMean.base[channel] = Float(mean)
            batchVariance.base[channel] = Float(max(0, squares[channel] / max(1, count) - mean * mean))
        }
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
