extension NetworkDescription {
    /// Most parameters that a network may have: 256 MiB, a hundred times what keyword spotting needs.
    static let parameterLimit = 1 << 26

    /// Checks every size, so that nothing is allocated for a description that lies.
    public func validate() throws(NetworkError) {
        guard (1...16).contains(layers.count) else {
            throw .layerCountOutOfRange(actual: layers.count, allowed: 1...16)
        }
        try Self.check("inputSize", inputSize, 1...4096)
        try Self.check("classCount", classCount, 2...10_000)
        if case .attention(let heads, let size) = readOut {
            try Self.check("readOut.heads", heads, 1...64)
            try Self.check("readOut.size", size, 1...4096)
        }
        var isRecurrent = false
        for (index, layer) in layers.enumerated() {
            let name = "layers[\(index)]"
            switch layer {
            case .recurrent(let layer):
                try Self.check("\(name).hiddenSize", layer.hiddenSize, 1...4096)
                isRecurrent = true
            case .convolution(let layer):
                guard !isRecurrent else { throw .convolutionBehindRecurrence(layer: index) }
                try Self.check("\(name).channels", layer.channels, 1...1024)
                try Self.check("\(name).frameStride", layer.frameStride, 1...16)
                try Self.check("\(name).kernelFrames", layer.kernelFrames, layer.frameStride...64)
                try Self.check("\(name).kernelBands", layer.kernelBands, 1...4096)
                try Self.check("\(name).bandStride", layer.bandStride, 1...64)
            }
        }
        // Sizes multiply only now that each of them is known to be small.
        for (index, sized) in sizedLayers.enumerated() {
            try Self.check("values per frame behind layers[\(index)]", sized.outputSize, 1...1 << 16)
            if case .recurrent(let layer) = sized.layer, layer.residual, sized.inputSize != sized.outputSize {
                throw .residualSize(layer: index, input: sized.inputSize, output: sized.outputSize)
            }
        }
        let parameterCount = parameterLayout.parameterCount
        guard parameterCount <= Self.parameterLimit else {
            throw .tooManyParameters(actual: parameterCount, limit: Self.parameterLimit)
        }
    }

    private static func check(
        _ name: String, _ actual: Int, _ allowed: ClosedRange<Int>
    ) throws(NetworkError) {
        guard allowed.contains(actual) else {
            throw .sizeOutOfRange(name: name, actual: actual, allowed: allowed)
        }
    }
}
