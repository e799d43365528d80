/// Where each weight tensor of a network lies in its flat parameter array.
public struct ParameterLayout: Sendable, Hashable {
    /// What a tensor is for, which tells how it is trained.
    public enum Role: Sendable, Hashable {
        /// A factor: a weight matrix or the filters of a convolution.
        case weight

        /// A summand or a scale.
        case bias

        /// A mean over the training data, followed rather than learnt.
        case statistic
    }

    /// One weight tensor.
    public struct Entry: Sendable, Hashable {
        /// Unique name, for instance `layers.0.forward.inputWeights`.
        public let name: String

        /// Sizes of the dimensions, row-major.
        public let shape: [Int]

        /// What it is for.
        public let role: Role

        /// Indices of its values in the flat parameter array.
        public let range: Range<Int>
    }

    /// The tensors, in the order in which they lie in the flat array, without gaps.
    public private(set) var entries: [Entry] = []

    /// Number of values in all tensors together.
    public var parameterCount: Int { entries.last?.range.upperBound ?? 0 }

    /// Index of the first value of a tensor; traps for a name that the network does not have.
    func offset(of name: String) -> Int { self[name].range.lowerBound }

    /// The tensor of a name; traps for a name that the network does not have.
    subscript(name: String) -> Entry {
        guard let entry = entries.first(where: { $0.name == name }) else {
            preconditionFailure("no weights are named \(name)")
        }
        return entry
    }

    /// Adds a tensor behind the last one.
    mutating func append(_ name: String, _ shape: Int..., role: Role) {
        let range = parameterCount..<parameterCount + shape.reduce(1, *)
        entries.append(Entry(name: name, shape: shape, role: role, range: range))
    }
}

extension NetworkDescription {
    /// The weight tensors of this network.
    ///
    /// - Convolution: `filters` `[channels, kernelFrames, kernelBands, input channels]` and `bias` `[channels]`; while it
    ///   is batch-normalized, `scale`, `bias`, `mean` and `variance` `[channels]`.
    /// - Recurrent layer, per direction: `inputWeights` `[G·H, D]`, `recurrentWeights` `[G·H, H]` (not minGRU) and `bias`
    ///   `[G·H]`, of which the GRU has two, `inputBias` and `recurrentBias`.
    /// - Attention: `readOut.keys` `[size, R]` and `readOut.queries` `[heads, size]`.
    /// - Output layer: `output.weights` `[C, read-out size]` and `output.bias` `[C]`.
    public var parameterLayout: ParameterLayout {
        var layout = ParameterLayout()
        for (index, sized) in sizedLayers.enumerated() {
            switch sized.layer {
            case .recurrent(let layer):
                for direction in layer.bidirectional ? ["forward", "backward"] : ["forward"] {
                    layout.append(layer, prefix: "layers.\(index).\(direction)", inputSize: sized.inputSize)
                }
            case .convolution(let layer):
                layout.append(layer, prefix: "layers.\(index)", inputChannels: sized.inputChannels)
            }
        }
        if case .attention(let heads, let size) = readOut {
            layout.append("readOut.keys", size, stateSize, role: .weight)
            layout.append("readOut.queries", heads, size, role: .weight)
        }
        layout.append("output.weights", classCount, readOutSize, role: .weight)
        layout.append("output.bias", classCount, role: .bias)
        return layout
    }
}

extension ParameterLayout {
    fileprivate mutating func append(_ layer: RecurrentDescription, prefix: String, inputSize: Int) {
        let rows = layer.cell.gateCount * layer.hiddenSize
        append("\(prefix).inputWeights", rows, inputSize, role: .weight)
        if layer.cell.readsState {
            append("\(prefix).recurrentWeights", rows, layer.hiddenSize, role: .weight)
        }
        if layer.cell == .gru {
            append("\(prefix).inputBias", rows, role: .bias)
            append("\(prefix).recurrentBias", rows, role: .bias)
        } else {
            append("\(prefix).bias", rows, role: .bias)
        }
    }

    fileprivate mutating func append(_ layer: ConvolutionDescription, prefix: String, inputChannels: Int) {
        append(
            "\(prefix).filters", layer.channels, layer.kernelFrames, layer.kernelBands, inputChannels,
            role: .weight)
        if layer.batchNormalized { append("\(prefix).scale", layer.channels, role: .bias) }
        append("\(prefix).bias", layer.channels, role: .bias)
        if layer.batchNormalized {
            append("\(prefix).mean", layer.channels, role: .statistic)
            append("\(prefix).variance", layer.channels, role: .statistic)
        }
    }
}
