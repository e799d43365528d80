internal import CVectorMath
import MynahBase

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

    /// `[windowSteps, R]`: the last states in the same ring, where they are kept for ``vector``.
    private let states: FloatBuffer

    /// `[size]`.
    private let hidden: FloatBuffer

    /// `[windowSteps]`: shares of the states in one head.
    private let shares: FloatBuffer

    init(
        _ description: NetworkDescription, layout: ParameterLayout, windowSteps: Int, keepsStates: Bool
    ) {
        stateSize = description.stateSize
        classCount = description.classCount
        switch description.readOut {
        case .last, .frame: (heads, frameWeights, self.windowSteps) = (1, nil, 1)
        case .mean: (heads, frameWeights, self.windowSteps) = (1, nil, windowSteps)
        case .attention(let heads, _):
            frameWeights = FrameWeights(layout: layout)
            (self.heads, self.windowSteps) = (heads, windowSteps)
        }
        outputWeights = WeightMatrix(layout[.output, "weights"])
        outputBias = layout[.output, "bias"]
        products = FloatBuffer(count: self.windowSteps * heads * classCount)
        scores = FloatBuffer(count: self.windowSteps * heads)
        states = FloatBuffer(count: keepsStates ? self.windowSteps * stateSize : 0)
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
        if states.count > 0 { states.matrix(columns: stateSize)[rows: place..<place + 1].copy(from: state) }
        // What is counted is only compared with the window: beyond it, keep the place in the ring.
        stepCount = stepCount + 1 < 2 * windowSteps ? stepCount + 1 : windowSteps
        logits.fillRows(with: weights[outputBias])
        for head in 0..<heads { addMean(head: head, places: 0..<min(stepCount, windowSteps), to: logits) }
    }

    /// The last `steps` steps alone, all where there are fewer → the logits that a window of that many steps gives,
    /// `[1, C]`.
    ///
    /// - Returns: The share of these steps in the weights of the whole window, `0 ... 1`, of the head where it is largest.
    func recall(steps: Int, _ weights: Weights, into logits: MatrixView) -> Float {
        let count = min(stepCount, windowSteps)
        let recent = max(stepCount - steps, stepCount - count)..<stepCount
        let places = recent.lazy.map { [windowSteps] in $0 % windowSteps }
        logits.fillRows(with: weights[outputBias])
        var largestShare: Float = 0
        for head in 0..<heads {
            let total = weigh(0..<count, head: head)
            largestShare = max(largestShare, places.reduce(0) { $0 + shares.base[$1] } / total)
            addMean(head: head, places: places, to: logits)
        }
        return largestShare
    }

    /// The means of the states in the window that the output layer was applied to, `[heads·R]`; zeros before the first step.
    var vector: [Float] {
        precondition(states.count > 0, "a read-out vector of a stream that does not keep its states")
        let count = min(stepCount, windowSteps)
        return (0..<heads).flatMap { head in
            var mean = [Float](repeating: 0, count: stateSize)
            let total = weigh(0..<count, head: head)
            for place in 0..<count {
                let share = shares.base[place] / total
                for unit in 0..<stateSize { mean[unit] += share * states.base[place * stateSize + unit] }
            }
            return mean
        }
    }

    /// Adds the products of the steps at some places of the ring, weighted by a softmax over their scores.
    private func addMean(head: Int, places: some Collection<Int>, to logits: MatrixView) {
        let total = weigh(places, head: head)
        for (index, place) in places.enumerated() {
            mynah_add_scaled(
                logits.base, shares.base[index] / total,
                products.base + (place * heads + head) * classCount, classCount)
        }
    }

    /// Writes `exp(score − largest score)` of the steps at some places of the ring to the front of ``shares``.
    ///
    /// - Returns: Their sum.
    private func weigh(_ places: some Collection<Int>, head: Int) -> Float {
        var largest = -Float.infinity
        for place in places { largest = max(largest, scores.base[place * heads + head]) }
        for (index, place) in places.enumerated() {
            shares.base[index] = scores.base[place * heads + head] - largest
        }
        mynah_exponentials(places.count, shares.base)
        var total: Float = 0
        for index in 0..<places.count { total += shares.base[index] }
        return total
    }

    func reset() {
        stepCount = 0
    }

    /// The ring and the place in it.
    struct State: Sendable {
        fileprivate let products: [Float]
        fileprivate let scores: [Float]
        fileprivate let states: [Float]
        fileprivate let stepCount: Int
    }

    var state: State {
        get {
            State(
                products: Array(UnsafeBufferPointer(start: products.base, count: products.count)),
                scores: Array(UnsafeBufferPointer(start: scores.base, count: scores.count)),
                states: Array(UnsafeBufferPointer(start: states.base, count: states.count)),
                stepCount: stepCount)
        }
        set {
            precondition(
                newValue.products.count == products.count && newValue.scores.count == scores.count
                    && newValue.states.count == states.count,
                """
                a window of \(newValue.products.count) values and \(newValue.states.count) of states, expected \
                \(products.count) and \(states.count)
                """)
            products.base.update(from: newValue.products, count: products.count)
            scores.base.update(from: newValue.scores, count: scores.count)
            states.base.update(from: newValue.states, count: states.count)
            stepCount = newValue.stepCount
        }
    }
}
