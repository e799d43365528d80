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

    /// Describes a network; ``validate()`` tells whether it can be built.
    public init(inputSize: Int, layers: [LayerDescription], readOut: ReadOut, classCount: Int) {
        self.inputSize = inputSize
        self.layers = layers
        self.readOut = readOut
        self.classCount = classCount
    }

    /// Checks every size, so that nothing is allocated for a description that lies.
    public func validate() throws(NetworkError) {
        func check(_ name: String, _ actual: Int, _ allowed: ClosedRange<Int>) throws(NetworkError) {
            guard allowed.contains(actual) else {
                throw .sizeOutOfRange(name: name, actual: actual, allowed: allowed)
            }
        }
        guard (1...16).contains(layers.count) else {
            throw .layerCountOutOfRange(actual: layers.count, allowed: 1...16)
        }
        try check("inputSize", inputSize, 1...4096)
        try check("classCount", classCount, 2...10_000)
        for (index, layer) in layers.enumerated() {
            switch layer {
            case .gru(let hiddenSize, _): try check("layers[\(index)].hiddenSize", hiddenSize, 1...4096)
            }
        }
        let parameterCount = parameterLayout.parameterCount
        guard parameterCount <= Self.parameterLimit else {
            throw .tooManyParameters(actual: parameterCount, limit: Self.parameterLimit)
        }
    }

    /// Most parameters that a network may have: 256 MiB, a hundred times what keyword spotting needs.
    static let parameterLimit = 1 << 26

    /// Features per frame after the last recurrent layer, which the read-out hands to the output layer.
    public var readOutSize: Int { layers.last?.outputSize ?? inputSize }

    /// Whether each frame's output depends on that frame and earlier ones only, so that a stream can be followed.
    public var isCausal: Bool {
        layers.allSatisfy { layer in
            switch layer {
            case .gru(_, let bidirectional): !bidirectional
            }
        }
    }

    /// Multiply–accumulates that one frame costs, all layers together.
    public var multiplyAccumulatesPerFrame: Int {
        var size = inputSize
        var total = 0
        for layer in layers {
            switch layer {
            case .gru(let hiddenSize, let bidirectional):
                total += (bidirectional ? 2 : 1) * 3 * hiddenSize * (size + hiddenSize)
            }
            size = layer.outputSize
        }
        return total
    }

    /// Multiply–accumulates of the output layer, once a decision.
    public var multiplyAccumulatesPerDecision: Int { readOutSize * classCount }
}

/// One layer of a network.
public enum LayerDescription: Hashable, Sendable {
    /// Gated recurrent units (arXiv 1406.1078) of `hiddenSize` units, with the reset gate after the recurrent product;
    /// `bidirectional` adds a second one that reads the clip from its end.
    case gru(hiddenSize: Int, bidirectional: Bool)

    /// Features per frame that the layer hands on.
    public var outputSize: Int {
        switch self {
        case .gru(let hiddenSize, let bidirectional): bidirectional ? 2 * hiddenSize : hiddenSize
        }
    }
}

extension LayerDescription: Codable {
    private enum Key: String, CodingKey {
        case type, hiddenSize, bidirectional
    }

    private enum Kind: String, Codable {
        case gru
    }

    /// Reads `{"type": "gru", "hiddenSize": 128, "bidirectional": false}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(Kind.self, forKey: .type) {
        case .gru:
            self = .gru(
                hiddenSize: try container.decode(Int.self, forKey: .hiddenSize),
                bidirectional: try container.decode(Bool.self, forKey: .bidirectional))
        }
    }

    /// Writes the same form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .gru(let hiddenSize, let bidirectional):
            try container.encode(Kind.gru, forKey: .type)
            try container.encode(hiddenSize, forKey: .hiddenSize)
            try container.encode(bidirectional, forKey: .bidirectional)
        }
    }
}

/// How the states of all frames become one vector.
public enum ReadOut: String, Codable, Hashable, Sendable, CaseIterable {
    /// The state after the last frame of each direction.
    case lastState = "last"

    /// The mean of the states of all frames.
    case mean
}
