internal import Glibc
public import MynahBase

extension NetworkDescription {
    /// Random weights to start training from, flat as ``parameterLayout`` says.
    ///
    /// - Input, attention and output weights are uniform within `±√(6 / (inputs + outputs))` (Glorot and Bengio, AISTATS
    ///   2010), counted per gate.
    /// - Recurrent weights are orthogonal per gate, so that the state neither fades nor explodes on its way through time
    ///   (Saxe et al., arXiv 1312.6120).
    /// - Filters are uniform within `±√(6 / inputs)`, for the rectifier behind them (He et al., arXiv 1502.01852).
    /// - Biases are zero, but for an LSTM's forget gate, 1, and a minGRU's update gate, −2, so that both begin by
    ///   remembering (Jozefowicz et al., ICML 2015); scales and variances are 1.
    public func initialParameters(using generator: inout SeededGenerator) -> [Float] {
        let layout = parameterLayout
        var parameters = [Float](repeating: 0, count: layout.parameterCount)
        func fill(_ entry: ParameterLayout.Entry, bound: Double) {
            for index in entry.range {
                parameters[index] = Float(bound) * (2 * generator.uniform() - 1)
            }
        }
        for entry in layout.entries {
            let outputs = entry.shape[0]
            let inputs = entry.shape.dropFirst().reduce(1, *)
            switch entry.name.split(separator: ".").last {
            case "recurrentWeights":
                for gate in 0..<outputs / inputs {
                    let start = entry.range.lowerBound + gate * inputs * inputs
                    parameters.replaceSubrange(
                        start..<start + inputs * inputs,
                        with: orthogonalMatrix(size: inputs, using: &generator))
                }
            case "filters": fill(entry, bound: (6 / Double(inputs)).squareRoot())
            case "inputWeights":
                fill(entry, bound: (6 / Double(inputs + outputs / gateCount(of: entry))).squareRoot())
            case "scale", "variance": for index in entry.range { parameters[index] = 1 }
            case _ where entry.role == .weight:
                fill(entry, bound: (6 / Double(inputs + outputs)).squareRoot())
            case "bias":
                for (index, value) in initialBias(of: entry).enumerated() {
                    parameters[entry.range.lowerBound + index] = value
                }
            default: break
            }
        }
        return parameters
    }

    /// The recurrent layer that a tensor belongs to.
    private func recurrentLayer(of entry: ParameterLayout.Entry) -> RecurrentDescription? {
        let parts = entry.name.split(separator: ".")
        guard parts[0] == "layers", let index = Int(parts[1]), case .recurrent(let layer) = layers[index]
        else { return nil }
        return layer
    }

    private func gateCount(of entry: ParameterLayout.Entry) -> Int {
        recurrentLayer(of: entry)?.cell.gateCount ?? 1
    }

    private func initialBias(of entry: ParameterLayout.Entry) -> [Float] {
        var bias = [Float](repeating: 0, count: entry.range.count)
        guard let layer = recurrentLayer(of: entry) else { return bias }
        let size = layer.hiddenSize
        switch layer.cell {
        case .lstm: bias.replaceSubrange(size..<2 * size, with: repeatElement(1, count: size))
        case .minGRU: bias.replaceSubrange(0..<size, with: repeatElement(-2, count: size))
        case .elman, .gru: break
        }
        return bias
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
