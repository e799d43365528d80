import MynahBase

/// From the states of all frames to one vector for each decision.
///
/// A decision at a step reads the states up to that step: what a network says at the end of a clip, and what it would
/// have said had the clip ended earlier, are decisions of one pass.
protocol ReadOutLayer: AnyObject {
    /// `states` `[T·B, R]` → the vectors, `[decisions·B, read-out size]`.
    ///
    /// - Parameter decisions: steps at which a decision is wanted, rising, within `0 ..< T`.
    func forward(_ states: MatrixView, decisions: [Int], _ weights: Weights) -> MatrixView

    /// Backward: `outputGradient` `[decisions·B, read-out size]` → adds to `gradient` and to `stateGradient` `[T·B, R]`.
    func backward(
        _ states: MatrixView, decisions: [Int], outputGradient: MatrixView, _ weights: Weights,
        gradient: UnsafeMutablePointer<Float>, stateGradient: MatrixView)
}

/// The states themselves: of the step that decides, or of the direction that reads from the end those behind its last step.
final class LastReadOut: ReadOutLayer {
    private let batchSize: Int
    private let stateSize: Int

    /// Columns of the direction that reads from the end whose last state, that of the first frame, is read; none where each
    /// step has its own.
    private let backwardColumns: Range<Int>

    private var vectors = FloatBuffer(count: 0)

    init(stateSize: Int, backwardSize: Int, batchSize: Int) {
        self.stateSize = stateSize
        self.batchSize = batchSize
        backwardColumns = stateSize - backwardSize..<stateSize
    }

    private func rows(_ block: Int) -> Range<Int> { block * batchSize..<(block + 1) * batchSize }

    func forward(_ states: MatrixView, decisions: [Int], _ weights: Weights) -> MatrixView {
        vectors.ensure(count: decisions.count * batchSize * stateSize)
        let output = vectors.matrix(columns: stateSize)[rows: 0..<decisions.count * batchSize]
        for (index, step) in decisions.enumerated() {
            output[rows: rows(index)].copy(from: states[rows: rows(step)])
            output[rows: rows(index)][columns: backwardColumns].copy(
                from: states[rows: rows(0)][columns: backwardColumns])
        }
        return output
    }

    func backward(
        _ states: MatrixView, decisions: [Int], outputGradient: MatrixView, _ weights: Weights,
        gradient: UnsafeMutablePointer<Float>, stateGradient: MatrixView
    ) {
        let forwardColumns = 0..<backwardColumns.lowerBound
        for (index, step) in decisions.enumerated() {
            let decision = outputGradient[rows: rows(index)]
            stateGradient[rows: rows(step)][columns: forwardColumns].add(decision[columns: forwardColumns])
            stateGradient[rows: rows(0)][columns: backwardColumns].add(decision[columns: backwardColumns])
        }
    }
}
