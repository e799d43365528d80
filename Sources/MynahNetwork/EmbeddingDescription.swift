/// A table of learnt vectors, which the first layer of a network looks things up in: words, and the parts of words.
///
/// A step of its input is no list of measurements but of rows of the table, written as numbers, which `Float` holds exactly.
/// What is handed on is the sum of the vectors of those rows, over the square root of their number, so that a word of many
/// parts is no louder than one of few. A negative number is no row: steps need not have equally many. Sums of vectors of a
/// word's parts are Bojanowski et al., "Enriching word vectors with subword information", arXiv 1607.04606.
package struct EmbeddingDescription: Hashable, Sendable, Codable {
    /// Vectors in the table.
    package var rows: Int

    /// Values of a vector.
    package var size: Int

    private var type = Self.typeName
    private static let typeName = "embedding"

    private enum CodingKeys: String, CodingKey {
        case type, rows, size
    }

    /// Describes a layer; `NetworkDescription.validate()` tells whether it can be built.
    package init(rows: Int, size: Int) {
        self.rows = rows
        self.size = size
    }

    /// The most rows: whole numbers beyond this are no longer exact in `Float`.
    static let maximumRows = 1 << 24

    /// What stands in the place of a row where there is none.
    package static let noRow: Float = -1
}

extension EmbeddingDescription: LayerKind {
    static var types: [String] { [typeName] }

    /// Nobody writes it by hand: its rows follow from the data.
    static var usage: String { "" }

    static var examples: [String] { [] }

    init?(parsing parts: [Substring]) { nil }

    package var description: String { "\(Self.typeName):\(rows):\(size)" }

    func output(of input: StepShape) -> StepShape { StepShape(size: size, channels: nil) }

    var readsRows: Bool { true }

    func validate(name: String) throws(NetworkError) {
        try checkSize("\(name).rows", rows, 1...Self.maximumRows)
        try checkSize("\(name).size", size, 1...4096)
    }

    func validate(input: StepShape, index: Int) throws(NetworkError) {
        guard index == 0 else { throw .behindLayer(layer: index, type: Self.typeName) }
    }

    func carriedValueCount(input: StepShape) -> Int { 0 }

    func valueCount(input: StepShape, stepCount: Int) -> Int { stepCount * size }

    /// Rows are added up; only their sum is multiplied.
    func multiplyAccumulates(input: StepShape) -> Int { size }

    /// `vectors` `[rows, size]`, uniform within `±√(3 / size)` at first (Lample et al., arXiv 1603.01360, section 4.1).
    func appendParameters(to layout: inout ParameterLayout, part: ParameterLayout.Part, input: StepShape) {
        layout.append(part, "vectors", rows, size, role: .weight, initializer: .unitVectors)
    }

    func makeLayer(_ place: LayerPlace) -> any SequenceLayer { EmbeddingLayer(self, place) }
}
