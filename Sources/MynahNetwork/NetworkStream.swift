import MynahBase

/// A network on its way through a stream, frame by frame: its state, apart from the weights.
///
/// The layers are those of ``NetworkPass``, which here read a frame at a time (or as many as the convolutions stride)
/// and carry their state. A read-out over all frames of a clip reads the last frames of the stream, as many as a clip
/// has: at every step the network says what it would say of the clip that ends there, but that its state began earlier.
///
/// One thread uses a stream at a time; any number of streams share the weights. No step allocates memory.
package final class NetworkStream {
    /// The network's shape.
    package let description: NetworkDescription

    private let network: PreparedNetwork
    private let layers: LayerStack
    private let readOut: StreamingReadOut

    /// Frames of a step.
    private let timeStride: Int

    /// `[timeStride, D]`: the frames of the step that is being gathered.
    private let input: FloatBuffer
    private var pendingCount = 0
    private var context = PassContext(generator: nil, carriesState: true)

    /// `[C]`.
    private let outputLogits: FloatBuffer
    private let recentLogits: FloatBuffer

    /// A stream in a clean state.
    ///
    /// - Parameters:
    ///   - network: the weights, which any number of streams share.
    ///   - windowFrames: frames that a read-out over all frames reads at most: those of a clip.
    ///   - keepsStates: whether ``readOutVector`` can be asked for, which takes memory for the states of the window.
    /// - Throws: ``NetworkError``, when the network is not causal, or when the window is too short for a single step or
    ///   too long for the memory that is allowed.
    package init(
        _ network: PreparedNetwork, windowFrames: Int, keepsStates: Bool = false
    ) throws(NetworkError) {
        let description = network.description
        guard description.isCausal else { throw .notCausal }
        try description.validate(frameCount: windowFrames)
        self.description = description
        self.network = network
        timeStride = description.timeStride
        layers = LayerStack(description, layout: network.layout, frameCount: timeStride, batchSize: 1)
        readOut = StreamingReadOut(
            description, layout: network.layout,
            windowSteps: description.stepCount(frameCount: windowFrames), keepsStates: keepsStates)
        input = FloatBuffer(count: timeStride * description.inputSize)
        outputLogits = FloatBuffer(count: description.classCount)
        recentLogits = FloatBuffer(count: description.classCount)
    }

    /// Takes the next frame, `[D]`.
    ///
    /// - Returns: whether the network decided anew: at every frame, or with convolutions that stride, at every
    ///   `description.timeStride`th.
    package func step(_ features: Span<Float>) -> Bool {
        precondition(
            features.count == description.inputSize,
            "a frame of \(features.count) features, expected \(description.inputSize)")
        features.withUnsafeBufferPointer { frame in
            guard let base = frame.baseAddress else { return }
            (input.base + pendingCount * frame.count).update(from: base, count: frame.count)
        }
        pendingCount += 1
        guard pendingCount == timeStride else { return false }
        pendingCount = 0
        network.withWeights { weights in
            layers.forward(input.matrix(columns: description.inputSize), weights, context: &context)
            readOut.step(
                layers.output, weights, into: outputLogits.matrix(columns: description.classCount))
        }
        return true
    }

    /// Calls `body` with the logits of the last decision, `[C]`, without copying them.
    package func withLogits<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result
    {
        try body(UnsafeBufferPointer(start: outputLogits.base, count: outputLogits.count))
    }

    /// Calls `body` with what the network says of the last decisions alone, though its state began earlier.
    ///
    /// Where a read-out reads all frames of a clip, a word stays in the logits until it has left that window. These
    /// here forget it sooner, and tell whether it goes on.
    ///
    /// - Parameters:
    ///   - decisions: how many, 1 or more; all that the window holds where those are fewer.
    ///   - body: takes the logits, `[C]`, that a window of so few decisions would give; and their share of the weights
    ///     that the read-out gives to the decisions in its whole window, `0 ... 1`, of an attention with several heads
    ///     the largest. Both are worth nothing before the first decision.
    package func withRecentLogits<Result>(
        decisions: Int, _ body: (_ logits: UnsafeBufferPointer<Float>, _ share: Float) throws -> Result
    ) rethrows -> Result {
        precondition(decisions > 0, "the last \(decisions) decisions")
        let share = network.withWeights { weights in
            readOut.recall(
                steps: decisions, weights, into: recentLogits.matrix(columns: description.classCount))
        }
        return try body(UnsafeBufferPointer(start: recentLogits.base, count: recentLogits.count), share)
    }

    /// The logits of the last decision, `[C]`; zeros before the first one.
    package var logits: [Float] { withLogits { Array($0) } }

    /// What the last decision read its logits from, `[read-out size]`: an embedding of the window.
    ///
    /// It is what ``NetworkPass/readOutVectors`` has of a clip; zeros before the first decision. Traps for a stream that
    /// does not keep the states.
    package var readOutVector: [Float] { readOut.vector }

    /// Forgets all that was heard.
    package func reset() {
        layers.clearState()
        readOut.reset()
        outputLogits.clear()
        pendingCount = 0
    }

    /// All that a stream remembers, from which it can go on later or elsewhere.
    package struct State: Sendable {
        fileprivate let layers: [Float]
        fileprivate let readOut: StreamingReadOut.State
        fileprivate let pending: [Float]
        fileprivate let logits: [Float]
    }

    /// A copy of the state.
    package func snapshot() -> State {
        State(
            layers: layers.state, readOut: readOut.state,
            pending: Array(
                UnsafeBufferPointer(start: input.base, count: pendingCount * description.inputSize)),
            logits: logits)
    }

    /// Goes on from a state of a stream of the same network; traps for one of another shape.
    package func restore(_ state: State) {
        layers.state = state.layers
        readOut.state = state.readOut
        pendingCount = state.pending.count / description.inputSize
        input.base.update(from: state.pending, count: state.pending.count)
        outputLogits.base.update(from: state.logits, count: state.logits.count)
    }

    /// What one recurrent layer did in the last step.
    package struct Activity: Sendable {
        /// The recurrence.
        package let cell: Cell

        /// `[H]`, the state after the step.
        package let state: [Float]

        /// `[G, H]`: what each gate let through, in the order of the cell (reset, update and new of a GRU).
        package let gates: [[Float]]
    }

    /// What each recurrent layer did in the last step; copies, for a person to look at.
    package var activity: [Activity] { layers.activity(step: 0) }
}
