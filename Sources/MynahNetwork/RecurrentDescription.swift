/// The recurrence of a layer.
package enum Cell: String, Codable, Hashable, Sendable, CaseIterable {
    /// Elman's simple recurrent network with tanh (Elman, "Finding structure in time", 1990).
    case elman

    /// Long short-term memory with forget gate (Hochreiter and Schmidhuber, 1997; Gers et al., 2000).
    case lstm

    /// Gated recurrent unit (Cho et al., arXiv 1406.1078), reset gate after the recurrent product.
    case gru

    /// Minimal GRU, whose gates do not read the state (Feng et al., arXiv 2410.01201).
    case minGRU = "mingru"

    /// Products per unit, `G`.
    var gateCount: Int {
        switch self {
        case .elman: 1
        case .lstm: 4
        case .gru: 3
        case .minGRU: 2
        }
    }

    /// What the biases of each gate begin with: zero, but for an LSTM's forget gate and a minGRU's update gate, so that
    /// both begin by remembering (Jozefowicz et al., ICML 2015).
    var initialBiases: [Float] {
        switch self {
        case .elman: [0]
        case .lstm: [0, 1, 0, 0]
        case .gru: [0, 0, 0]
        case .minGRU: [-2, 0]
        }
    }

    /// Whether the gates read the state before.
    var readsState: Bool { self != .minGRU }

    /// Values per unit that go from step to step: of an LSTM its state and its cell state.
    var statesPerUnit: Int { self == .lstm ? 2 : 1 }

    /// The gate that tells how much of its old state a unit keeps, or, where it is inverted, how much it does not; nil for
    /// a cell without one.
    package var keepingGate: (index: Int, isInverted: Bool)? {
        switch self {
        case .elman: nil
        case .lstm, .gru: (1, false)
        case .minGRU: (0, true)
        }
    }
}

/// A recurrent layer: cells of one kind, in one direction or two.
package struct RecurrentDescription: Hashable, Sendable {
    /// The recurrence.
    package var cell: Cell

    /// Units of each direction, `H`.
    package var hiddenSize: Int

    /// Adds a second set of units that reads the clip from its end.
    package var bidirectional: Bool

    /// Adds the layer's input to its output (He et al., arXiv 1512.03385); both must have the same size.
    package var residual: Bool

    /// Describes a layer; `NetworkDescription.validate()` tells whether it can be built.
    package init(cell: Cell, hiddenSize: Int, bidirectional: Bool = false, residual: Bool = false) {
        self.cell = cell
        self.hiddenSize = hiddenSize
        self.bidirectional = bidirectional
        self.residual = residual
    }

    /// Values per step that the layer hands on.
    package var outputSize: Int { bidirectional ? 2 * hiddenSize : hiddenSize }

    /// The names of the directions.
    private var directionNames: [String] { bidirectional ? ["forward", "backward"] : ["forward"] }
}

extension RecurrentDescription: LayerKind {
    static var types: [String] { Cell.allCases.map(\.rawValue) }

    static var usage: String {
        """
        CELL:UNITS with one of the cells \(types.joined(separator: ", ")), biCELL:UNITS to read each clip from both ends \
        (such a model cannot follow a stream), CELL:UNITS:residual
        """
    }

    static let examples = ["gru:128", "bilstm:64", "gru:128:residual"]

    private static let bidirectionalPrefix = "bi"
    private static let residualSuffix = "residual"

    init?(parsing parts: [Substring]) {
        guard parts.count == 2 || parts.dropFirst(2) == [Self.residualSuffix[...]],
            let hiddenSize = Int(parts[1])
        else { return nil }
        let isBidirectional = parts[0].hasPrefix(Self.bidirectionalPrefix)
        let name = parts[0].dropFirst(isBidirectional ? Self.bidirectionalPrefix.count : 0)
        guard let cell = Cell(rawValue: String(name)) else { return nil }
        self.init(
            cell: cell, hiddenSize: hiddenSize, bidirectional: isBidirectional, residual: parts.count == 3)
    }

    /// As a person writes it: `gru:128`, `bigru:64`, `gru:128:residual`.
    package var description: String {
        (bidirectional ? Self.bidirectionalPrefix : "") + "\(cell.rawValue):\(hiddenSize)"
            + (residual ? ":\(Self.residualSuffix)" : "")
    }

    func output(of input: StepShape) -> StepShape { StepShape(size: outputSize, channels: nil) }

    var backwardSize: Int { bidirectional ? hiddenSize : 0 }

    func validate(name: String) throws(NetworkError) {
        try checkSize("\(name).hiddenSize", hiddenSize, 1...4096)
    }

    func validate(input: StepShape, index: Int) throws(NetworkError) {
        guard !residual || input.size == outputSize else {
            throw .residualSize(layer: index, input: input.size, output: outputSize)
        }
    }

    func carriedValueCount(input: StepShape) -> Int { cell.statesPerUnit * hiddenSize }

    func valueCount(input: StepShape, stepCount: Int) -> Int {
        // The gates, the states, what the cell keeps beside them, and the output.
        (stepCount + 1) * (cell.gateCount + 3) * outputSize
    }

    func multiplyAccumulates(input: StepShape) -> Int {
        outputSize * cell.gateCount * (input.size + (cell.readsState ? hiddenSize : 0))
    }

    /// Per direction: `inputWeights` `[G·H, D]`, `recurrentWeights` `[G·H, H]` (not minGRU) and `bias` `[G·H]`, of which
    /// the GRU has two, `inputBias` and `recurrentBias`.
    func appendParameters(to layout: inout ParameterLayout, part: ParameterLayout.Part, input: StepShape) {
        let rows = cell.gateCount * hiddenSize
        for direction in directionNames {
            layout.append(
                part, "\(direction).inputWeights", rows, input.size, role: .weight,
                initializer: .glorot(outputs: hiddenSize), products: .inTrainingPrecision)
            if cell.readsState {
                layout.append(
                    part, "\(direction).recurrentWeights", rows, hiddenSize, role: .weight,
                    initializer: .orthogonal, products: .inTrainingPrecision)
            }
            let initializer = ParameterLayout.Initializer.constant(cell.initialBiases)
            if cell == .gru {
                layout.append(part, "\(direction).inputBias", rows, role: .bias, initializer: initializer)
                layout.append(part, "\(direction).recurrentBias", rows, role: .bias, initializer: initializer)
            } else {
                layout.append(part, "\(direction).bias", rows, role: .bias, initializer: initializer)
            }
        }
    }

    func makeLayer(_ place: LayerPlace) -> any SequenceLayer { RecurrentLayer(self, place) }
}

extension RecurrentDescription: Codable {
    private enum Key: String, CodingKey {
        case type, hiddenSize, bidirectional, residual
    }

    /// Reads `{"type": "gru", "hiddenSize": 128, "bidirectional": false}`, the type being one of ``Cell``; `residual` may
    /// be left out.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            cell: try container.decode(Cell.self, forKey: .type),
            hiddenSize: try container.decode(Int.self, forKey: .hiddenSize),
            bidirectional: try container.decode(Bool.self, forKey: .bidirectional),
            residual: try container.decodeIfPresent(Bool.self, forKey: .residual) ?? false)
    }

    /// Writes the same form.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(cell, forKey: .type)
        try container.encode(hiddenSize, forKey: .hiddenSize)
        try container.encode(bidirectional, forKey: .bidirectional)
        if residual { try container.encode(true, forKey: .residual) }
    }
}
