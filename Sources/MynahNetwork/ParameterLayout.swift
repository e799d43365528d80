/// Where each weight tensor of a network lies in its flat parameter array.
public struct ParameterLayout: Sendable, Hashable {
    /// One weight tensor.
    public struct Entry: Sendable, Hashable {
        /// Unique name, for instance `layers.0.forward.inputWeights`.
        public let name: String

        /// Sizes of the dimensions, row-major.
        public let shape: [Int]

        /// Indices of its values in the flat parameter array.
        public let range: Range<Int>
    }

    /// The tensors, in the order in which they lie in the flat array, without gaps.
    public private(set) var entries: [Entry] = []

    /// Number of values in all tensors together.
    public var parameterCount: Int { entries.last?.range.upperBound ?? 0 }

    /// Index of the first value of a tensor; traps for a name that the network does not have.
    func offset(of name: String) -> Int {
        guard let entry = entries.first(where: { $0.name == name }) else {
            preconditionFailure("no weights are named \(name)")
        }
        return entry.range.lowerBound
    }

    /// Adds a tensor behind the last one and returns where it lies.
    @discardableResult
    mutating func append(_ name: String, _ shape: Int...) -> Range<Int> {
        let range = parameterCount..<parameterCount + shape.reduce(1, *)
        entries.append(Entry(name: name, shape: shape, range: range))
        return range
    }
}

extension NetworkDescription {
    /// The weight tensors of this network: per direction of a GRU layer `inputWeights` `[3H, D]`, `recurrentWeights`
    /// `[3H, H]`, `inputBias` `[3H]` and `recurrentBias` `[3H]`, then `output.weights` `[C, H]` and `output.bias` `[C]`.
    public var parameterLayout: ParameterLayout {
        var layout = ParameterLayout()
        var size = inputSize
        for (index, layer) in layers.enumerated() {
            switch layer {
            case .gru(let hiddenSize, let bidirectional):
                for direction in bidirectional ? ["forward", "backward"] : ["forward"] {
                    let prefix = "layers.\(index).\(direction)"
                    layout.append("\(prefix).inputWeights", 3 * hiddenSize, size)
                    layout.append("\(prefix).recurrentWeights", 3 * hiddenSize, hiddenSize)
                    layout.append("\(prefix).inputBias", 3 * hiddenSize)
                    layout.append("\(prefix).recurrentBias", 3 * hiddenSize)
                }
                size = bidirectional ? 2 * hiddenSize : hiddenSize
            }
        }
        layout.append("output.weights", classCount, size)
        layout.append("output.bias", classCount)
        return layout
    }
}
