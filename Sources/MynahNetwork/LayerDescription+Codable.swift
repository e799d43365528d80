extension LayerDescription: Codable {
    private enum Key: String, CodingKey {
        case type, hiddenSize, bidirectional, residual
        case channels, kernelFrames, kernelBands, frameStride, bandStride, batchNormalized
    }

    private static let convolutionType = "convolution"

    /// Reads `{"type": "gru", "hiddenSize": 128, "bidirectional": false}`, the type being one of ``Cell``, or
    /// `{"type": "convolution", "channels": 16, …}` with all of the settings of ``ConvolutionDescription``.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let type = try container.decode(String.self, forKey: .type)
        func size(_ key: Key) throws -> Int { try container.decode(Int.self, forKey: key) }
        if type == Self.convolutionType {
            self = .convolution(
                ConvolutionDescription(
                    channels: try size(.channels), kernelFrames: try size(.kernelFrames),
                    kernelBands: try size(.kernelBands), frameStride: try size(.frameStride),
                    bandStride: try size(.bandStride),
                    batchNormalized: try container.decodeIfPresent(Bool.self, forKey: .batchNormalized)
                        ?? false))
        } else {
            self = .recurrent(
                RecurrentDescription(
                    cell: try container.decode(Cell.self, forKey: .type), hiddenSize: try size(.hiddenSize),
                    bidirectional: try container.decode(Bool.self, forKey: .bidirectional),
                    residual: try container.decodeIfPresent(Bool.self, forKey: .residual) ?? false))
        }
    }

    /// Writes the same form.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .recurrent(let layer):
            try container.encode(layer.cell, forKey: .type)
            try container.encode(layer.hiddenSize, forKey: .hiddenSize)
            try container.encode(layer.bidirectional, forKey: .bidirectional)
            if layer.residual { try container.encode(true, forKey: .residual) }
        case .convolution(let layer):
            try container.encode(Self.convolutionType, forKey: .type)
            try container.encode(layer.channels, forKey: .channels)
            try container.encode(layer.kernelFrames, forKey: .kernelFrames)
            try container.encode(layer.kernelBands, forKey: .kernelBands)
            try container.encode(layer.frameStride, forKey: .frameStride)
            try container.encode(layer.bandStride, forKey: .bandStride)
            if layer.batchNormalized { try container.encode(true, forKey: .batchNormalized) }
        }
    }
}
