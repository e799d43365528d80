extension LayerDescription: CustomStringConvertible {
    private static let convolution = "conv"
    private static let bidirectionalPrefix = "bi"
    private static let residual = "residual"

    /// As a person writes it: `gru:128`, `bigru:64`, `gru:128:residual`, `conv:16:5x8:2x2`.
    package var description: String {
        switch self {
        case .recurrent(let layer):
            (layer.bidirectional ? Self.bidirectionalPrefix : "")
                + "\(layer.cell.rawValue):\(layer.hiddenSize)"
                + (layer.residual ? ":\(Self.residual)" : "")
        case .convolution(let layer):
            "\(Self.convolution):\(layer.channels):\(layer.kernelFrames)x\(layer.kernelBands)"
                + ":\(layer.frameStride)x\(layer.bandStride)"
        }
    }

    /// Reads what ``description`` writes; a number alone is a GRU of that many units, and strides may be left out.
    ///
    /// - Throws: ``NetworkError/unreadableLayer(text:)``.
    package init(parsing text: String) throws(NetworkError) {
        if let hiddenSize = Int(text) {
            self = .gru(hiddenSize: hiddenSize, bidirectional: false)
            return
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 2, let size = Int(parts[1]), let layer = Self(parts, size: size) else {
            throw .unreadableLayer(text: text)
        }
        self = layer
    }

    private init?(_ parts: [Substring], size: Int) {
        if parts[0] == Self.convolution {
            guard (3...4).contains(parts.count), let kernel = Self.pair(parts[2]),
                let stride = parts.count == 4 ? Self.pair(parts[3]) : (1, 1)
            else { return nil }
            self = .convolution(
                ConvolutionDescription(
                    channels: size, kernelFrames: kernel.0, kernelBands: kernel.1, frameStride: stride.0,
                    bandStride: stride.1))
        } else {
            let isBidirectional = parts[0].hasPrefix(Self.bidirectionalPrefix)
            let name = parts[0].dropFirst(isBidirectional ? Self.bidirectionalPrefix.count : 0)
            guard let cell = Cell(rawValue: String(name)),
                parts.count == 2 || parts[2...] == [Self.residual[...]]
            else { return nil }
            self = .recurrent(
                RecurrentDescription(
                    cell: cell, hiddenSize: size, bidirectional: isBidirectional, residual: parts.count == 3))
        }
    }

    /// `5x8`.
    private static func pair(_ text: Substring) -> (Int, Int)? {
        let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let first = numbers[0], let second = numbers[1] else { return nil }
        return (first, second)
    }
}

extension ReadOut: CustomStringConvertible {
    /// As a person writes it: `last`, `mean`, `attention:4:64` for 4 heads and a hidden layer of 64.
    package var description: String {
        switch self {
        case .last: "last"
        case .mean: "mean"
        case .attention(let heads, let size): "attention:\(heads):\(size)"
        }
    }

    /// Reads what ``description`` writes.
    ///
    /// - Throws: ``NetworkError/unreadableReadOut(text:)``.
    package init(parsing text: String) throws(NetworkError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        switch (parts.first, parts.count) {
        case ("last", 1): self = .last
        case ("mean", 1): self = .mean
        case ("attention", 3):
            guard let heads = Int(parts[1]), let size = Int(parts[2]) else {
                throw .unreadableReadOut(text: text)
            }
            self = .attention(heads: heads, size: size)
        default: throw .unreadableReadOut(text: text)
        }
    }
}
