import Foundation
import MynahBase
import MynahTestSupport
import Testing

@testable import MynahNetwork

/// A kind of layer that nothing in Mynah knows of: each value times a weight of its own.
private struct Scaling: LayerKind {
    static let types = ["scaling"]
    static let usage = "scaling"
    static let examples = ["scaling"]

    init() {}
    init?(parsing parts: [Substring]) { guard parts == ["scaling"] else { return nil } }
    var description: String { "scaling" }

    func output(of input: StepShape) -> StepShape { input }
    func validate(name: String) throws(NetworkError) {}
    func carriedValueCount(input: StepShape) -> Int { 0 }
    func valueCount(input: StepShape, stepCount: Int) -> Int { stepCount * input.size }
    func multiplyAccumulates(input: StepShape) -> Int { input.size }

    func appendParameters(to layout: inout ParameterLayout, part: ParameterLayout.Part, input: StepShape) {
        layout.append(part, "factors", input.size, role: .bias, initializer: .constant([1]))
    }

    func makeLayer(_ place: LayerPlace) -> any SequenceLayer { ScalingLayer(place) }
}

private final class ScalingLayer: SequenceLayer {
    private let factors: ParameterLayout.Entry
    private let size: Int
    private let values: FloatBuffer
    private var gradient = FloatBuffer(count: 0)

    init(_ place: LayerPlace) {
        factors = place.layout[place.part, "factors"]
        size = place.input.size
        values = FloatBuffer(count: place.stepCount * place.batchSize * size)
    }

    var output: MatrixView { values.matrix(columns: size) }
    var outputGradient: MatrixView { gradient.matrix(columns: size) }
    var state: [MatrixView] { [] }

    func forward(_ input: MatrixView, _ weights: Weights, context: inout PassContext) {
        for row in 0..<output.rows {
            for column in 0..<size {
                output.base[row * size + column] =
                    input.base[row * input.stride + column] * weights[factors][column]
            }
        }
    }

    func beginBackward() {
        gradient.ensure(count: values.count)
        gradient.clear()
    }

    func backward(
        _ input: MatrixView, _ weights: Weights, gradient target: UnsafeMutablePointer<Float>,
        inputGradient: MatrixView?
    ) {
        for row in 0..<input.rows {
            for column in 0..<size {
                let flowing = outputGradient.base[row * size + column]
                target[factors.range.lowerBound + column] +=
                    flowing * input.base[row * input.stride + column]
                inputGradient?.base[row * size + column] += flowing * weights[factors][column]
            }
        }
    }
}

/// A kind that conforms is a kind: it is trained, followed as a stream, and counted, without a change elsewhere.
@Suite struct LayerKindTests {
    private static let network = NetworkDescription(
        inputSize: 6,
        layers: [
            LayerDescription(Scaling()),
            .convolution(
                .init(
                    channels: 3, kernelFrames: 3, kernelBands: 3, frameStride: 2, bandStride: 2,
                    batchNormalized: false)),
            LayerDescription(Scaling()), .gru(hiddenSize: 5, bidirectional: false),
            LayerDescription(Scaling()),
        ], readOut: .attention(heads: 2, size: 4), classCount: 3)

    private static let frameCount = 12
    private let parameters: [Float]
    private let features: [Float]

    init() throws {
        var generator = SeededGenerator(seed: 5)
        var parameters = Self.network.initialParameters(using: &generator).map {
            $0 + 0.3 * (generator.uniform() - 0.5)
        }
        // No rectifier at its edge, where a difference is no gradient.
        for index in Self.network.parameterLayout["layers.1.bias"].range { parameters[index] = 3 }
        self.parameters = parameters
        features = (0..<Self.frameCount * Self.network.inputSize).map { _ in 2 * generator.uniform() - 1 }
    }

    private func makePass() throws -> NetworkPass {
        let pass = try NetworkPass(Self.network, frameCount: Self.frameCount, batchSize: 1)
        pass.setInput(clip: 0, features: features)
        return pass
    }

    @Test func itIsDescribed() throws {
        try Self.network.validate()
        #expect(Self.network.isCausal && Self.network.timeStride == 2)
        #expect(Self.network.parameterLayout.entries[0].name == "layers.0.factors")
        #expect(Self.network.layers[0] == Self.network.layers[2])
        #expect(Self.network.layers[0] != Self.network.layers[1])
        #expect(Self.network.layers.map(\.description)[2...] == ["scaling", "gru:5", "scaling"])
        #expect(Self.network.folded(parameters).parameters == parameters)
    }

    @Test func itIsTrained() throws {
        let pass = try makePass()
        func loss(_ parameters: [Float]) -> Double {
            SoftmaxCrossEntropy.loss(
                logits: pass.forward(parameters: parameters), labels: [1], classCount: 3)
        }
        var none: SeededGenerator?
        let prepared = try PreparedNetwork(
            Self.network, parameters: parameters, for: .training(.float32))
        let logits = pass.forward(prepared, dropout: &none)
        var gradient = [Float](repeating: 0, count: parameters.count)
        pass.backward(
            logitsGradient: SoftmaxCrossEntropy.gradient(logits: logits, labels: [1], classCount: 3),
            gradient: &gradient)
        let tensors = Self.network.parameterLayout.entries.filter { $0.tensor == "factors" }
        for error in gradientErrors(
            parameters: parameters, analytic: gradient, tensors: tensors.map { ($0.name, $0.range) },
            loss: loss)
        {
            #expect(error.relative < 1e-3, "\(error.name)")
        }
    }

    @Test func itFollowsAStream() throws {
        let pass = try makePass()
        let expected = pass.forward(parameters: parameters, decisions: Array(0..<pass.stepCount))
        let stream = try NetworkStream(
            PreparedNetwork(Self.network, parameters: parameters), windowFrames: Self.frameCount)
        var heard: [Float] = []
        for start in stride(from: 0, to: features.count, by: Self.network.inputSize) {
            let frame = Array(features[start..<start + Self.network.inputSize])
            if stream.step(frame.span) { heard += stream.logits }
        }
        expectClose(heard, expected, tolerance: 1e-5, "logit")
    }

    /// What a person writes and a file holds leads back to the same layer, for every kind there is; and no name is taken
    /// twice.
    @Test func everyKindIsReadAsItIsWritten() throws {
        let types = LayerDescription.kinds.flatMap { $0.types }
        #expect(Set(types).count == types.count)
        for kind in LayerDescription.kinds {
            for example in kind.examples {
                let layer = try LayerDescription(parsing: example)
                #expect(layer.description.hasPrefix(example))
                #expect(type(of: layer.kind) == kind)
                let json = try JSONEncoder().encode(layer)
                #expect(try JSONDecoder().decode(LayerDescription.self, from: json) == layer)
            }
        }
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(LayerDescription.self, from: Data(#"{"type": "scaling"}"#.utf8))
        }
    }
}
