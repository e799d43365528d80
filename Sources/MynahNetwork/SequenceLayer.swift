import MynahBase

/// What the layers of a pass need to know of it.
struct PassContext {
    /// The generator of the dropout masks in training; without one nothing is dropped, and batch normalization uses the
    /// statistics that training gathered: so in recognition.
    var generator: SeededGenerator?

    /// `[B]`, how many of the steps that the next layer hands on belong to each clip, where some are shorter than the batch;
    /// what lies behind them must leave no trace.
    var stepCounts: [Int]?

    /// Whether the layers go on from the state in which they ended, instead of a clean one.
    var carriesState = false

    var isTraining: Bool { generator != nil }
}

/// A layer at work on one batch shape: it turns a sequence into a sequence, and owns the memory for both passes.
protocol SequenceLayer: AnyObject {
    /// `[T·B, outputSize]`, where `T` counts the steps behind this layer: what the next one reads.
    var output: MatrixView { get }

    /// `[T·B, outputSize]`: gradient of the output, to which whoever reads the output adds; only after
    /// ``beginBackward()``.
    var outputGradient: MatrixView { get }

    /// What lasts from one call to the next: values that a stream must keep.
    var state: [MatrixView] { get }

    /// What the layer did with the first clip at a step of the last forward pass, for a person to look at; nil for one that has
    /// nothing to tell.
    func activity(step: Int) -> NetworkStream.Activity?

    /// Reads `input` `[T·B, inputSize]` and fills ``output``.
    func forward(_ input: MatrixView, _ weights: Weights, context: inout PassContext)

    /// Sets ``outputGradient`` to zero. The first call allocates what the backward pass needs: a network that only
    /// recognizes does without.
    func beginBackward()

    /// Back-propagation, to be called once after ``forward(_:_:context:)`` with the same input: adds to
    /// `gradient` (flat, as the parameters lie) and, where it is given, to `inputGradient`.
    func backward(
        _ input: MatrixView, _ weights: Weights, gradient: UnsafeMutablePointer<Float>,
        inputGradient: MatrixView?)
}

extension SequenceLayer {
    func activity(step: Int) -> NetworkStream.Activity? { nil }
}
