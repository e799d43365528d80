/// One layer of a network.
package enum LayerDescription: Hashable, Sendable {
    /// A recurrent layer.
    case recurrent(RecurrentDescription)

    /// A convolution over time and features, before the recurrent layers.
    case convolution(ConvolutionDescription)

    /// Gated recurrent units: ``recurrent(_:)`` with the cell ``Cell/gru``.
    package static func gru(hiddenSize: Int, bidirectional: Bool, residual: Bool = false) -> LayerDescription
    {
        .recurrent(
            RecurrentDescription(
                cell: .gru, hiddenSize: hiddenSize, bidirectional: bidirectional, residual: residual))
    }

    /// Features per frame that the layer hands on, where it reads frames of `inputSize` features.
    ///
    /// - Parameter channels: features per frequency of the input, which a convolution needs to know; 1 but behind
    ///   another convolution.
    func outputSize(inputSize: Int, channels: Int) -> Int {
        switch self {
        case .recurrent(let layer): layer.outputSize
        case .convolution(let layer): layer.bandCount(inputBandCount: inputSize / channels) * layer.channels
        }
    }
}

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

    /// Features per frame that the layer hands on.
    package var outputSize: Int { bidirectional ? 2 * hiddenSize : hiddenSize }
}

/// A convolution over time and features, causal in time, followed by a rectifier.
///
/// As the first layers of a CRNN (Arik et al., arXiv 1703.05390). The input's features are bands of a spectrum or
/// coefficients of a cepstrum, with `channels` values each behind another convolution. In time a step reads the frame
/// at its end and those before; among the bands, the first and the last are padded with zeros.
package struct ConvolutionDescription: Hashable, Sendable {
    /// Filters, which are values per band that the layer hands on.
    package var channels: Int

    /// Frames that a filter reads, at least ``frameStride``.
    package var kernelFrames: Int

    /// Bands that a filter reads.
    package var kernelBands: Int

    /// Frames from step to step.
    package var frameStride: Int

    /// Bands from place to place.
    package var bandStride: Int

    /// Whether each channel is normalized over the batch (Ioffe and Szegedy, arXiv 1502.03167): so in training; a
    /// finished model has the normalization folded into its weights.
    package var batchNormalized: Bool

    /// Describes a layer; `NetworkDescription.validate()` tells whether it can be built.
    package init(
        channels: Int, kernelFrames: Int, kernelBands: Int, frameStride: Int = 1, bandStride: Int = 1,
        batchNormalized: Bool = true
    ) {
        self.channels = channels
        self.kernelFrames = kernelFrames
        self.kernelBands = kernelBands
        self.frameStride = frameStride
        self.bandStride = bandStride
        self.batchNormalized = batchNormalized
    }

    /// Places among `inputBandCount` bands.
    func bandCount(inputBandCount: Int) -> Int { (inputBandCount + bandStride - 1) / bandStride }

    /// Bands of zeros before the first one.
    func bandPadding(inputBandCount: Int) -> Int {
        max(0, (bandCount(inputBandCount: inputBandCount) - 1) * bandStride + kernelBands - inputBandCount)
            / 2
    }
}
