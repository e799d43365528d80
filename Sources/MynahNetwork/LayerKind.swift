/// A kind of layer: all that the rest of Mynah asks of one.
///
/// A value describes a layer of the kind by its settings, which are what stands in a model file. A new kind is a type that
/// conforms, named in ``LayerDescription/kinds``, and the layer at work that it makes.
protocol LayerKind: Hashable, Sendable, Codable, CustomStringConvertible {
    // MARK: In files and on the command line

    /// What stands as `type` in the JSON form of such layers, which has the settings beside it.
    static var types: [String] { get }

    /// How a person writes such a layer, for the help of the program: what ``init(parsing:)`` reads; empty where nobody does.
    static var usage: String { get }

    /// Layers as a person may write them.
    static var examples: [String] { get }

    /// Reads what `description` writes, cut at its colons; nil where that is no layer of this kind.
    init?(parsing parts: [Substring])

    // MARK: What it does to a sequence

    /// What the layer hands on at each step, where it reads `input`; both within the bounds of `validate`.
    func output(of input: StepShape) -> StepShape

    /// Steps that it reads for each that it hands on, at least 1.
    var timeStride: Int { get }

    /// Values of a step, the last ones, that come from a direction that reads the clip from its end.
    var backwardSize: Int { get }

    /// Whether no step needs a later one, so that a stream can be followed.
    var isCausal: Bool { get }

    /// Whether its input is rows of a table, not measurements.
    var readsRows: Bool { get }

    // MARK: Bounds and cost

    /// Checks the settings by themselves; `name` is what an error calls the layer.
    func validate(name: String) throws(NetworkError)

    /// Checks that the layer can read `input`; `index` is its place in the network. Called for settings that are valid.
    func validate(input: StepShape, index: Int) throws(NetworkError)

    /// Values of its state for each clip: what a stream keeps from one call to the next.
    func carriedValueCount(input: StepShape) -> Int

    /// Values that recognition holds for one clip in which the layer reads `stepCount` steps.
    func valueCount(input: StepShape, stepCount: Int) -> Int

    /// Multiply–accumulates for each step that it hands on.
    func multiplyAccumulates(input: StepShape) -> Int

    // MARK: Weights

    /// Adds the weight tensors of the layer, named as ``ParameterLayout/Entry/tensor``.
    func appendParameters(to layout: inout ParameterLayout, part: ParameterLayout.Part, input: StepShape)

    /// The layer as a finished model has it, without what only training needs.
    var folded: Self { get }

    /// The values of a tensor of ``folded`` which give the same outputs.
    ///
    /// - Parameter values: those of a tensor of this layer.
    func foldedValues(of entry: ParameterLayout.Entry, _ values: (String) -> ArraySlice<Float>) -> [Float]

    /// The layer as it is trained, with what only training needs: the opposite of ``folded``.
    var unfolded: Self { get }

    /// The values of a tensor of ``unfolded`` which give the same outputs in recognition.
    ///
    /// - Parameter values: those of a tensor of this layer.
    func unfoldedValues(of entry: ParameterLayout.Entry, _ values: (String) -> ArraySlice<Float>) -> [Float]

    // MARK: At work

    /// The layer with the memory for one batch shape.
    func makeLayer(_ place: LayerPlace) -> any SequenceLayer
}

extension LayerKind {
    var timeStride: Int { 1 }
    var backwardSize: Int { 0 }
    var isCausal: Bool { backwardSize == 0 }
    var readsRows: Bool { false }
    func validate(input: StepShape, index: Int) throws(NetworkError) {}
    var folded: Self { self }
    var unfolded: Self { self }

    /// Whether another layer is of this kind and has the same settings.
    func isEqual(to other: any LayerKind) -> Bool { other as? Self == self }

    func foldedValues(
        of entry: ParameterLayout.Entry, _ values: (String) -> ArraySlice<Float>
    ) -> [Float] { Array(values(entry.tensor)) }

    func unfoldedValues(
        of entry: ParameterLayout.Entry, _ values: (String) -> ArraySlice<Float>
    ) -> [Float] { Array(values(entry.tensor)) }
}

/// What one step of a sequence holds.
struct StepShape: Hashable, Sendable {
    /// Values in all.
    let size: Int

    /// Values that lie side by side for each band; nil where they are no bands, as behind a recurrent layer.
    let channels: Int?

    /// Frames of `featureCount` features, each of them a band.
    static func frame(featureCount: Int) -> StepShape { StepShape(size: featureCount, channels: 1) }
}

/// Where a layer stands in a network, and the batch that it works on.
struct LayerPlace {
    /// What its weights belong to.
    let part: ParameterLayout.Part

    /// What it reads at each step.
    let input: StepShape

    /// The weights of the network.
    let layout: ParameterLayout

    /// Steps of a clip that it reads.
    let stepCount: Int

    /// Clips, `B`.
    let batchSize: Int

    /// Shares of values that are dropped in training.
    let dropout: DropoutRates
}
