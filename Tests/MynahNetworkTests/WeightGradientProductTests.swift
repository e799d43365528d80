import MynahBase
import MynahTestSupport
import Testing

@testable import MynahNetwork

/// Products over all frames and clips, against sums in double precision.
@Suite struct WeightGradientProductTests {
    /// Sizes around the height of a block, the width of a panel and the depth of a part.
    @Test(
        arguments: [
            (count: 1, outputs: 3, inputs: 5), (2, 8, 16), (3, 9, 17), (127, 24, 33), (128, 33, 40),
            (129, 1, 1),
            (300, 40, 20), (260, 21, 50),
        ], ProductPrecision.available)
    func theyAreTheProductsOfTheDefinition(
        _ shape: (count: Int, outputs: Int, inputs: Int), _ precision: ProductPrecision
    ) {
        let (count, outputs, inputs) = shape
        // Rows that lie further apart than they are long, and values between them that a product must not touch.
        let stride = 5
        let rowLengths = (outputs + stride, inputs + stride)
        var flowing = values(seed: 1, count: count * rowLengths.0)
        var read = values(seed: 2, count: count * rowLengths.1)
        let before = values(seed: 3, count: outputs * rowLengths.1)
        var (actual, expected) = (before, before)
        for output in 0..<outputs {
            for input in 0..<inputs {
                let sum = (0..<count).reduce(0.0) { sum, row in
                    sum + Double(precision.rounded(flowing[row * rowLengths.0 + output]))
                        * Double(precision.rounded(read[row * rowLengths.1 + input]))
                }
                expected[output * rowLengths.1 + input] += Float(sum)
            }
        }
        var product = WeightGradientProduct()
        flowing.withUnsafeMutableBufferPointer { flowing in
            read.withUnsafeMutableBufferPointer { read in
                actual.withUnsafeMutableBufferPointer { actual in
                    guard let flowing = flowing.baseAddress, let read = read.baseAddress,
                        let result = actual.baseAddress
                    else { return }
                    product.add(
                        MatrixView(base: flowing, rows: count, columns: outputs, stride: rowLengths.0),
                        MatrixView(base: read, rows: count, columns: inputs, stride: rowLengths.1),
                        to: MatrixView(base: result, rows: outputs, columns: inputs, stride: rowLengths.1),
                        precision: precision)
                }
            }
        }
        expectClose(actual, expected, tolerance: 1e-4)
    }

    private func values(seed: UInt64, count: Int) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in 2 * generator.uniform() - 1 }
    }
}
