internal import CVectorMath

/// Read-out and output layer of a stream: over the last states, as many as a clip has steps.
///
/// Both are weighted sums. So the output layer is applied to each state as it arrives, and the window holds what it makes
/// of them, `C` values for each head, which are fewer than those of a state.
final class StreamingReadOut {
    private let frameWeights: FrameWeights?
    private let heads: Int
    private let stateSize: Int
    private let classCount: Int

    /// States that are read; 1 where the last one decides.
    private let windowSteps: Int
    private let outputWeights: WeightMatrix
    private let outputBias: ParameterLayout.Entry

    /// `[windowSteps, heads·C]` and `[windowSteps, heads]`: products of the last states with the output weights of each
    /// head, and the scores of the states, in a ring.
    private let products: FloatBuffer
    private let scores: FloatBuffer
    private var stepCount = 0

    /// `[size]`.
    private let hidden: FloatBuffer

    /// `[windowSteps]`: shares of the states in one head.
    private let shares: FloatBuffer

    init(_ description: NetworkDescription, layout: ParameterLayout, windowSteps: Int) {
        stateSize = description.stateSize
        classCount = description.classCount
        switch description.readOut {
        case .last: (heads, frameWeights, self.windowSteps) = (1, nil, 1)
        case .mean: (heads, frameWeights, self.windowSteps) = (1, nil, windowSteps)
        case .attention(let heads, _):
            frameWeights = FrameWeights(layout: layout)
            (self.heads, self.windowSteps) = (heads, windowSteps)
        }
        outputWeights = WeightMatrix(layout[.output, "weights"])
        outputBias = layout[.output, "bias"]
        products = FloatBuffer(count: self.windowSteps * heads * classCount)
        scores = FloatBuffer(count: self.windowSteps * heads)
        hidden = FloatBuffer(count: frameWeights?.size ?? 0)
        shares = FloatBuffer(count: self.windowSteps)
    }

    /// The states of a step, `[1, R]` → the logits, `[1, C]`.
    func step(_ state: MatrixView, _ weights: Weights, into logits: MatrixView) {
        let place = stepCount % windowSteps
        let product = products.matrix(columns: heads * classCount)[rows: place..<place + 1]
        for head in 0..<heads {
            outputWeights.forward(
                state, ofInputs: head * stateSize..<(head + 1) * stateSize, weights,
                into: product[columns: head * classCount..<(head + 1) * classCount])
        }
        if let frameWeights {
            frameWeights.forward(
                state, weights, hidden: hidden.matrix(columns: frameWeights.size),
                scores: scores.matrix(columns: heads)[rows: place..<place + 1])
        }
        // What is counted is only compared with the window: beyond it, keep the place in the ring.
        stepCount = stepCount + 1 < 2 * windowSteps ? stepCount + 1 : windowSteps
        logits.fillRows(with: weights[outputBias])
        for head in 0..<heads { addMean(head: head, count: min(stepCount, windowSteps), to: logits) }
    }

    private func addMean(head: Int, count: Int, to logits: MatrixView) {
        var largest = -Float.infinity
        for index in 0..<count { largest = max(largest, scores.base[index * heads + head]) }
        for index in 0..<count { shares.base[index] = scores.base[index * heads + head] - largest }
        mynah_exponentials(count, shares.base)
        var total: Float = 0
        for index in 0..<count { total += shares.base[index] }
        for index in 0..<count {
            mynah_add_scaled(
                logits.base, shares.base[index] / total,
                products.base + (index * heads + head) * classCount, classCount)
        }
    }

    func reset() {
        stepCount = 0
    }

    /// The ring and the place in it.
    struct State: Sendable {
        fileprivate let products: [Float]
        fileprivate let scores: [Float]
        fileprivate let stepCount: Int
    }

    var state: State {
        get {
            State(
                products: Array(UnsafeBufferPointer(start: products.base, count: products.count)),
                scores: Array(UnsafeBufferPointer(start: scores.base, count: scores.count)),
                stepCount: stepCount)
        }
        set {
            precondition(
                newValue.products.count == products.count && newValue.scores.count == scores.count,
                "a window of \(newValue.products.count) values, expected \(products.count)")
            products.base.update(from: newValue.products, count: products.count)
            scores.base.update(from: newValue.scores, count: scores.count)
            stepCount = newValue.stepCount
        }
    }
}
