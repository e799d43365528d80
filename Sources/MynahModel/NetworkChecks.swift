internal import MynahNetwork

extension NetworkDescription {
    /// Most values in all weight tensors together: 256 MiB, a hundred times what such networks need.
    static let maximumParameterCount = 1 << 26

    /// Checks the sizes of a network that comes from a file, so that computing its layout cannot overflow.
    func check() throws(ModelFault) {
        try check(inputSize, in: 1...4096, "input size")
        try check(classCount, in: 1...10_000, "class count")
        try check(layers.count, in: 0...16, "layer count")
        for (index, layer) in layers.enumerated() {
            if case .gru(let hiddenSize, _) = layer {
                try check(hiddenSize, in: 1...4096, "hidden size of layer \(index)")
            }
        }
        try check(parameterLayout.parameterCount, in: 1...Self.maximumParameterCount, "parameter count")
    }

    private func check(
        _ value: Int, in allowed: ClosedRange<Int>, _ what: String
    ) throws(ModelFault) {
        guard allowed.contains(value) else {
            throw .badNetwork(
                reason: "\(what) \(value), expected \(allowed.lowerBound) to \(allowed.upperBound)")
        }
    }
}
