/// The layers of a network, one behind the other, on one batch shape.
final class LayerStack {
    private let layers: [any SequenceLayer]

    init(
        _ description: NetworkDescription, layout: ParameterLayout, frameCount: Int, batchSize: Int,
        dropout: DropoutRates = DropoutRates()
    ) {
        var layers: [any SequenceLayer] = []
        var frameCount = frameCount
        for (index, sized) in description.sizedLayers.enumerated() {
            switch sized.layer {
            case .recurrent(let layer):
                layers.append(
                    RecurrentLayer(
                        layer, index: index, inputSize: sized.inputSize, layout: layout,
                        frameCount: frameCount, batchSize: batchSize, dropoutRates: dropout))
            case .convolution(let layer):
                layers.append(
                    ConvolutionLayer(
                        layer, index: index, inputSize: sized.inputSize, inputChannels: sized.inputChannels,
                        layout: layout, frameCount: frameCount, batchSize: batchSize))
                frameCount /= layer.frameStride
            }
        }
        self.layers = layers
    }

    /// `[T·B, R]`: what the read-out reads.
    var output: MatrixView { layers[layers.count - 1].output }

    /// `[T·B, R]`.
    var outputGradient: MatrixView { layers[layers.count - 1].outputGradient }

    /// The recurrent layers, first to last.
    var recurrentLayers: [RecurrentLayer] { layers.compactMap { $0 as? RecurrentLayer } }

    func forward(_ input: MatrixView, _ weights: Weights, context: inout PassContext) {
        var values = input
        for layer in layers {
            layer.forward(values, weights, context: &context)
            values = layer.output
        }
    }

    /// To be called before anything is added to ``outputGradient``.
    func beginBackward() {
        for layer in layers { layer.beginBackward() }
    }

    func backward(_ input: MatrixView, _ weights: Weights, gradient: UnsafeMutablePointer<Float>) {
        for (index, layer) in layers.enumerated().reversed() {
            layer.backward(
                index > 0 ? layers[index - 1].output : input, weights, gradient: gradient,
                inputGradient: index > 0 ? layers[index - 1].outputGradient : nil)
        }
    }

    /// What lasts from one call to the next, flat.
    var state: [Float] {
        get {
            stateRows.flatMap { UnsafeBufferPointer(start: $0.base, count: $0.columns) }
        }
        set {
            let rows = stateRows
            let count = rows.reduce(0) { $0 + $1.columns }
            precondition(newValue.count == count, "a state of \(newValue.count) values, expected \(count)")
            newValue.withUnsafeBufferPointer { values in
                guard var source = values.baseAddress else { return }
                for row in rows {
                    row.base.update(from: source, count: row.columns)
                    source += row.columns
                }
            }
        }
    }

    private var stateRows: [MatrixView] {
        layers.flatMap(\.state).flatMap { view in
            (0..<view.rows).map { view[rows: $0..<$0 + 1] }
        }
    }

    /// Sets all that lasts to zero.
    func clearState() {
        for layer in layers {
            for view in layer.state { view.clear() }
        }
    }
}

extension NetworkDescription {
    /// The read-out, with the memory for one batch shape.
    func makeReadOut(layout: ParameterLayout, stepCount: Int, batchSize: Int) -> any ReadOutLayer {
        switch readOut {
        case .last:
            LastReadOut(stateSize: stateSize, backwardSize: backwardSize, batchSize: batchSize)
        case .mean:
            PoolingReadOut(
                nil, heads: 1, stateSize: stateSize, stepCount: stepCount, batchSize: batchSize)
        case .attention(let heads, _):
            PoolingReadOut(
                FrameWeights(layout: layout), heads: heads, stateSize: stateSize,
                stepCount: stepCount, batchSize: batchSize)
        }
    }

    /// Values of a state that belong to the direction that reads from the end.
    private var backwardSize: Int {
        guard case .recurrent(let layer) = layers.last, layer.bidirectional else { return 0 }
        return layer.hiddenSize
    }
}
