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
        try checkSize("stepClassCount", stepClassCount ?? 1, 1...10_000)
        try readOut.validate()
        var shape = StepShape.frame(featureCount: inputSize)
        var stride = 1
        for (index, layer) in layers.enumerated() {
            // Sizes multiply only after each of them is known to be small.
            try layer.validate(name: "layers[\(index)]")
            try layer.kind.validate(input: shape, index: index)
            shape = layer.kind.output(of: shape)
            try checkSize("values per step behind layers[\(index)]", shape.size, 1...1 << 16)
            stride *= layer.kind.timeStride
            try checkSize("frames per step behind layers[\(index)]", stride, 1...4096)
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
        for layer in shapedLayers {
            count += layer.kind.valueCount(input: layer.input, stepCount: steps)
            steps /= layer.kind.timeStride
        }
        switch readOut {
        case .last, .frame, .mean: count += steps * (readOutSize + classCount)
        case .attention(let heads, let size):
            count += steps * (readOutSize + heads * (classCount + 2) + 2 * size)
        }
        return count + steps * (stepClassCount ?? 0)
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

/// Checks a size that stands in a description; `name` is what an error calls it.
func checkSize(_ name: String, _ actual: Int, _ allowed: ClosedRange<Int>) throws(NetworkError) {
    guard allowed.contains(actual) else {
        throw .sizeOutOfRange(name: name, actual: actual, allowed: allowed)
    }
}
