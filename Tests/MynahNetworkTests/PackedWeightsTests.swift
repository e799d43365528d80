import MynahBase
import MynahTestSupport
import Testing

@testable import MynahNetwork

/// Products by packed weights, against sums in double precision.
@Suite struct PackedWeightsTests {
    /// Sizes around the height of a block, the width of a panel and the depth of a part.
    @Test(
        arguments: [
            (rows: 1, inputs: 5, outputs: 3), (2, 1, 16), (5, 17, 15), (6, 16, 17), (7, 40, 33), (8, 3, 1),
            (13, 385, 31), (23, 129, 48), (98, 20, 36), (200, 800, 20),
        ], ProductPrecision.available)
    func theyAreTheProductsOfTheDefinition(
        _ shape: (rows: Int, inputs: Int, outputs: Int), _ precision: ProductPrecision
    ) {
        let (rows, inputs, outputs) = shape
        // A single row is multiplied by the weights as they lie.
        let rounding = rows > 1 ? precision : .float32
        var layout = ParameterLayout()
        layout.append("before", 3, role: .bias)
        layout.append("weights", outputs, inputs, role: .weight)
        let parameters = values(seed: 1, count: layout.parameterCount)
        let weights = PackedWeights(layout["weights"], rowCount: rows, precision: precision)
        // Rows that lie further apart than they are long, and values that a product must not touch.
        let (stride, sentinel) = (7, Float(99))
        let input = values(seed: 2, count: rows * (inputs + stride))
        let output = values(seed: 3, count: rows * (outputs + stride))
        for accumulating in [false, true] {
            let forward = product(
                input, inputs, output, outputs, rows: rows, stride: stride, sentinel: sentinel,
                accumulating: accumulating, rounding: rounding
            ) { input, output in
                parameters.withUnsafeBufferPointer { parameters in
                    guard let base = parameters.baseAddress else { return }
                    weights.prepareForward(base)
                    weights.forward(input, parameters: base, into: output, accumulating: accumulating)
                }
            } weight: { input, output in
                parameters[3 + output * inputs + input]
            }
            expectClose(forward.actual, forward.expected, tolerance: 1e-4, "forward")
            let backward = product(
                output, outputs, input, inputs, rows: rows, stride: stride, sentinel: sentinel,
                accumulating: accumulating, rounding: rounding
            ) { gradient, inputGradient in
                parameters.withUnsafeBufferPointer { parameters in
                    guard let base = parameters.baseAddress else { return }
                    weights.prepareBackward(base)
                    weights.backward(
                        gradient, parameters: base, into: inputGradient, accumulating: accumulating)
                }
            } weight: { output, input in
                parameters[3 + output * inputs + input]
            }
            expectClose(backward.actual, backward.expected, tolerance: 1e-4, "backward")
        }
    }

    /// All values of the result, the sentinels between its rows included, and what they should be.
    private func product(
        _ a: [Float], _ depth: Int, _ before: [Float], _ columns: Int, rows: Int, stride: Int,
        sentinel: Float,
        accumulating: Bool, rounding: ProductPrecision, _ multiply: (MatrixView, MatrixView) -> Void,
        weight: (Int, Int) -> Float
    ) -> (actual: [Float], expected: [Float]) {
        var (actual, expected, a) = (before, before, a)
        for row in 0..<rows {
            for column in 0..<columns + stride {
                let place = row * (columns + stride) + column
                guard column < columns else {
                    actual[place] = sentinel
                    expected[place] = sentinel
                    continue
                }
                var sum = accumulating ? Double(before[place]) : 0
                for index in 0..<depth {
                    sum +=
                        Double(rounding.rounded(a[row * (depth + stride) + index]))
                        * Double(rounding.rounded(weight(index, column)))
                }
                expected[place] = Float(sum)
            }
        }
        a.withUnsafeMutableBufferPointer { a in
            actual.withUnsafeMutableBufferPointer { actual in
                guard let a = a.baseAddress, let result = actual.baseAddress else { return }
                multiply(
                    MatrixView(base: a, rows: rows, columns: depth, stride: depth + stride),
                    MatrixView(base: result, rows: rows, columns: columns, stride: columns + stride))
            }
        }
        return (actual, expected)
    }

    private func values(seed: UInt64, count: Int) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in 2 * generator.uniform() - 1 }
    }
}
