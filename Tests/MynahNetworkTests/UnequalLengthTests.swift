import MynahBase
import MynahTestSupport
import Testing

@testable import MynahNetwork

/// Clips of unequal length in one batch: one output for each step, and no trace of what lies behind the end of a clip.
@Suite struct UnequalLengthTests {
    static let causal = network([
        .gru(hiddenSize: 9, bidirectional: false), .gru(hiddenSize: 9, bidirectional: false),
    ])
    static let bidirectional = network([
        .gru(hiddenSize: 6, bidirectional: true),
        .recurrent(RecurrentDescription(cell: .lstm, hiddenSize: 5, bidirectional: true)),
    ])
    static let convolutional = network([
        .convolution(
            ConvolutionDescription(
                channels: 3, kernelFrames: 4, kernelBands: 3, frameStride: 2, bandStride: 2)),
        .convolution(ConvolutionDescription(channels: 4, kernelFrames: 3, kernelBands: 2)),
        .recurrent(RecurrentDescription(cell: .minGRU, hiddenSize: 7, bidirectional: true)),
        .recurrent(RecurrentDescription(cell: .elman, hiddenSize: 5, bidirectional: true)),
    ])

    private static func network(_ layers: [LayerDescription]) -> NetworkDescription {
        NetworkDescription(inputSize: 6, layers: layers, readOut: .frame, classCount: 4)
    }

    private let counts = [23, 14, 9]

    private func parameters(of network: NetworkDescription) -> [Float] {
        var generator = SeededGenerator(seed: 11)
        return network.initialParameters(using: &generator)
    }

    private func clip(_ number: Int) -> [Float] {
        var generator = SeededGenerator(seed: 1, number)
        return (0..<counts[number] * 6).map { _ in 2 * generator.uniform() - 1 }
    }

    /// Logits and gradient of some clips in one batch of `frameCount` frames, with CTC on top of it.
    private func run(
        _ network: NetworkDescription, clips: [Int], frameCount: Int
    ) throws -> (logits: [[Float]], gradient: [Float]) {
        let pass = try NetworkPass(network, frameCount: frameCount, batchSize: clips.count)
        for (place, number) in clips.enumerated() { pass.setInput(clip: place, features: clip(number)) }
        let parameters = parameters(of: network)
        var training: SeededGenerator? = SeededGenerator(seed: 1)
        let logits = pass.forward(
            parameters: parameters, decisions: Array(0..<pass.stepCount), dropout: &training)
        let loss = CTCLoss(classCount: network.classCount).evaluate(
            logits: logits, stepCounts: pass.clipStepCounts, symbols: clips.map { _ in [1, 2, 2] })
        var gradient = [Float](repeating: 0, count: parameters.count)
        pass.backward(logitsGradient: loss.gradient, gradient: &gradient)
        let own = clips.indices.map { place in
            (0..<pass.clipStepCounts[place]).flatMap { step in
                let start = (step * clips.count + place) * network.classCount
                return logits[start..<start + network.classCount]
            }
        }
        return (own, gradient)
    }

    @Test(arguments: [causal, bidirectional, convolutional])
    func paddingChangesNothing(_ network: NetworkDescription) throws {
        for number in counts.indices {
            let alone = try run(network, clips: [number], frameCount: counts[number])
            let padded = try run(network, clips: [number], frameCount: 40)
            expectClose(padded.logits[0], alone.logits[0], tolerance: 1e-5, "logit")
            expectClose(padded.gradient, alone.gradient, tolerance: 1e-4, "gradient")
        }
    }

    /// Without batch normalization, whose moments are those of the batch, clips do not feel each other.
    @Test(arguments: [causal, bidirectional])
    func aBatchIsTheSumOfItsClips(_ network: NetworkDescription) throws {
        let batch = try run(network, clips: [0, 1, 2], frameCount: 23)
        let alone = try counts.indices.map { try run(network, clips: [$0], frameCount: counts[$0]) }
        for number in counts.indices {
            expectClose(batch.logits[number], alone[number].logits[0], tolerance: 1e-5, "logit")
        }
        let sum = alone[0].gradient.indices.map { index in alone.reduce(0) { $0 + $1.gradient[index] } }
        expectClose(batch.gradient, sum, tolerance: 1e-4, "gradient")
    }

    @Test(arguments: [causal, bidirectional, convolutional])
    func theOrderOfTheClipsChangesNothing(_ network: NetworkDescription) throws {
        let first = try run(network, clips: [0, 1, 2], frameCount: 23)
        let second = try run(network, clips: [2, 0, 1], frameCount: 23)
        for (number, place) in [1, 2, 0].enumerated() {
            expectClose(second.logits[place], first.logits[number], tolerance: 1e-5, "logit")
        }
        expectClose(second.gradient, first.gradient, tolerance: 1e-4, "gradient")
    }

    /// Through rectifiers, normalization, both directions and the loss.
    @Test(arguments: [causal, bidirectional, convolutional])
    func gradientsEqualCentralDifferences(_ network: NetworkDescription) throws {
        let pass = try NetworkPass(network, frameCount: 25, batchSize: 3)
        for number in counts.indices { pass.setInput(clip: number, features: clip(number)) }
        var parameters = parameters(of: network)
        for entry in network.parameterLayout.entries where network.layers.count == 4 {
            // A difference across the edge of a rectifier is no gradient.
            if entry.name.hasSuffix(".bias"),
                entry.name.hasPrefix("layers.0") || entry.name.hasPrefix("layers.1")
            {
                for place in entry.range { parameters[place] = 2 }
            }
            if entry.name.hasSuffix(".scale") { for place in entry.range { parameters[place] = 0.3 } }
        }
        let loss = CTCLoss(classCount: network.classCount)
        func evaluate(_ parameters: [Float]) -> CTCLoss.Result {
            var training: SeededGenerator? = SeededGenerator(seed: 1)
            let logits = pass.forward(
                parameters: parameters, decisions: Array(0..<pass.stepCount), dropout: &training)
            return loss.evaluate(
                logits: logits, stepCounts: pass.clipStepCounts, symbols: [[1, 2, 2], [3, 3], [1]])
        }
        var gradient = [Float](repeating: 0, count: parameters.count)
        pass.backward(logitsGradient: evaluate(parameters).gradient, gradient: &gradient)
        let errors = gradientErrors(
            parameters: parameters, analytic: gradient,
            tensors: network.parameterLayout.entries.filter { $0.role != .statistic }.map {
                ($0.name, $0.range)
            }
        ) { evaluate($0).losses.reduce(0, +) }
        for error in errors { #expect(error.relative <= 1e-3, "gradient of \(error.name)") }
    }

    /// A bidirectional network says at each step what it has heard on both sides of it, not what it says at the end.
    @Test func eachStepHasItsOwnStatesOfBothDirections() throws {
        let network = Self.bidirectional
        let pass = try NetworkPass(network, frameCount: 23, batchSize: 1)
        pass.setInput(clip: 0, features: clip(0))
        let logits = pass.forward(parameters: parameters(of: network), decisions: [4, 20])
        var last = network
        last.readOut = .last
        let other = try NetworkPass(last, frameCount: 23, batchSize: 1)
        other.setInput(clip: 0, features: clip(0))
        #expect(logits != other.forward(parameters: parameters(of: network), decisions: [4, 20]))
        #expect(pass.readOutVectors != other.readOutVectors)
    }
}
