internal import CVectorMath
import MynahBase

/// The gradient of a weight matrix `W` `[outputs, inputs]`: what flows back to its outputs, times what it read, summed over
/// frames and clips of a batch.
struct WeightGradientProduct: ~Copyable {
    /// Rows `N` that are best handed over at a time, while their values are still in the caches.
    static let rowsPerSum = Int(mynah_part_depth)

    /// Parts of both factors in panels, of values or of pairs.
    private var panels = FloatBuffer(count: 0)
    private var pairs = NumberBuffer<mynah_pair>(count: 0)

    /// Adds `outputGradient`ᵀ `[N, outputs]` times `input` `[N, inputs]` to `gradient` `[outputs, inputs]`.
    mutating func add(
        _ outputGradient: MatrixView, _ input: MatrixView, to gradient: MatrixView,
        precision: ProductPrecision = .float32
    ) {
        precondition(
            outputGradient.rows == input.rows && outputGradient.columns == gradient.rows
                && input.columns == gradient.columns,
            "gradient \(gradient.shape) of \(outputGradient.shape)ᵀ and \(input.shape)")
        switch precision {
        case .float32:
            panels.ensure(count: mynah_scratch_count(gradient.rows, gradient.columns))
            mynah_multiply_transposed(
                gradient.rows, gradient.columns, input.rows, outputGradient.base, outputGradient.stride,
                input.base, input.stride, gradient.base, gradient.stride, panels.base)
        case .bfloat16:
            pairs.ensure(count: mynah_pair_scratch_count(gradient.rows, gradient.columns))
            mynah_multiply_pairs_transposed(
                gradient.rows, gradient.columns, input.rows, outputGradient.base, outputGradient.stride,
                input.base, input.stride, gradient.base, gradient.stride, pairs.base)
        }
    }
}
