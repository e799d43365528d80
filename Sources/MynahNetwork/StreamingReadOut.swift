internal import CVectorMath

/// The read-out of a stream: over the last states, as many as a clip has steps.
final class StreamingReadOut {
    private let weights: FrameWeights?

    /// Heads; 0 where the read-out is the last state.
    private let heads: Int
    private let stateSize: Int
    private let windowSteps: Int

    /// `[windowSteps, R]` and `[windowSteps, heads]`: the last states and their scores, in a ring.
    private let states: FloatBuffer
    private let scores: FloatBuffer
    private var stepCount = 0

    /// `[size]`.
    private let hidden: FloatBuffer

    /// `[windowSteps]`: shares of the states in one head.
    private let shares: FloatBuffer

    /// `[heads·R]`.
    private let vector: FloatBuffer

    init(_ description: NetworkDescription, layout: ParameterLayout, windowSteps: Int) {
        stateSize = description.stateSize
        switch description.readOut {
        case .last: (heads, weights) = (0, nil)
        case .mean: (heads, weights) = (1, nil)
        case .attention(let heads, _): (self.heads, weights) = (heads, FrameWeights(layout: layout))
        }
        self.windowSteps = windowSteps
        states = FloatBuffer(count: heads > 0 ? windowSteps * stateSize : 0)
        scores = FloatBuffer(count: windowSteps * heads)
        hidden = FloatBuffer(count: weights?.size ?? 0)
        shares = FloatBuffer(count: heads > 0 ? windowSteps : 0)
        vector = FloatBuffer(count: heads * stateSize)
    }

    /// The states of a step, `[1, R]` → what the output layer reads, `[1, read-out size]`.
    func step(_ state: MatrixView, parameters: UnsafePointer<Float>) -> MatrixView {
        guard heads > 0 else { return state }
        let place = stepCount % windowSteps
        states.matrix(columns: stateSize)[rows: place..<place + 1].copy(from: state)
        if let weights {
            weights.forward(
                state, parameters: parameters, hidden: hidden.matrix(columns: weights.size),
                scores: scores.matrix(columns: heads)[rows: place..<place + 1])
        }
        // What is counted is only compared with the window: beyond it, keep the place in the ring.
        stepCount = stepCount + 1 < 2 * windowSteps ? stepCount + 1 : windowSteps
        let count = min(stepCount, windowSteps)
        vector.clear()
        for head in 0..<heads { addMean(head: head, count: count) }
        return vector.matrix(columns: heads * stateSize)
    }

    private func addMean(head: Int, count: Int) {
        var largest = -Float.infinity
        for index in 0..<count { largest = max(largest, scores.base[index * heads + head]) }
        for index in 0..<count { shares.base[index] = scores.base[index * heads + head] - largest }
        mynah_exponentials(count, shares.base)
        var total: Float = 0
        for index in 0..<count { total += shares.base[index] }
        for index in 0..<count {
            mynah_add_scaled(
                vector.base + head * stateSize, shares.base[index] / total, states.base + index * stateSize,
                stateSize)
        }
    }

    func reset() {
        stepCount = 0
    }

    /// The ring and the place in it.
    struct State: Sendable {
        fileprivate let states: [Float]
        fileprivate let scores: [Float]
        fileprivate let stepCount: Int
    }

    var state: State {
        get {
            State(
                states: Array(UnsafeBufferPointer(start: states.base, count: states.count)),
                scores: Array(UnsafeBufferPointer(start: scores.base, count: scores.count)),
                stepCount: stepCount)
        }
        set {
            precondition(
                newValue.states.count == states.count && newValue.scores.count == scores.count,
                "a window of \(newValue.states.count) values, expected \(states.count)")
            states.base.update(from: newValue.states, count: states.count)
            scores.base.update(from: newValue.scores, count: scores.count)
            stepCount = newValue.stepCount
        }
    }
}
