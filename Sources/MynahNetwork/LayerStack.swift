/// The layers of a network, one behind the other, on one batch shape.
final class LayerStack {
    private let layers: [any SequenceLayer]

    /// Steps that each layer reads for one that it hands on.
    private let timeStrides: [Int]

    init(
        _ description: NetworkDescription, layout: ParameterLayout, frameCount: Int, batchSize: Int,
        dropout: DropoutRates = DropoutRates()
    ) {
        var layers: [any SequenceLayer] = []
        var stepCount = frameCount
        for (index, layer) in description.shapedLayers.enumerated() {
            layers.append(
                layer.kind.makeLayer(
                    LayerPlace(
                        part: .layer(index), input: layer.input, layout: layout, stepCount: stepCount,
                        batchSize: batchSize, dropout: dropout)))
            stepCount /= layer.kind.timeStride
        }
        self.layers = layers
        timeStrides = description.layers.map(\.kind.timeStride)
    }

    /// `[T·B, R]`: what the read-out reads.
    var output: MatrixView { layers[layers.count - 1].output }

    /// `[T·B, R]`.
    var outputGradient: MatrixView { layers[layers.count - 1].outputGradient }

    /// What the layers did with the first clip at a step of the last call, first to last, those that can tell.
    func activity(step: Int) -> [NetworkStream.Activity] { layers.compactMap { $0.activity(step: step) } }

    func forward(_ input: MatrixView, _ weights: Weights, context: inout PassContext) {
        var values = input
        for (layer, timeStride) in zip(layers, timeStrides) {
            context.stepCounts = context.stepCounts?.map { $0 / timeStride }
            layer.forward(values, weights, context: &context)
            values = layer.output
        }
    }

    /// To be called before anything is added to ``outputGradient``.
    func beginBackward() {
        for layer in layers { layer.beginBackward() }
    }

    func backward(
        _ input: MatrixView, _ weights: Weights, gradient: UnsafeMutablePointer<Float>,
        onLayer: (_ index: Int) -> Void
    ) {
        for (index, layer) in layers.enumerated().reversed() {
            layer.backward(
                index > 0 ? layers[index - 1].output : input, weights, gradient: gradient,
                inputGradient: index > 0 ? layers[index - 1].outputGradient : nil)
            onLayer(index)
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
        case .frame:
            LastReadOut(stateSize: stateSize, backwardSize: 0, batchSize: batchSize)
        case .last:
            LastReadOut(
                stateSize: stateSize, backwardSize: layers.last?.kind.backwardSize ?? 0, batchSize: batchSize)
        case .mean:
            PoolingReadOut(
                nil, heads: 1, stateSize: stateSize, stepCount: stepCount, batchSize: batchSize)
        case .attention(let heads, _):
            PoolingReadOut(
                FrameWeights(layout: layout), heads: heads, stateSize: stateSize,
                stepCount: stepCount, batchSize: batchSize)
        }
    }
}
