/// The shape of a network: what stands in a model file beside the weights.
public struct NetworkDescription: Codable, Hashable, Sendable {
    /// Features per frame, `D`.
    public var inputSize: Int

    /// The recurrent layers, first to last.
    public var layers: [LayerDescription]

    /// How the states of all frames become one vector.
    public var readOut: ReadOut

    /// Number of classes, `C`.
    public var classCount: Int

    /// Describes a network; `validate()` tells whether it can be built.
    public init(inputSize: Int, layers: [LayerDescription], readOut: ReadOut, classCount: Int) {
        self.inputSize = inputSize
        self.layers = layers
        self.readOut = readOut
        self.classCount = classCount
    }
}

/// One layer of a network.
public enum LayerDescription: Codable, Hashable, Sendable {
    /// Gated recurrent units (arXiv 1406.1078), with the reset gate after the recurrent product.
    case gru(hiddenSize: Int, bidirectional: Bool)
}

/// How the states of all frames become one vector.
public enum ReadOut: String, Codable, Hashable, Sendable, CaseIterable {
    /// The state after the last frame (of the last and the first frame, in the two directions).
    case lastState = "last"

    /// The mean of the states of all frames.
    case mean
}
