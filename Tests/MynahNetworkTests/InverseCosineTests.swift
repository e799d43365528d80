import Glibc
import MynahBase
import MynahTestSupport
import Testing

@testable import MynahNetwork

/// The matrix that turns a cepstrum back into bands.
@Suite struct InverseCosineTests {
    private static let network = NetworkDescription(
        inputSize: 4,
        layers: [
            .inverseCosine(bandCount: 6),
            .convolution(
                .init(channels: 2, kernelFrames: 2, kernelBands: 3, bandStride: 2, batchNormalized: false)),
            .gru(hiddenSize: 3, bidirectional: false),
        ], readOut: .last, classCount: 3)

    private static let frameCount = 5

    /// DCT-II, orthonormal, as in `CosineTransform`.
    private static func cosineTransform(_ bands: [Double], coefficientCount: Int) -> [Double] {
        (0..<coefficientCount).map { coefficient in
            let scale = ((coefficient == 0 ? 1.0 : 2) / Double(bands.count)).squareRoot()
            return bands.enumerated().reduce(0) { sum, band in
                sum + scale * band.element
                    * cos(.pi * Double(coefficient) * (Double(band.offset) + 0.5) / Double(bands.count))
            }
        }
    }

    /// What the layer makes of one row as training begins.
    private func bands(of row: [Float], bandCount: Int, deviations: [Float]) throws -> [Float] {
        let network = NetworkDescription(
            inputSize: row.count, layers: [.inverseCosine(bandCount: bandCount)], readOut: .last,
            classCount: bandCount)
        var generator = SeededGenerator(seed: 1)
        var parameters = network.initialParameters(using: &generator, featureDeviations: deviations)
        let output = network.parameterLayout["output.weights"]
        for index in output.range {
            let (row, column) = (index - output.range.lowerBound).quotientAndRemainder(dividingBy: bandCount)
            parameters[index] = row == column ? 1 : 0
        }
        let pass = try NetworkPass(network, frameCount: 1, batchSize: 1)
        pass.setInput(clip: 0, features: row)
        return pass.forward(parameters: parameters)
    }

    @Test func itBeginsAsTheInverseOfTheTransform() throws {
        var generator = SeededGenerator(seed: 3)
        let (bandCount, deviations) = (8, (0..<8).map { 5 / Float($0 + 1) })
        let original = (0..<bandCount).map { _ in generator.gaussian() }
        let coefficients = Self.cosineTransform(original, coefficientCount: bandCount)
        let found = try bands(
            of: zip(coefficients, deviations).map { Float($0) / $1 }, bandCount: bandCount,
            deviations: deviations)
        // A band varies as much as coefficients of these deviations, which have nothing to do with each other, let it.
        for band in 0..<bandCount {
            let unit = (0..<bandCount).map { $0 == band ? 1.0 : 0 }
            let deviation = zip(Self.cosineTransform(unit, coefficientCount: bandCount), deviations)
                .reduce(0) { $0 + $1.0 * $1.0 * Double($1.1) * Double($1.1) }.squareRoot()
            #expect(abs(Double(found[band]) - original[band] / deviation) < 1e-5, "band \(band)")
        }
    }

    @Test func itIsTrained() throws {
        var generator = SeededGenerator(seed: 5)
        var parameters = Self.network.initialParameters(using: &generator)
        for index in Self.network.parameterLayout["layers.1.bias"].range { parameters[index] = 3 }
        let pass = try NetworkPass(Self.network, frameCount: Self.frameCount, batchSize: 1)
        pass.setInput(
            clip: 0,
            features: (0..<Self.frameCount * Self.network.inputSize).map { _ in 2 * generator.uniform() - 1 })
        func loss(_ parameters: [Float]) -> Double {
            SoftmaxCrossEntropy.loss(
                logits: pass.forward(parameters: parameters), labels: [1], classCount: 3)
        }
        var none: SeededGenerator?
        let logits = pass.forward(
            try PreparedNetwork(Self.network, parameters: parameters, for: .training(.float32)),
            dropout: &none)
        var gradient = [Float](repeating: 0, count: parameters.count)
        pass.backward(
            logitsGradient: SoftmaxCrossEntropy.gradient(logits: logits, labels: [1], classCount: 3),
            gradient: &gradient)
        let tensor = Self.network.parameterLayout["layers.0.weights"]
        for error in gradientErrors(
            parameters: parameters, analytic: gradient, tensors: [(tensor.name, tensor.range)], loss: loss)
        {
            #expect(error.relative < 1e-3, "\(error.name)")
        }
    }

    @Test func itStandsFirstAndHasBandsForAllCoefficients() {
        func check(_ layers: [LayerDescription]) throws {
            try NetworkDescription(inputSize: 4, layers: layers, readOut: .last, classCount: 2).validate()
        }
        #expect(throws: NetworkError.fewerBandsThanCoefficients(bands: 3, coefficients: 4)) {
            try check([.inverseCosine(bandCount: 3)])
        }
        #expect(throws: NetworkError.behindLayer(layer: 1, type: "inverseCosine")) {
            try check([.gru(hiddenSize: 4, bidirectional: false), .inverseCosine(bandCount: 4)])
        }
    }
}
