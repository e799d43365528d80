internal import Glibc

extension NetworkDescription {
    /// Random weights to start training from, flat as ``parameterLayout`` says.
    ///
    /// Input and output weights are uniform within `±√(6 / (inputs + outputs))` (Glorot and Bengio, AISTATS 2010),
    /// recurrent weights orthogonal per gate, so that the state neither fades nor explodes on its way through time
    /// (Saxe et al., arXiv 1312.6120), biases zero.
    public func initialParameters(using generator: inout SeededGenerator) -> [Float] {
        let layout = parameterLayout
        var parameters = [Float](repeating: 0, count: layout.parameterCount)
        for entry in layout.entries where entry.shape.count == 2 {
            let (rows, columns) = (entry.shape[0], entry.shape[1])
            if entry.name.hasSuffix("recurrentWeights") {
                for gate in 0..<rows / columns {
                    let start = entry.range.lowerBound + gate * columns * columns
                    parameters.replaceSubrange(
                        start..<start + columns * columns,
                        with: orthogonalMatrix(size: columns, using: &generator))
                }
            } else {
                let gateCount = entry.name.hasSuffix("inputWeights") ? 3 : 1
                let bound = Float(6 / Double(columns + rows / gateCount)).squareRoot()
                for index in entry.range {
                    parameters[index] = bound * (2 * generator.uniform() - 1)
                }
            }
        }
        return parameters
    }
}

/// A random orthogonal matrix `[size, size]`: Gaussian rows, made orthonormal one after the other (modified
/// Gram–Schmidt).
private func orthogonalMatrix(size: Int, using generator: inout SeededGenerator) -> [Float] {
    var rows: [[Double]] = []
    while rows.count < size {
        var row = (0..<size).map { _ in gaussian(using: &generator) }
        for other in rows {
            let projection = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
            for index in row.indices {
                row[index] -= projection * other[index]
            }
        }
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        // A row that lies almost within the span of the others has lost its digits: draw another.
        if length > 1e-3 {
            rows.append(row.map { $0 / length })
        }
    }
    return rows.joined().map(Float.init)
}

/// A number drawn from the standard normal distribution (Box and Muller, 1958).
private func gaussian(using generator: inout SeededGenerator) -> Double {
    let radius = (-2 * log(1 - Double(generator.uniform()))).squareRoot()
    return radius * cos(2 * Double.pi * Double(generator.uniform()))
}
