internal import CVectorMath

/// A weight matrix `W` `[outputs, inputs]`, laid out for the products of a batch.
///
/// A batch multiplies by the same weights at each of its steps. OpenBLAS lays out both factors anew at every call, which
/// takes a third of the time of products as small as those of a step; here it happens once a batch, and
/// `mynah_multiply_packed` reads the other factor where it lies. Products of a single row, as streams have them, are bound
/// by memory, and read the weights where they lie.
struct PackedWeights: ~Copyable {
    private let entry: ParameterLayout.Entry
    private let isPacked: Bool

    /// `Wᵀ` and `W`, in panels.
    private let transpose: FloatBuffer
    private let panels: FloatBuffer

    /// Makes room for the weights of an entry, unless all products have a single row.
    init(_ entry: ParameterLayout.Entry, rowCount: Int) {
        self.entry = entry
        isPacked = rowCount > 1
        transpose = FloatBuffer(count: isPacked ? mynah_packed_count(entry.inputs, entry.outputs) : 0)
        panels = FloatBuffer(count: isPacked ? mynah_packed_count(entry.outputs, entry.inputs) : 0)
    }

    /// Takes the weights for ``forward(_:parameters:into:accumulating:)``.
    func prepareForward(_ parameters: UnsafePointer<Float>) {
        guard isPacked else { return }
        mynah_pack_transposed(
            parameters + entry.range.lowerBound, entry.inputs, entry.inputs, entry.outputs, transpose.base)
    }

    /// `output` `[N, outputs]` becomes, or grows by where `accumulating`, `input` `[N, inputs]` times `Wᵀ`.
    func forward(
        _ input: MatrixView, parameters: UnsafePointer<Float>, into output: MatrixView,
        accumulating: Bool = false
    ) {
        guard isPacked else {
            MatrixProduct.multiply(
                input, by: parameters.matrix(entry), transposingSecond: true, into: output,
                accumulating: accumulating)
            return
        }
        checkShapes(output, input)
        mynah_multiply_packed(
            input.rows, entry.outputs, entry.inputs, input.base, input.stride, transpose.base, output.base,
            output.stride, accumulating ? 1 : 0)
    }

    /// Takes the weights for ``backward(_:parameters:into:accumulating:)``.
    func prepareBackward(_ parameters: UnsafePointer<Float>) {
        guard isPacked else { return }
        mynah_pack(
            parameters + entry.range.lowerBound, entry.inputs, entry.outputs, entry.inputs, panels.base)
    }

    /// `inputGradient` `[N, inputs]` becomes, or grows by where `accumulating`, `outputGradient` `[N, outputs]` times `W`.
    func backward(
        _ outputGradient: MatrixView, parameters: UnsafePointer<Float>, into inputGradient: MatrixView,
        accumulating: Bool = false
    ) {
        guard isPacked else {
            MatrixProduct.multiply(
                outputGradient, by: parameters.matrix(entry), into: inputGradient, accumulating: accumulating)
            return
        }
        checkShapes(outputGradient, inputGradient)
        mynah_multiply_packed(
            outputGradient.rows, entry.inputs, entry.outputs, outputGradient.base, outputGradient.stride,
            panels.base, inputGradient.base, inputGradient.stride, accumulating ? 1 : 0)
    }

    private func checkShapes(_ output: MatrixView, _ input: MatrixView) {
        precondition(
            input.rows == output.rows && output.columns == entry.outputs && input.columns == entry.inputs,
            "weights [\(entry.outputs), \(entry.inputs)] between \(input.shape) and \(output.shape)")
    }
}

extension ParameterLayout.Entry {
    fileprivate var outputs: Int { shape[0] }
    fileprivate var inputs: Int { shape.dropFirst().reduce(1, *) }
}
