internal import CVectorMath
import MynahBase

/// The table of vectors of a batch, with dropout behind it.
final class EmbeddingLayer: SequenceLayer {
    private let description: EmbeddingDescription
    private let vectors: ParameterLayout.Entry
    private let dropout: Dropout

    /// `[T·B, size]`.
    private let outputValues: FloatBuffer
    private var gradientValues = FloatBuffer(count: 0)

    init(_ description: EmbeddingDescription, _ place: LayerPlace) {
        self.description = description
        vectors = place.layout[place.part, "vectors"]
        dropout = Dropout(
            rate: place.dropout.layers, batchSize: place.batchSize, featureCount: description.size)
        outputValues = FloatBuffer(count: place.stepCount * place.batchSize * description.size)
    }

    var output: MatrixView { outputValues.matrix(columns: description.size) }
    var outputGradient: MatrixView { gradientValues.matrix(columns: description.size) }
    var state: [MatrixView] { [] }

    /// Calls `body` with each row of the table that a step names, and what the step's sum is multiplied by.
    private func forEachRow(of step: UnsafePointer<Float>, _ count: Int, _ body: (Int, Float) -> Void) {
        var named = 0
        for place in 0..<count where step[place] >= 0 { named += 1 }
        guard named > 0 else { return }
        let share = 1 / Float(named).squareRoot()
        for place in 0..<count where step[place] >= 0 {
            let row = Int(step[place])
            precondition(
                row < description.rows && Float(row) == step[place],
                "row \(step[place]) of a table of \(description.rows)")
            body(row, share)
        }
    }

    /// `input` `[T·B, K]`, rows of the table → ``output``.
    func forward(_ input: MatrixView, _ weights: Weights, context: inout PassContext) {
        let size = description.size
        let table = weights[vectors]
        let output = output
        output.clear()
        for step in 0..<output.rows {
            let sum = output.base + step * size
            forEachRow(of: input.base + step * input.stride, input.columns) { row, share in
                mynah_add_scaled(sum, share, table + row * size, size)
            }
        }
        dropout.draw(using: &context.generator)
        dropout.apply(to: output)
    }

    func beginBackward() {
        gradientValues.ensure(count: outputValues.count)
        gradientValues.clear()
    }

    /// Adds to the rows that were named, and to no others; numbers of rows have no gradient.
    func backward(
        _ input: MatrixView, _ weights: Weights, gradient: UnsafeMutablePointer<Float>,
        inputGradient: MatrixView?
    ) {
        let size = description.size
        let table = gradient + vectors.range.lowerBound
        dropout.apply(to: outputGradient)
        for step in 0..<outputGradient.rows {
            let flowing = outputGradient.base + step * size
            forEachRow(of: input.base + step * input.stride, input.columns) { row, share in
                mynah_add_scaled(table + row * size, share, flowing, size)
            }
        }
    }
}
