/// The shape of a network: what stands in a model file beside the weights.
package struct NetworkDescription: Codable, Hashable, Sendable {
    /// Features per frame, `D`; before an embedding, rows of its table that a step may name.
    package var inputSize: Int

    /// The layers, first to last: convolutions, if any, before the recurrent ones.
    package var layers: [LayerDescription]

    /// How the states of all frames become one vector.
    package var readOut: ReadOut

    /// Number of classes, `C`.
    package var classCount: Int

    /// Number of labels, `L`, one of which each step gets beside the decision about the clip; nil where steps have none.
    package var stepClassCount: Int?

    /// Describes a network; ``validate()`` tells whether it can be built.
    package init(
        inputSize: Int, layers: [LayerDescription], readOut: ReadOut, classCount: Int,
        stepClassCount: Int? = nil
    ) {
        self.inputSize = inputSize
        self.layers = layers
        self.readOut = readOut
        self.classCount = classCount
        self.stepClassCount = stepClassCount
    }

    /// A layer, with what it reads and hands on at each step.
    struct ShapedLayer {
        let kind: any LayerKind
        let input: StepShape
        let output: StepShape
    }

    /// The layers with their shapes.
    var shapedLayers: [ShapedLayer] {
        var shaped: [ShapedLayer] = []
        var shape = StepShape.frame(featureCount: inputSize)
        for layer in layers {
            let output = layer.kind.output(of: shape)
            shaped.append(ShapedLayer(kind: layer.kind, input: shape, output: output))
            shape = output
        }
        return shaped
    }

    /// Values per step after the last layer, `R`, which the read-out reads.
    package var stateSize: Int { shapedLayers.last?.output.size ?? inputSize }

    /// Values that the output layer reads.
    package var readOutSize: Int { readOut.outputSize(stateSize: stateSize) }

    /// Whether each frame's output depends on that frame and earlier ones only, so that a stream can be followed.
    package var isCausal: Bool { layers.allSatisfy { $0.kind.isCausal } }

    /// Whether its input is rows of a table, as words are, not measurements, as sounds are.
    package var readsRows: Bool { layers.first?.kind.readsRows ?? false }

    /// Frames for each step behind the last layer: the strides of all layers multiplied.
    package var timeStride: Int { layers.reduce(1) { $0 * $1.kind.timeStride } }

    /// Steps behind the last layer in a clip of `frameCount` frames.
    package func stepCount(frameCount: Int) -> Int { layers.reduce(frameCount) { $0 / $1.kind.timeStride } }

    /// Values of `NetworkPass.carriedState` for each clip of a batch: what lasts from one batch to the next.
    package var carriedValueCount: Int {
        shapedLayers.reduce(0) { $0 + $1.kind.carriedValueCount(input: $1.input) }
    }

    /// Multiply–accumulates for each frame of input, all layers together, without the output layer.
    package var multiplyAccumulatesPerFrame: Int {
        var stride = 1
        var total = 0.0
        for layer in shapedLayers {
            stride *= layer.kind.timeStride
            total += Double(layer.kind.multiplyAccumulates(input: layer.input)) / Double(stride)
        }
        if case .attention(let heads, let size) = readOut {
            total += Double(size * (stateSize + heads)) / Double(stride)
        }
        total += Double(stateSize * (stepClassCount ?? 0)) / Double(stride)
        return Int(total.rounded())
    }

    /// Multiply–accumulates of the output layer, once a decision.
    package var multiplyAccumulatesPerDecision: Int { readOutSize * (classCount + (stepClassCount ?? 0)) }

    /// This network and its weights as a finished model has them, without what only training needs, such as batch
    /// normalization: the same outputs as recognition has, for fewer operations.
    package func folded(_ parameters: [Float]) -> (network: NetworkDescription, parameters: [Float]) {
        rewritten(parameters, layer: \.folded) { $0.foldedValues(of: $1, $2) }
    }

    /// The opposite of ``folded(_:)``: this network and its weights with what training needs, and the same outputs in recognition.
    package func unfolded(_ parameters: [Float]) -> (network: NetworkDescription, parameters: [Float]) {
        rewritten(parameters, layer: \.unfolded) { $0.unfoldedValues(of: $1, $2) }
    }

    private func rewritten(
        _ parameters: [Float], layer: (LayerDescription) -> LayerDescription,
        values: (any LayerKind, ParameterLayout.Entry, (String) -> ArraySlice<Float>) -> [Float]
    ) -> (network: NetworkDescription, parameters: [Float]) {
        var network = self
        network.layers = layers.map(layer)
        let (from, to) = (parameterLayout, network.parameterLayout)
        var rewritten: [Float] = []
        rewritten.reserveCapacity(to.parameterCount)
        for entry in to.entries {
            func own(_ tensor: String) -> ArraySlice<Float> { parameters[from[entry.part, tensor].range] }
            if case .layer(let index) = entry.part {
                rewritten += values(layers[index].kind, entry, own)
            } else {
                rewritten += own(entry.tensor)
            }
        }
        return (network, rewritten)
    }
}
