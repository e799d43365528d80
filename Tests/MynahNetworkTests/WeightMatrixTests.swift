import MynahBase
import MynahTestSupport
import Testing

@testable import MynahNetwork

/// Products by weight matrices, against sums in double precision.
@Suite struct WeightMatrixTests {
    /// Sizes around the height of a block, the width of a panel and the depth of a part.
    @Test(
        arguments: [
            (rows: 1, inputs: 5, outputs: 3), (2, 1, 16), (5, 17, 15), (6, 16, 17), (7, 40, 33), (8, 3, 1),
            (13, 385, 31), (23, 129, 48), (98, 20, 36), (200, 800, 20),
        ], ProductPrecision.available)
    func theyAreTheProductsOfTheDefinition(
        _ shape: (rows: Int, inputs: Int, outputs: Int), _ precision: ProductPrecision
    ) throws {
        let (rows, inputs, outputs) = shape
        let network = NetworkDescription(
            inputSize: inputs, layers: [.recurrent(.init(cell: .elman, hiddenSize: outputs))], readOut: .last,
            classCount: 2)
        let entry = network.parameterLayout[.layer(0), "forward.inputWeights"]
        let parameters = values(seed: 1, count: network.parameterLayout.parameterCount)
        let prepared = try PreparedNetwork(network, parameters: parameters, for: .training(precision))
        let matrix = WeightMatrix(entry)
        func weight(_ output: Int, _ input: Int) -> Float {
            parameters[entry.range.lowerBound + output * inputs + input]
        }
        // Rows that lie further apart than they are long, and values that a product must not touch.
        let (stride, sentinel) = (7, Float(99))
        let input = values(seed: 2, count: rows * (inputs + stride))
        let output = values(seed: 3, count: rows * (outputs + stride))
        for accumulating in [false, true] {
            let forward = product(
                input, inputs, output, outputs, rows: rows, stride: stride, sentinel: sentinel,
                accumulating: accumulating, rounding: precision
            ) { input, output in
                prepared.withWeights { matrix.forward(input, $0, into: output, accumulating: accumulating) }
            } weight: {
                weight($1, $0)
            }
            expectClose(forward.actual, forward.expected, tolerance: 1e-4, "forward")
            let backward = product(
                output, outputs, input, inputs, rows: rows, stride: stride, sentinel: sentinel,
                accumulating: accumulating, rounding: precision
            ) { gradient, inputGradient in
                prepared.withWeights {
                    matrix.backward(gradient, $0, into: inputGradient, accumulating: accumulating)
                }
            } weight: {
                weight($0, $1)
            }
            expectClose(backward.actual, backward.expected, tolerance: 1e-4, "backward")
        }
    }

    /// Some of the inputs, as a stream multiplies the states by the part of an output layer that belongs to a head.
    @Test func aPartOfTheInputsIsAProductOfItsOwn() throws {
        let network = NetworkDescription(
            inputSize: 30, layers: [.recurrent(.init(cell: .elman, hiddenSize: 21))], readOut: .last,
            classCount: 2)
        let entry = network.parameterLayout[.layer(0), "forward.inputWeights"]
        let parameters = values(seed: 1, count: network.parameterLayout.parameterCount)
        let prepared = try PreparedNetwork(network, parameters: parameters)
        let actual = product(
            values(seed: 2, count: 10), 10, [Float](repeating: 0, count: 21), 21, rows: 1, stride: 0,
            sentinel: 0, accumulating: false, rounding: .float32
        ) { input, output in
            prepared.withWeights {
                WeightMatrix(entry).forward(input, ofInputs: 10..<20, $0, into: output)
            }
        } weight: {
            parameters[entry.range.lowerBound + $1 * 30 + 10 + $0]
        }
        expectClose(actual.actual, actual.expected, tolerance: 1e-5, "product")
    }

    /// A row is the same to the bit in a product of any height: a clip alone, in a batch and frame by frame.
    @Test func aRowDoesNotDependOnTheOthers() throws {
        let network = NetworkDescription(
            inputSize: 400, layers: [.recurrent(.init(cell: .elman, hiddenSize: 83))], readOut: .last,
            classCount: 2)
        let matrix = WeightMatrix(network.parameterLayout[.layer(0), "forward.inputWeights"])
        let parameters = values(seed: 1, count: network.parameterLayout.parameterCount)
        let prepared = try PreparedNetwork(network, parameters: parameters)
        let input = FloatBuffer(count: 100 * 400)
        for (index, value) in values(seed: 2, count: input.count).enumerated() { input.base[index] = value }
        func rows(_ count: Int) -> [Float] {
            let output = FloatBuffer(count: count * 83)
            prepared.withWeights {
                matrix.forward(
                    input.matrix(columns: 400)[rows: 0..<count], $0, into: output.matrix(columns: 83))
            }
            return Array(UnsafeBufferPointer(start: output.base, count: output.count))
        }
        let all = rows(100)
        for count in 1..<100 { #expect(rows(count)[...] == all[..<(count * 83)], "\(count) rows") }
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
