import Foundation
import MynahBase
import MynahTestSupport
import Testing

@testable import MynahNetwork

/// One case of `Fixtures/networks.json`, made by `Tools/make_network_goldens.py`.
struct GoldenCase: Decodable, CustomTestStringConvertible {
    let network: NetworkDescription
    let frameCount: Int
    let batchSize: Int
    let parameters: [Float]
    let input: [Float]
    let labels: [Int]
    let decisions: [Int]
    let logits: [Float]
    let loss: Double
    let gradient: [Float]

    var testDescription: String {
        let layers = network.layers.map(\.description).joined(separator: ", ")
        return "\(layers), read-out \(network.readOut), decisions at \(decisions)"
    }

    /// One label for each decision.
    private var targets: [Int] { decisions.flatMap { _ in labels } }

    /// The weights, with rectifiers moved to where they have no edge: a difference across one is no gradient.
    var smoothParameters: [Float] {
        var parameters = parameters
        for (index, layer) in network.layers.enumerated() {
            guard let convolution = layer.kind as? ConvolutionDescription else { continue }
            for entry in network.parameterLayout.entries {
                switch entry.name {
                case "layers.\(index).bias":
                    for place in entry.range { parameters[place] = convolution.batchNormalized ? 2 : 12 }
                case "layers.\(index).scale": for place in entry.range { parameters[place] = 0.3 }
                default: break
                }
            }
        }
        return parameters
    }

    /// The logits as training sees them: batch normalization over the batch.
    func logits(
        parameters: [Float], in pass: NetworkPass, precision: ProductPrecision = .float32
    ) -> [Float] {
        var generator: SeededGenerator? = SeededGenerator(seed: 1)
        return pass.forward(
            parameters: parameters, decisions: decisions, precision: precision, dropout: &generator)
    }

    static let all: [GoldenCase] = {
        struct File: Decodable {
            let cases: [GoldenCase]
        }
        do {
            let url = try #require(Bundle.module.url(forResource: "Fixtures/networks", withExtension: "json"))
            return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
        } catch {
            Issue.record(error)
            return []
        }
    }()

    /// A pass with the case's input `[T, B, D]` in place.
    func makePass() throws -> NetworkPass {
        let pass = try NetworkPass(network, frameCount: frameCount, batchSize: batchSize)
        let featureCount = network.inputSize
        for clip in 0..<batchSize {
            let features = (0..<frameCount).flatMap { frame in
                let start = (frame * batchSize + clip) * featureCount
                return input[start..<start + featureCount]
            }
            pass.setInput(clip: clip, features: features)
        }
        return pass
    }

    func loss(parameters: [Float], in pass: NetworkPass) -> Double {
        SoftmaxCrossEntropy.loss(
            logits: logits(parameters: parameters, in: pass), labels: targets, classCount: network.classCount)
    }

    func gradient(
        parameters: [Float], in pass: NetworkPass, precision: ProductPrecision = .float32
    ) -> [Float] {
        let logits = logits(parameters: parameters, in: pass, precision: precision)
        var gradient = [Float](repeating: 0, count: parameters.count)
        pass.backward(
            logitsGradient: SoftmaxCrossEntropy.gradient(
                logits: logits, labels: targets, classCount: network.classCount),
            gradient: &gradient)
        return gradient
    }
}

@Suite struct GoldenNetworkTests {
    @Test(arguments: GoldenCase.all)
    func logitsAndLossEqualPyTorch(_ golden: GoldenCase) throws {
        let pass = try golden.makePass()
        expectClose(
            golden.logits(parameters: golden.parameters, in: pass), golden.logits, tolerance: 2e-5, "logit")
        #expect(abs(golden.loss(parameters: golden.parameters, in: pass) - golden.loss) < 1e-4)
    }

    @Test(arguments: GoldenCase.all)
    func gradientsEqualPyTorch(_ golden: GoldenCase) throws {
        let gradient = golden.gradient(parameters: golden.parameters, in: try golden.makePass())
        for tensor in golden.network.parameterLayout.entries {
            let expected = Array(golden.gradient[tensor.range])
            let size = expected.map(abs).max() ?? 0
            expectClose(
                Array(gradient[tensor.range]), expected, tolerance: max(1e-4 * size, 1e-6), tensor.name)
        }
    }

    /// Where factors have 8 bits of mantissa, a gradient still points the same way, and is as long.
    @Test(.enabled(if: ProductPrecision.bfloat16.isAvailable), arguments: GoldenCase.all)
    func gradientsInBfloat16AreNearThoseOfPyTorch(_ golden: GoldenCase) throws {
        let gradient = golden.gradient(
            parameters: golden.parameters, in: try golden.makePass(), precision: .bfloat16)
        let difference = zip(gradient, golden.gradient).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }
        let square = golden.gradient.reduce(0.0) { $0 + pow(Double($1), 2) }
        #expect((difference / square).squareRoot() < 0.02)
    }

    @Test(arguments: GoldenCase.all)
    func gradientsEqualCentralDifferences(_ golden: GoldenCase) throws {
        let pass = try golden.makePass()
        let parameters = golden.smoothParameters
        // The gradients of an attention over few steps are so small that a short step drowns them in rounding.
        let isAttentive = if case .attention = golden.network.readOut { true } else { false }
        let errors = gradientErrors(
            parameters: parameters, analytic: golden.gradient(parameters: parameters, in: pass),
            tensors: golden.network.parameterLayout.entries.filter { $0.role != .statistic }
                .map { ($0.name, $0.range) },
            step: isAttentive ? 0.05 : 0.02
        ) { golden.loss(parameters: $0, in: pass) }
        for error in errors {
            #expect(error.relative <= 1e-3, "gradient of \(error.name)")
        }
    }

    /// With dropout the same masks must act in both passes.
    @Test func gradientsWithDropoutEqualCentralDifferences() throws {
        let golden = try #require(GoldenCase.all.dropFirst().first)
        let pass = try NetworkPass(
            golden.network, frameCount: golden.frameCount, batchSize: golden.batchSize,
            dropout: DropoutRates(layers: 0.4, recurrent: 0.3))
        var generator = SeededGenerator(seed: 3)
        for clip in 0..<golden.batchSize {
            let count = golden.frameCount * golden.network.inputSize
            pass.setInput(clip: clip, features: (0..<count).map { _ in 2 * generator.uniform() - 1 })
        }
        func logits(_ parameters: [Float]) -> [Float] {
            var masks: SeededGenerator? = SeededGenerator(seed: 4)
            return pass.forward(parameters: parameters, dropout: &masks)
        }
        var gradient = [Float](repeating: 0, count: golden.parameters.count)
        let start = logits(golden.parameters)
        #expect(start != pass.forward(parameters: golden.parameters), "dropout changed nothing")
        pass.backward(
            logitsGradient: SoftmaxCrossEntropy.gradient(
                logits: logits(golden.parameters), labels: golden.labels,
                classCount: golden.network.classCount,
                labelSmoothing: 0.1),
            gradient: &gradient)
        let errors = gradientErrors(
            parameters: golden.parameters, analytic: gradient,
            tensors: golden.network.parameterLayout.entries.map { ($0.name, $0.range) }
        ) { parameters in
            SoftmaxCrossEntropy.loss(
                logits: logits(parameters), labels: golden.labels, classCount: golden.network.classCount,
                labelSmoothing: 0.1)
        }
        for error in errors {
            #expect(error.relative <= 1e-3, "gradient of \(error.name)")
        }
    }
}
