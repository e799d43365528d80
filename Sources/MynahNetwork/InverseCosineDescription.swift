/// A learnt matrix, applied at each step, that begins as the inverse of the cosine transform: it turns the coefficients of a
/// cepstrum back into bands.
///
/// Neighbouring bands of a spectrum belong together, neighbouring coefficients of a cepstrum do not, so a convolution wants
/// bands. With as many coefficients as there were bands the orthonormal transform has lost nothing, and this layer finds the
/// bands again; with fewer, bands of a smoothed spectrum. Training may turn them into better ones.
package struct InverseCosineDescription: Hashable, Sendable, Codable {
    /// Bands that the layer hands on, at least as many as there are coefficients.
    package var bandCount: Int

    private var type = Self.typeName
    private static let typeName = "inverseCosine"

    private enum CodingKeys: String, CodingKey {
        case type, bandCount
    }

    /// Describes a layer; `NetworkDescription.validate()` tells whether it can be built.
    package init(bandCount: Int) {
        self.bandCount = bandCount
    }
}

extension InverseCosineDescription: LayerKind {
    static var types: [String] { [typeName] }

    static let usage = "idct:BANDS, first, to turn a cepstrum back into bands"
    static let examples = ["idct:40"]

    private static let shortName = "idct"

    init?(parsing parts: [Substring]) {
        guard parts.count == 2, parts[0] == Self.shortName, let bandCount = Int(parts[1]) else { return nil }
        self.init(bandCount: bandCount)
    }

    /// As a person writes it: `idct:40`.
    package var description: String { "\(Self.shortName):\(bandCount)" }

    func output(of input: StepShape) -> StepShape { .frame(featureCount: bandCount) }

    func validate(name: String) throws(NetworkError) {
        try checkSize("\(name).bandCount", bandCount, 1...4096)
    }

    func validate(input: StepShape, index: Int) throws(NetworkError) {
        guard index == 0 else { throw .behindLayer(layer: index, type: Self.typeName) }
        guard input.size <= bandCount else {
            throw .fewerBandsThanCoefficients(bands: bandCount, coefficients: input.size)
        }
    }

    func carriedValueCount(input: StepShape) -> Int { 0 }

    func valueCount(input: StepShape, stepCount: Int) -> Int { stepCount * bandCount }

    func multiplyAccumulates(input: StepShape) -> Int { bandCount * input.size }

    /// `weights` `[bands, coefficients]`.
    func appendParameters(to layout: inout ParameterLayout, part: ParameterLayout.Part, input: StepShape) {
        layout.append(
            part, "weights", bandCount, input.size, role: .weight, initializer: .inverseCosine,
            products: .exact)
    }

    func makeLayer(_ place: LayerPlace) -> any SequenceLayer { InverseCosineLayer(self, place) }
}
