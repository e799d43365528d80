internal import CVectorMath

/// A weight matrix `W` `[outputs, inputs]`, laid out for the products of a batch.
///
/// A batch multiplies by the same weights at each of its steps. OpenBLAS lays out both factors anew at every call, which
/// takes a third of the time of products as small as those of a step; here it happens once a batch, and
/// `mynah_multiply_packed` reads the other factor where it lies. Products of a single row, as streams have them, are bound
/// by memory, and read the weights where they lie.
struct PackedWeights: ~Copyable {
    private let entry: ParameterLayout.Entry
    private let layout: Layout

    /// `Wᵀ` and `W`, in panels.
    private let transpose: FloatBuffer
    private let panels: FloatBuffer

    /// The same in panels of pairs, of which there are either these or those.
    private let transposePairs: NumberBuffer<mynah_pair>
    private let panelPairs: NumberBuffer<mynah_pair>

    private enum Layout {
        case asItIs, panels, pairs
    }

    /// Makes room for the weights of an entry, unless all products have a single row, which are made in `float32`.
    init(_ entry: ParameterLayout.Entry, rowCount: Int, precision: ProductPrecision = .float32) {
        self.entry = entry
        switch precision {
        case _ where rowCount <= 1: layout = .asItIs
        case .float32: layout = .panels
        case .bfloat16: layout = .pairs
        }
        let isPanels = layout == .panels
        transpose = FloatBuffer(count: isPanels ? mynah_packed_count(entry.inputs, entry.outputs) : 0)
        panels = FloatBuffer(count: isPanels ? mynah_packed_count(entry.outputs, entry.inputs) : 0)
        let isPairs = layout == .pairs
        transposePairs = NumberBuffer(
            count: isPairs ? mynah_packed_pair_count(entry.inputs, entry.outputs) : 0)
        panelPairs = NumberBuffer(count: isPairs ? mynah_packed_pair_count(entry.outputs, entry.inputs) : 0)
    }

    /// Takes the weights for ``forward(_:parameters:into:accumulating:)``.
    func prepareForward(_ parameters: UnsafePointer<Float>) {
        let weights = parameters + entry.range.lowerBound
        switch layout {
        case .asItIs: break
        case .panels:
            mynah_pack_transposed(weights, entry.inputs, entry.inputs, entry.outputs, transpose.base)
        case .pairs:
            mynah_pack_pairs_transposed(
                weights, entry.inputs, entry.inputs, entry.outputs, transposePairs.base)
        }
    }

    /// `output` `[N, outputs]` becomes, or grows by where `accumulating`, `input` `[N, inputs]` times `Wᵀ`.
    func forward(
        _ input: MatrixView, parameters: UnsafePointer<Float>, into output: MatrixView,
        accumulating: Bool = false
    ) {
        checkShapes(output, input)
        switch layout {
        case .asItIs:
            MatrixProduct.multiply(
                input, by: parameters.matrix(entry), transposingSecond: true, into: output,
                accumulating: accumulating)
        case .panels:
            mynah_multiply_packed(
                input.rows, entry.outputs, entry.inputs, input.base, input.stride, transpose.base,
                output.base, output.stride, accumulating ? 1 : 0)
        case .pairs:
            mynah_multiply_pairs(
                input.rows, entry.outputs, entry.inputs, input.base, input.stride, transposePairs.base,
                output.base, output.stride, accumulating ? 1 : 0)
        }
    }

    /// Takes the weights for ``backward(_:parameters:into:accumulating:)``.
    func prepareBackward(_ parameters: UnsafePointer<Float>) {
        let weights = parameters + entry.range.lowerBound
        switch layout {
        case .asItIs: break
        case .panels: mynah_pack(weights, entry.inputs, entry.outputs, entry.inputs, panels.base)
        case .pairs: mynah_pack_pairs(weights, entry.inputs, entry.outputs, entry.inputs, panelPairs.base)
        }
    }

    /// `inputGradient` `[N, inputs]` becomes, or grows by where `accumulating`, `outputGradient` `[N, outputs]` times `W`.
    func backward(
        _ outputGradient: MatrixView, parameters: UnsafePointer<Float>, into inputGradient: MatrixView,
        accumulating: Bool = false
    ) {
        checkShapes(outputGradient, inputGradient)
        switch layout {
        case .asItIs:
            MatrixProduct.multiply(
                outputGradient, by: parameters.matrix(entry), into: inputGradient, accumulating: accumulating)
        case .panels:
            mynah_multiply_packed(
                outputGradient.rows, entry.inputs, entry.outputs, outputGradient.base, outputGradient.stride,
                panels.base, inputGradient.base, inputGradient.stride, accumulating ? 1 : 0)
        case .pairs:
            mynah_multiply_pairs(
                outputGradient.rows, entry.inputs, entry.outputs, outputGradient.base, outputGradient.stride,
                panelPairs.base, inputGradient.base, inputGradient.stride, accumulating ? 1 : 0)
        }
    }

    private func checkShapes(_ output: MatrixView, _ input: MatrixView) {
        precondition(
            input.rows == output.rows && input.columns == entry.inputs && output.columns == entry.outputs,
            "weights [\(entry.outputs), \(entry.inputs)] between \(input.shape) and \(output.shape)")
    }
}

extension ParameterLayout.Entry {
    fileprivate var outputs: Int { shape[0] }
    fileprivate var inputs: Int { shape.dropFirst().reduce(1, *) }
}
