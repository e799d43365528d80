extension NetworkDescription {
    /// Most parameters that a network may have: 256 MiB, a hundred times what keyword spotting needs.
    static let parameterLimit = 1 << 26

    /// Checks every size, so that nothing is allocated for a description that lies.
    public func validate() throws(NetworkError) {
        guard (1...16).contains(layers.count) else {
            throw .layerCountOutOfRange(actual: layers.count, allowed: 1...16)
        }
        try checkSize("inputSize", inputSize, 1...4096)
        try checkSize("classCount", classCount, 2...10_000)
        try readOut.validate()
        var isRecurrent = false
        for (index, layer) in layers.enumerated() {
            try layer.validate(name: "layers[\(index)]")
            switch layer {
            case .recurrent: isRecurrent = true
            case .convolution:
                guard !isRecurrent else { throw .convolutionBehindRecurrence(layer: index) }
            }
        }
        // Sizes multiply only now that each of them is known to be small.
        for (index, sized) in sizedLayers.enumerated() {
            try checkSize("values per frame behind layers[\(index)]", sized.outputSize, 1...1 << 16)
            if case .recurrent(let layer) = sized.layer, layer.residual, sized.inputSize != sized.outputSize {
                throw .residualSize(layer: index, input: sized.inputSize, output: sized.outputSize)
            }
        }
        let parameterCount = parameterLayout.parameterCount
        guard parameterCount <= Self.parameterLimit else {
            throw .tooManyParameters(actual: parameterCount, limit: Self.parameterLimit)
        }
    }
}

extension LayerDescription {
    /// Checks the sizes of this layer by itself; `name` is what an error calls it.
    public func validate(name: String) throws(NetworkError) {
        switch self {
        case .recurrent(let layer):
            try checkSize("\(name).hiddenSize", layer.hiddenSize, 1...4096)
        case .convolution(let layer):
            try checkSize("\(name).channels", layer.channels, 1...1024)
            try checkSize("\(name).frameStride", layer.frameStride, 1...16)
            try checkSize("\(name).kernelFrames", layer.kernelFrames, layer.frameStride...64)
            try checkSize("\(name).kernelBands", layer.kernelBands, 1...4096)
            try checkSize("\(name).bandStride", layer.bandStride, 1...64)
        }
    }
}

extension ReadOut {
    /// Checks the sizes of an attention.
    public func validate() throws(NetworkError) {
        guard case .attention(let heads, let size) = self else { return }
        try checkSize("readOut.heads", heads, 1...64)
        try checkSize("readOut.size", size, 1...4096)
    }
}

private func checkSize(_ name: String, _ actual: Int, _ allowed: ClosedRange<Int>) throws(NetworkError) {
    guard allowed.contains(actual) else {
        throw .sizeOutOfRange(name: name, actual: actual, allowed: allowed)
    }
}
