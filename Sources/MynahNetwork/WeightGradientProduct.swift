internal import CVectorMath

/// The gradient of a weight matrix `W` `[outputs, inputs]`: what flows back to its outputs, times what it read, summed over
/// all frames and clips of a batch.
struct WeightGradientProduct: ~Copyable {
    private let precision: ProductPrecision

    /// Parts of both factors in panels of pairs.
    private var scratch = NumberBuffer<mynah_pair>(count: 0)

    init(precision: ProductPrecision) {
        self.precision = precision
    }

    /// Rows `N` that are best handed over at a time; nil if all should be.
    var rowsPerSum: Int? {
        switch precision {
        case .float32: nil
        case .bfloat16: Int(mynah_pair_part_depth)
        }
    }

    /// Adds `outputGradient`ᵀ `[N, outputs]` times `input` `[N, inputs]` to `gradient` `[outputs, inputs]`.
    mutating func add(_ outputGradient: MatrixView, _ input: MatrixView, to gradient: MatrixView) {
        switch precision {
        case .float32:
            MatrixProduct.multiply(
                outputGradient, transposingFirst: true, by: input, into: gradient, accumulating: true)
        case .bfloat16:
            precondition(
                outputGradient.rows == input.rows && outputGradient.columns == gradient.rows
                    && input.columns == gradient.columns,
                "gradient \(gradient.shape) of \(outputGradient.shape)ᵀ and \(input.shape)")
            scratch.ensure(count: mynah_pair_scratch_count(gradient.rows, gradient.columns))
            mynah_multiply_pairs_transposed(
                gradient.rows, gradient.columns, input.rows, outputGradient.base, outputGradient.stride,
                input.base, input.stride, gradient.base, gradient.stride, scratch.base)
        }
    }
}
