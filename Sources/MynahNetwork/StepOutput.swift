import MynahBase

/// A second output, beside that of the decision: logits for each step, which label what was read there.
///
/// `logits = W state + U vector + b`: the state of the step, and the vector from which the decision about the clip as a whole is
/// made. Through the latter the labels know what the sentence is about, as in Goo et al., "Slot-gated modeling for joint
/// slot filling and intent prediction", NAACL 2018.
final class StepOutput {
    /// `[L, R]`, `[L, read-out size]` and `[L]`.
    private let states: WeightMatrix
    private let context: WeightMatrix
    private let bias: ParameterLayout.Entry
    private let batchSize: Int

    private var stateProduct = WeightGradientProduct()
    private var contextProduct = WeightGradientProduct()

    /// `[T·B, L]`.
    private let logits: FloatBuffer

    /// `[B, read-out size]` and `[B, L]`: the vector of each clip's last decision, and what it adds to the logits.
    private let vectors: FloatBuffer
    private let shares: FloatBuffer

    init(
        _ description: NetworkDescription, classCount: Int, layout: ParameterLayout, stepCount: Int,
        batchSize: Int
    ) {
        states = WeightMatrix(layout[.stepOutput, "weights"])
        context = WeightMatrix(layout[.stepOutput, "context"])
        bias = layout[.stepOutput, "bias"]
        self.batchSize = batchSize
        logits = FloatBuffer(count: stepCount * batchSize * classCount)
        vectors = FloatBuffer(count: batchSize * description.readOutSize)
        shares = FloatBuffer(count: batchSize * classCount)
    }

    private var classCount: Int { states.entry.outputs }

    private func rows(ofStep step: Int) -> Range<Int> { step * batchSize..<(step + 1) * batchSize }

    /// `states` `[T·B, R]` and `vectors` `[decisions·B, read-out size]` → the logits, `[T·B, L]`.
    ///
    /// - Parameter decisionRows: `[B]`, the row of `vectors` that has each clip's last decision.
    func forward(_ states: MatrixView, vectors all: MatrixView, decisionRows: [Int], _ weights: Weights)
        -> MatrixView
    {
        let vectors = vectors.matrix(columns: all.columns)
        let shares = shares.matrix(columns: classCount)
        for (clip, row) in decisionRows.enumerated() {
            vectors[rows: clip..<clip + 1].copy(from: all[rows: row..<row + 1])
        }
        shares.fillRows(with: weights[bias])
        context.forward(vectors, weights, into: shares, accumulating: true)
        let logits = logits.matrix(columns: classCount)
        for step in 0..<logits.rows / batchSize { logits[rows: rows(ofStep: step)].copy(from: shares) }
        self.states.forward(states, weights, into: logits, accumulating: true)
        return logits
    }

    /// Backward: gradient of the logits `[T·B, L]` → adds to `gradient`, to `stateGradient` `[T·B, R]` and to
    /// `vectorGradient` `[decisions·B, read-out size]`.
    func backward(
        _ states: MatrixView, logitsGradient: [Float], decisionRows: [Int], _ weights: Weights,
        gradient: UnsafeMutablePointer<Float>, stateGradient: MatrixView, vectorGradient: MatrixView
    ) {
        precondition(
            logitsGradient.count == logits.count,
            "\(logitsGradient.count) gradients of labels, expected \(logits.count)")
        logits.base.update(from: logitsGradient, count: logits.count)
        let flowing = logits.matrix(columns: classCount)
        stateProduct.add(flowing, states, to: gradient.matrix(self.states.entry))
        self.states.backward(flowing, weights, into: stateGradient, accumulating: true)
        let shares = shares.matrix(columns: classCount)
        shares.clear()
        for step in 0..<flowing.rows / batchSize { shares.add(flowing[rows: rows(ofStep: step)]) }
        shares.addColumnSums(to: gradient + bias.range.lowerBound)
        let vectors = vectors.matrix(columns: vectorGradient.columns)
        contextProduct.add(shares, vectors, to: gradient.matrix(context.entry))
        context.backward(shares, weights, into: vectors)
        for (clip, row) in decisionRows.enumerated() {
            vectorGradient[rows: row..<row + 1].add(vectors[rows: clip..<clip + 1])
        }
    }
}
