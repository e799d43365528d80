import MynahBase

/// The product of each step with the matrix of an ``InverseCosineDescription``.
final class InverseCosineLayer: SequenceLayer {
    private let matrix: WeightMatrix
    private let bandCount: Int
    private var gradientProduct = WeightGradientProduct()

    /// `[T·B, bands]`.
    private let outputValues: FloatBuffer
    private var gradientValues = FloatBuffer(count: 0)

    init(_ description: InverseCosineDescription, _ place: LayerPlace) {
        matrix = WeightMatrix(place.layout[place.part, "weights"])
        bandCount = description.bandCount
        outputValues = FloatBuffer(count: place.stepCount * place.batchSize * description.bandCount)
    }

    var output: MatrixView { outputValues.matrix(columns: bandCount) }
    var outputGradient: MatrixView { gradientValues.matrix(columns: bandCount) }
    var state: [MatrixView] { [] }

    /// `input` `[T·B, coefficients]` → ``output``.
    func forward(_ input: MatrixView, _ weights: Weights, context: inout PassContext) {
        matrix.forward(input, weights, into: output)
    }

    func beginBackward() {
        gradientValues.ensure(count: outputValues.count)
        gradientValues.clear()
    }

    func backward(
        _ input: MatrixView, _ weights: Weights, gradient: UnsafeMutablePointer<Float>,
        inputGradient: MatrixView?
    ) {
        for start in stride(from: 0, to: input.rows, by: WeightGradientProduct.rowsPerSum) {
            let rows = start..<min(input.rows, start + WeightGradientProduct.rowsPerSum)
            gradientProduct.add(
                outputGradient[rows: rows], input[rows: rows], to: gradient.matrix(matrix.entry))
        }
        guard let inputGradient else { return }
        matrix.backward(outputGradient, weights, into: inputGradient, accumulating: true)
    }
}
