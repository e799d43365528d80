/// Shapes of networks for keyword spotting, by name.
public enum NetworkPreset: String, CaseIterable, Sendable {
    /// Few weights, for the smallest machines; causal.
    case tiny

    /// The default; causal, so that it serves clips and streams alike.
    case commands

    /// As exact as recurrent networks get here, without regard for a stream: it reads each clip from both ends.
    case best

    /// Two layers of one cell, all with about 160,000 weights, to compare them.
    case elman, lstm, gru

    /// The same with minimal gated recurrent units.
    case minGRU = "mingru"

    /// A convolution before a recurrent layer, of the same size as those.
    case crnn

    /// The layers.
    package var layers: [LayerDescription] {
        switch self {
        case .tiny:
            [
                .convolution(
                    .init(channels: 8, kernelFrames: 5, kernelBands: 5, frameStride: 2, bandStride: 2)),
                .convolution(
                    .init(channels: 16, kernelFrames: 3, kernelBands: 3, frameStride: 2, bandStride: 2)),
                .convolution(.init(channels: 16, kernelFrames: 3, kernelBands: 3, bandStride: 2)),
                .gru(hiddenSize: 44, bidirectional: false),
            ]
        case .commands:
            [
                .convolution(
                    .init(channels: 24, kernelFrames: 5, kernelBands: 5, frameStride: 2, bandStride: 2)),
                .convolution(.init(channels: 48, kernelFrames: 3, kernelBands: 3, bandStride: 2)),
                .convolution(
                    .init(channels: 72, kernelFrames: 3, kernelBands: 3, frameStride: 2, bandStride: 2)),
                .convolution(.init(channels: 72, kernelFrames: 3, kernelBands: 3, bandStride: 2)),
                .gru(hiddenSize: 128, bidirectional: false),
            ]
        case .best:
            [
                .convolution(
                    .init(channels: 32, kernelFrames: 5, kernelBands: 5, frameStride: 2, bandStride: 2)),
                .convolution(.init(channels: 64, kernelFrames: 3, kernelBands: 3, bandStride: 2)),
                .convolution(
                    .init(channels: 112, kernelFrames: 3, kernelBands: 3, frameStride: 2, bandStride: 2)),
                .convolution(.init(channels: 112, kernelFrames: 3, kernelBands: 3, bandStride: 2)),
                .gru(hiddenSize: 128, bidirectional: true),
            ]
        case .elman: Self.pair(.elman, 220)
        case .lstm: Self.pair(.lstm, 108)
        case .gru: Self.pair(.gru, 128)
        case .minGRU: Self.pair(.minGRU, 266)
        case .crnn:
            [
                .convolution(
                    .init(channels: 16, kernelFrames: 5, kernelBands: 8, frameStride: 2, bandStride: 2)),
                .gru(hiddenSize: 118, bidirectional: false),
            ]
        }
    }

    /// How the states of all frames become one vector.
    package var readOut: ReadOut {
        switch self {
        case .tiny: .attention(heads: 2, size: 24)
        case .commands, .best: .attention(heads: 4, size: 64)
        case .elman, .lstm, .gru, .minGRU, .crnn: .mean
        }
    }

    private static func pair(_ cell: Cell, _ hiddenSize: Int) -> [LayerDescription] {
        Array(repeating: .recurrent(RecurrentDescription(cell: cell, hiddenSize: hiddenSize)), count: 2)
    }
}

/// Shapes of networks that spell sentences, by name; the read-out of both is ``ReadOut/frame``.
package enum SpeechPreset: String, CaseIterable, Sendable {
    /// The default: 1.1 million weights; it can follow a stream.
    case causal

    /// It reads each recording from both ends: fewer errors, and sharper bounds of words.
    case bidirectional

    /// The layers; a step is three frames, 30 ms with the usual front end, so that there are twice as many steps as letters.
    package var layers: [LayerDescription] {
        let convolutions: [LayerDescription] = [
            .convolution(.init(channels: 24, kernelFrames: 5, kernelBands: 7, bandStride: 2)),
            .convolution(
                .init(channels: 32, kernelFrames: 5, kernelBands: 5, frameStride: 3, bandStride: 2)),
        ]
        let recurrent: LayerDescription =
            switch self {
            case .causal: .gru(hiddenSize: 240, bidirectional: false)
            case .bidirectional: .gru(hiddenSize: 192, bidirectional: true)
            }
        return convolutions + Array(repeating: recurrent, count: 3)
    }
}
