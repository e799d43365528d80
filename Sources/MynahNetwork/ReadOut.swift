/// How the states of all frames become one vector.
package enum ReadOut: Hashable, Sendable {
    /// The state after the last frame of each direction.
    case last

    /// The states of the step that decides, of both directions: one output for each step, each of which has heard the whole
    /// clip where the network reads it from both ends. What ``CTCLoss`` spells with.
    case frame

    /// The mean of the states of all frames.
    case mean

    /// Weighted means, one for each head, side by side: structured self-attention (Lin et al., arXiv 1703.03130).
    ///
    /// The weights of the frames are `softmax(W₂ tanh(W₁ h))`, with `W₁` `[size, R]` and `W₂` `[heads, size]`.
    case attention(heads: Int, size: Int)

    /// Values that the output layer reads, where the states have `stateSize`.
    func outputSize(stateSize: Int) -> Int {
        switch self {
        case .last, .frame, .mean: stateSize
        case .attention(let heads, _): heads * stateSize
        }
    }
}

extension ReadOut: Codable {
    private enum Key: String, CodingKey {
        case type, heads, size
    }

    private static let attentionType = "attention"

    /// Reads `"last"`, `"frame"`, `"mean"` or `{"type": "attention", "heads": 4, "size": 64}`.
    package init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            switch name {
            case "last": self = .last
            case "frame": self = .frame
            case "mean": self = .mean
            default:
                throw DecodingError.dataCorrupted(
                    .init(
                        codingPath: decoder.codingPath,
                        debugDescription: "no read-out is called \(name.prefix(40))"))
            }
            return
        }
        let container = try decoder.container(keyedBy: Key.self)
        let type = try container.decode(String.self, forKey: .type)
        guard type == Self.attentionType else {
            throw DecodingError.dataCorruptedError(
                forKey: .type, in: container, debugDescription: "no read-out is called \(type.prefix(40))")
        }
        self = .attention(
            heads: try container.decode(Int.self, forKey: .heads),
            size: try container.decode(Int.self, forKey: .size))
    }

    /// Writes the same form.
    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .last, .frame, .mean:
            var container = encoder.singleValueContainer()
            try container.encode(description)
        case .attention(let heads, let size):
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(Self.attentionType, forKey: .type)
            try container.encode(heads, forKey: .heads)
            try container.encode(size, forKey: .size)
        }
    }
}

extension ReadOut: CustomStringConvertible {
    /// As a person writes it: `last`, `frame`, `mean`, `attention:4:64` for 4 heads and a hidden layer of 64.
    package var description: String {
        switch self {
        case .last: "last"
        case .frame: "frame"
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
        case ("frame", 1): self = .frame
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
