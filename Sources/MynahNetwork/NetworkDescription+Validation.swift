extension NetworkDescription {
    /// Most parameters that a network may have: 256 MiB, a hundred times what keyword spotting needs.
    static let parameterLimit = 1 << 26

    /// Checks every size, so that nothing is allocated for a description that lies.
    package func validate() throws(NetworkError) {
        guard (1...16).contains(layers.count) else {
            throw .layerCountOutOfRange(actual: layers.count, allowed: 1...16)
        }
        try checkSize("inputSize", inputSize, 1...4096)
        try checkSize("classCount", classCount, 2...10_000)
        try readOut.validate()
        var isRecurrent = false
        var stride = 1
        for (index, layer) in layers.enumerated() {
            try layer.validate(name: "layers[\(index)]")
            switch layer {
            case .recurrent: isRecurrent = true
            case .convolution(let layer):
                guard !isRecurrent else { throw .convolutionBehindRecurrence(layer: index) }
                stride *= layer.frameStride
                try checkSize("frames per step behind layers[\(index)]", stride, 1...4096)
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

    /// Most values that a pass may hold: 4 GiB.
    static let passLimit = 1 << 30

    /// Most values that one clip may make a pass hold: 1 GiB, some hundred times what a second of speech needs.
    static let clipLimit = 1 << 28

    /// Checks that clips of `frameCount` frames are long enough for one decision, and that the memory for one of them is
    /// within bounds, so that nothing is allocated for a description that lies.
    ///
    /// To be called for a network that ``validate()`` lets pass.
    package func validate(frameCount: Int) throws(NetworkError) {
        guard stepCount(frameCount: frameCount) > 0 else {
            throw .clipTooShort(frameCount: frameCount, minimum: timeStride)
        }
        let valueCount = valueCount(frameCount: frameCount)
        guard valueCount <= Self.clipLimit else {
            throw .clipTooLarge(frameCount: frameCount, valueCount: valueCount, limit: Self.clipLimit)
        }
    }

    /// Clips of `frameCount` frames that a pass may take together, at most `wanted` and at least 1.
    package func batchSize(_ wanted: Int, frameCount: Int) -> Int {
        max(1, min(wanted, Self.passLimit / max(1, valueCount(frameCount: frameCount))))
    }

    /// Values that recognition holds for one clip of `frameCount` frames, or for a stream that reads out as many: what the
    /// layers read and hand on, and the vectors and logits of a decision at every step.
    func valueCount(frameCount: Int) -> Int {
        var count = frameCount * inputSize
        var steps = frameCount
        for sized in sizedLayers {
            switch sized.layer {
            case .recurrent(let layer):
                // The gates, the states, what the cell keeps beside them, and the output.
                count += (steps + 1) * (layer.cell.gateCount + 3) * layer.outputSize
            case .convolution(let layer):
                let bands = sized.inputSize / sized.inputChannels + layer.kernelBands + layer.bandStride
                count += (steps + layer.kernelFrames) * bands * sized.inputChannels
                steps /= layer.frameStride
                count += 2 * steps * sized.outputSize
            }
        }
        switch readOut {
        case .last, .mean: count += steps * (readOutSize + classCount)
        case .attention(let heads, let size):
            count += steps * (readOutSize + heads * (classCount + 2) + 2 * size)
        }
        return count
    }
}

extension LayerDescription {
    /// Checks the sizes of this layer by itself; `name` is what an error calls it.
    package func validate(name: String) throws(NetworkError) {
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
    package func validate() throws(NetworkError) {
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
