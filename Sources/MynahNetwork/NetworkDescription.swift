/// The shape of a network: what stands in a model file beside the weights.
package struct NetworkDescription: Codable, Hashable, Sendable {
    /// Features per frame, `D`.
    package var inputSize: Int

    /// The layers, first to last: convolutions, if any, before the recurrent ones.
    package var layers: [LayerDescription]

    /// How the states of all frames become one vector.
    package var readOut: ReadOut

    /// Number of classes, `C`.
    package var classCount: Int

    /// Describes a network; ``validate()`` tells whether it can be built.
    package init(inputSize: Int, layers: [LayerDescription], readOut: ReadOut, classCount: Int) {
        self.inputSize = inputSize
        self.layers = layers
        self.readOut = readOut
        self.classCount = classCount
    }

    /// A layer, and the size of what it reads and hands on.
    struct SizedLayer {
        let layer: LayerDescription
        let inputSize: Int

        /// Values per band that it reads: 1 but behind a convolution.
        let inputChannels: Int

        let outputSize: Int
    }

    /// The layers with their sizes.
    var sizedLayers: [SizedLayer] {
        var sized: [SizedLayer] = []
        var (size, channels) = (inputSize, 1)
        for layer in layers {
            let outputSize = layer.outputSize(inputSize: size, channels: channels)
            sized.append(
                SizedLayer(layer: layer, inputSize: size, inputChannels: channels, outputSize: outputSize))
            size = outputSize
            if case .convolution(let convolution) = layer { channels = convolution.channels }
        }
        return sized
    }

    /// Features per frame after the last layer, `R`, which the read-out reads.
    package var stateSize: Int { sizedLayers.last?.outputSize ?? inputSize }

    /// Values that the output layer reads.
    package var readOutSize: Int { readOut.outputSize(stateSize: stateSize) }

    /// Whether each frame's output depends on that frame and earlier ones only, so that a stream can be followed.
    package var isCausal: Bool {
        layers.allSatisfy { layer in
            switch layer {
            case .recurrent(let layer): !layer.bidirectional
            case .convolution: true
            }
        }
    }

    /// Frames for each step of the recurrent layers: the strides of the convolutions multiplied.
    package var timeStride: Int {
        layers.reduce(1) { stride, layer in
            guard case .convolution(let convolution) = layer else { return stride }
            return stride * convolution.frameStride
        }
    }

    /// Steps of the recurrent layers in a clip of `frameCount` frames.
    package func stepCount(frameCount: Int) -> Int {
        layers.reduce(frameCount) { count, layer in
            guard case .convolution(let convolution) = layer else { return count }
            return count / convolution.frameStride
        }
    }

    /// Values of `NetworkPass.carriedState` for each clip of a batch: what lasts from one batch to the next.
    package var carriedValueCount: Int {
        sizedLayers.reduce(0) { count, sized in
            switch sized.layer {
            case .recurrent(let layer): count + (layer.cell == .lstm ? 2 : 1) * layer.hiddenSize
            case .convolution(let layer): count + (layer.kernelFrames - layer.frameStride) * sized.inputSize
            }
        }
    }

    /// Multiply–accumulates for each frame of input, all layers together, without the output layer.
    package var multiplyAccumulatesPerFrame: Int {
        var stride = 1
        var total = 0.0
        for sized in sizedLayers {
            switch sized.layer {
            case .recurrent(let layer):
                let inputs = sized.inputSize + (layer.cell.readsState ? layer.hiddenSize : 0)
                total += Double(layer.outputSize * layer.cell.gateCount * inputs) / Double(stride)
            case .convolution(let layer):
                stride *= layer.frameStride
                let kernel = layer.kernelFrames * layer.kernelBands * sized.inputChannels
                total += Double(sized.outputSize * kernel) / Double(stride)
            }
        }
        if case .attention(let heads, let size) = readOut {
            total += Double(size * (stateSize + heads)) / Double(stride)
        }
        return Int(total.rounded())
    }

    /// Multiply–accumulates of the output layer, once a decision.
    package var multiplyAccumulatesPerDecision: Int { readOutSize * classCount }
}
