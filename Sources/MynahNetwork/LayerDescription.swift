/// One layer of a network, of any kind.
package struct LayerDescription: Hashable, Sendable {
    /// All kinds of layers.
    static let kinds: [any LayerKind.Type] = [
        RecurrentDescription.self, ConvolutionDescription.self, InverseCosineDescription.self,
        EmbeddingDescription.self,
    ]

    /// What the layer is.
    let kind: any LayerKind

    /// A layer of a kind.
    init(_ kind: any LayerKind) {
        self.kind = kind
    }

    /// A recurrent layer.
    package static func recurrent(_ layer: RecurrentDescription) -> LayerDescription {
        LayerDescription(layer)
    }

    /// A convolution over time and features, before the recurrent layers.
    package static func convolution(_ layer: ConvolutionDescription) -> LayerDescription {
        LayerDescription(layer)
    }

    /// A matrix that turns a cepstrum back into bands, as the first layer.
    package static func inverseCosine(bandCount: Int) -> LayerDescription {
        LayerDescription(InverseCosineDescription(bandCount: bandCount))
    }

    /// A table of vectors, as the first layer.
    package static func embedding(_ layer: EmbeddingDescription) -> LayerDescription {
        LayerDescription(layer)
    }

    /// Whether the layer is a convolution.
    package var isConvolution: Bool { kind is ConvolutionDescription }

    /// The table of vectors that the layer is, if it is one.
    package var embedding: EmbeddingDescription? { kind as? EmbeddingDescription }

    /// The layer without what only training needs, such as batch normalization.
    var folded: LayerDescription { LayerDescription(kind.folded) }

    /// The layer with what training needs: the opposite of ``folded``.
    package var unfolded: LayerDescription { LayerDescription(kind.unfolded) }

    /// Gated recurrent units: ``recurrent(_:)`` with the cell ``Cell/gru``.
    package static func gru(hiddenSize: Int, bidirectional: Bool, residual: Bool = false) -> LayerDescription
    {
        .recurrent(
            RecurrentDescription(
                cell: .gru, hiddenSize: hiddenSize, bidirectional: bidirectional, residual: residual))
    }

    /// Checks the sizes of this layer by itself; `name` is what an error calls it.
    package func validate(name: String) throws(NetworkError) { try kind.validate(name: name) }

    /// Whether both are of the same kind, with the same settings.
    package static func == (first: LayerDescription, second: LayerDescription) -> Bool {
        first.kind.isEqual(to: second.kind)
    }

    /// Feeds the settings.
    package func hash(into hasher: inout Hasher) { kind.hash(into: &hasher) }
}

extension LayerDescription: Codable {
    private enum Key: String, CodingKey {
        case type
    }

    /// Reads an object whose `type` tells the kind, and whose other members are its settings: for instance
    /// `{"type": "gru", "hiddenSize": 128, "bidirectional": false}`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let type = try container.decode(String.self, forKey: .type)
        guard let kind = Self.kinds.first(where: { $0.types.contains(type) }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .type, in: container, debugDescription: "no layer is called \(type.prefix(40))")
        }
        self.init(try kind.init(from: decoder))
    }

    /// Writes the same form.
    package func encode(to encoder: any Encoder) throws { try kind.encode(to: encoder) }
}

extension LayerDescription: CustomStringConvertible {
    /// As a person writes it: `gru:128`, `bigru:64`, `gru:128:residual`, `conv:16:5x8:2x2`.
    package var description: String { kind.description }

    /// Reads what ``description`` writes; a number alone is a GRU of that many units, and strides may be left out.
    ///
    /// - Throws: ``NetworkError/unreadableLayer(text:)``.
    package init(parsing text: String) throws(NetworkError) {
        if let hiddenSize = Int(text) {
            self = .gru(hiddenSize: hiddenSize, bidirectional: false)
            return
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for kind in Self.kinds {
            guard let layer = kind.init(parsing: parts) else { continue }
            self.init(layer)
            return
        }
        throw .unreadableLayer(text: text)
    }

    /// How a person writes a layer, of all kinds.
    package static var usage: String {
        kinds.map { $0.usage }.filter { !$0.isEmpty }.joined(separator: "; or ")
    }

    /// Some layers as a person may write them, in words.
    static var examples: String {
        let examples = kinds.flatMap { $0.examples }
        return examples.dropLast().joined(separator: ", ") + " or " + (examples.last ?? "")
    }
}
