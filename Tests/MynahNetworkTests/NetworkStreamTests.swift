import MynahBase
import MynahTestSupport
import Testing

@testable import MynahNetwork

@Suite struct NetworkStreamTests {
    static let networks: [NetworkDescription] = [
        NetworkDescription(
            inputSize: 6, layers: [.gru(hiddenSize: 20, bidirectional: false)], readOut: .last, classCount: 4),
        NetworkDescription(
            inputSize: 6,
            layers: [
                .recurrent(.init(cell: .lstm, hiddenSize: 6, residual: true)),
                .recurrent(.init(cell: .elman, hiddenSize: 5)),
                .recurrent(.init(cell: .minGRU, hiddenSize: 7)),
            ], readOut: .mean, classCount: 3),
        NetworkDescription(
            inputSize: 9,
            layers: [
                .convolution(
                    .init(channels: 3, kernelFrames: 4, kernelBands: 3, bandStride: 2, batchNormalized: false)
                ),
                .convolution(
                    .init(
                        channels: 4, kernelFrames: 3, kernelBands: 3, frameStride: 2, bandStride: 2,
                        batchNormalized: false)),
                .gru(hiddenSize: 8, bidirectional: false),
            ], readOut: .attention(heads: 2, size: 5), classCount: 3),
    ]

    private static let frameCount = 30

    private func parameters(of network: NetworkDescription) -> [Float] {
        var generator = SeededGenerator(seed: 11)
        return network.initialParameters(using: &generator).map { $0 + 0.3 * (generator.uniform() - 0.5) }
    }

    private func frames(of network: NetworkDescription, count: Int = frameCount) -> [[Float]] {
        var generator = SeededGenerator(seed: 7)
        return (0..<count).map { _ in (0..<network.inputSize).map { _ in 2 * generator.uniform() - 1 } }
    }

    /// At every step a stream says what a pass over the whole clip decides there.
    @Test(arguments: networks)
    func equalsTheWholeClipAtEveryStep(_ network: NetworkDescription) throws {
        let parameters = parameters(of: network)
        let frames = frames(of: network)
        let pass = try NetworkPass(network, frameCount: Self.frameCount, batchSize: 1)
        pass.setInput(clip: 0, features: Array(frames.joined()))
        let expected = pass.forward(parameters: parameters, decisions: Array(0..<pass.stepCount))
        let stream = try NetworkStream(network, parameters: parameters, windowFrames: Self.frameCount)
        var actual: [Float] = []
        for frame in frames where stream.step(frame.span) { actual += stream.logits }
        expectClose(actual, expected, tolerance: 1e-5, "logit")
    }

    /// Of the last steps alone, a long window says what a short one does, whose state began as early.
    @Test(arguments: networks, [1, 4, 11])
    func recentLogitsAreThoseOfAShortWindow(_ network: NetworkDescription, decisions: Int) throws {
        let parameters = parameters(of: network)
        let long = try NetworkStream(network, parameters: parameters, windowFrames: Self.frameCount)
        let short = try NetworkStream(
            network, parameters: parameters, windowFrames: decisions * network.timeStride)
        var step = 0
        for frame in frames(of: network, count: 3 * Self.frameCount) {
            let hasDecided = long.step(frame.span)
            #expect(short.step(frame.span) == hasDecided)
            guard hasDecided else { continue }
            step += 1
            let logits = long.logits
            long.withRecentLogits(decisions: decisions) { recent, share in
                expectClose(Array(recent), short.logits, tolerance: 1e-5, "logit after step \(step)")
                let windowSteps = min(step, network.stepCount(frameCount: Self.frameCount))
                switch network.readOut {
                case .last, .frame: #expect(share == 1)
                case .mean: #expect(abs(share - Float(min(step, decisions)) / Float(windowSteps)) < 1e-6)
                case .attention: #expect(share > 0 && share <= 1.000_001)
                }
            }
            // To ask changes nothing.
            #expect(long.logits == logits)
        }
    }

    /// A snapshot in the middle of a step goes on as if nothing had been.
    @Test(arguments: networks)
    func goesOnFromASnapshot(_ network: NetworkDescription) throws {
        let parameters = parameters(of: network)
        let frames = frames(of: network)
        let stream = try NetworkStream(network, parameters: parameters, windowFrames: 8)
        for frame in frames.prefix(13) { _ = stream.step(frame.span) }
        let snapshot = stream.snapshot()
        func rest(_ stream: NetworkStream) -> [[Float]] {
            frames.dropFirst(13).map { frame in
                _ = stream.step(frame.span)
                return stream.logits
            }
        }
        let expected = rest(stream)
        stream.restore(snapshot)
        #expect(rest(stream) == expected)
        let other = try NetworkStream(network, parameters: parameters, windowFrames: 8)
        other.restore(snapshot)
        #expect(rest(other) == expected)
    }

    @Test(arguments: networks)
    func aResetForgetsAll(_ network: NetworkDescription) throws {
        let parameters = parameters(of: network)
        let stream = try NetworkStream(network, parameters: parameters, windowFrames: 8)
        func logits() -> [Float] {
            frames(of: network).flatMap { stream.step($0.span) ? stream.logits : [] }
        }
        let first = logits()
        #expect(logits() != first)
        stream.reset()
        #expect(logits() == first)
    }

    /// Beyond its window a read-out hears nothing: only the state of the layers remembers.
    @Test func aReadOutHearsItsWindow() throws {
        let network = NetworkDescription(
            inputSize: 2, layers: [.recurrent(.init(cell: .minGRU, hiddenSize: 2))], readOut: .mean,
            classCount: 2)
        // An update gate that is wide open: the state is the input.
        var parameters = [Float](repeating: 0, count: network.parameterLayout.parameterCount)
        for entry in network.parameterLayout.entries {
            switch entry.name {
            case "layers.0.forward.inputWeights":
                parameters[entry.range.lowerBound + 4] = 1
                parameters[entry.range.lowerBound + 7] = 1
            case "layers.0.forward.bias":
                parameters[entry.range.lowerBound] = 40; parameters[entry.range.lowerBound + 1] = 40
            case "output.weights":
                parameters[entry.range.lowerBound] = 1
                parameters[entry.range.lowerBound + 3] = 1
            default: break
            }
        }
        let stream = try NetworkStream(network, parameters: parameters, windowFrames: 4)
        for index in 0..<30 {
            let isDecision = stream.step([Float(index), -1].span)
            #expect(isDecision)
            let window = max(0, index - 3)...index
            let mean = Float(window.reduce(0, +)) / Float(window.count)
            expectClose(stream.logits, [mean, -1], tolerance: 1e-4, "logit")
        }
    }

    /// A stream adds up in the same order as a pass, so that the states of the layers are equal to the bit.
    @Test func theLastStateIsThatOfTheClipToTheBit() throws {
        let network = Self.networks[0]
        let parameters = parameters(of: network)
        let frames = frames(of: network)
        let prepared = try PreparedNetwork(network, parameters: parameters)
        let pass = try NetworkPass(network, frameCount: Self.frameCount, batchSize: 1)
        pass.setInput(clip: 0, features: Array(frames.joined()))
        let logits = pass.forward(prepared)
        let stream = try NetworkStream(prepared, windowFrames: Self.frameCount)
        for frame in frames { _ = stream.step(frame.span) }
        #expect(stream.activity[0].state == pass.readOutVectors)
        expectClose(stream.logits, logits, tolerance: 1e-6, "logit")
    }

    /// The read-out vector of a stream is that of the clip that ends there, and the logits are read from it.
    @Test(arguments: networks)
    func theReadOutVectorIsThatOfTheClip(_ network: NetworkDescription) throws {
        let parameters = parameters(of: network)
        let frames = frames(of: network)
        let prepared = try PreparedNetwork(network, parameters: parameters)
        let stream = try NetworkStream(prepared, windowFrames: Self.frameCount, keepsStates: true)
        let plain = try NetworkStream(prepared, windowFrames: Self.frameCount)
        #expect(stream.readOutVector == [Float](repeating: 0, count: network.readOutSize))
        var vectors: [Float] = []
        for frame in frames where stream.step(frame.span) { vectors += stream.readOutVector }
        for frame in frames { _ = plain.step(frame.span) }
        #expect(stream.logits == plain.logits)
        let pass = try NetworkPass(network, frameCount: Self.frameCount, batchSize: 1)
        pass.setInput(clip: 0, features: Array(frames.joined()))
        _ = pass.forward(prepared, decisions: Array(0..<pass.stepCount))
        expectClose(vectors, pass.readOutVectors, tolerance: 1e-5, "read-out vector")

        // Beyond the window, and from a snapshot on.
        let other = try NetworkStream(prepared, windowFrames: Self.frameCount, keepsStates: true)
        other.restore(stream.snapshot())
        for frame in frames.prefix(17) {
            _ = stream.step(frame.span)
            _ = other.step(frame.span)
        }
        #expect(other.readOutVector == stream.readOutVector)
        let size = network.readOutSize
        let weights = try #require(network.parameterLayout.entries.first { $0.name == "output.weights" })
        let bias = try #require(network.parameterLayout.entries.first { $0.name == "output.bias" })
        let vector = stream.readOutVector
        let logits = (0..<network.classCount).map { row in
            parameters[bias.range][bias.range.lowerBound + row]
                + zip(parameters[weights.range].dropFirst(row * size), vector).reduce(0) { $0 + $1.0 * $1.1 }
        }
        expectClose(stream.logits, logits, tolerance: 1e-5, "logit")
    }

    @Test func aNetworkThatReadsFromTheEndCannotFollowAStream() throws {
        let network = NetworkDescription(
            inputSize: 2, layers: [.gru(hiddenSize: 2, bidirectional: true)], readOut: .mean, classCount: 2)
        #expect(throws: NetworkError.notCausal) {
            try NetworkStream(network, parameters: parameters(of: network), windowFrames: 4)
        }
    }

    /// In training, too, a state that is carried makes two halves one clip.
    @Test func aCarriedStateJoinsTwoClips() throws {
        let network = Self.networks[2]
        let parameters = parameters(of: network)
        let frames = frames(of: network)
        let whole = try NetworkPass(network, frameCount: 30, batchSize: 1)
        whole.setInput(clip: 0, features: Array(frames.joined()))
        let stream = try NetworkStream(network, parameters: parameters, windowFrames: 14)
        let half = try NetworkPass(network, frameCount: 14, batchSize: 1)
        half.carriesState = true
        var expected: [Float] = []
        for frame in frames.prefix(28) where stream.step(frame.span) { expected = stream.logits }
        half.setInput(clip: 0, features: Array(frames[..<14].joined()))
        _ = half.forward(parameters: parameters)
        half.setInput(clip: 0, features: Array(frames[14..<28].joined()))
        expectClose(half.forward(parameters: parameters), expected, tolerance: 1e-5, "logit")
    }

    @Test func foldingTheNormalizationChangesNothing() throws {
        var network = Self.networks[2]
        network.layers = network.layers.map { layer in
            guard var convolution = layer.kind as? ConvolutionDescription else { return layer }
            convolution.batchNormalized = true
            return .convolution(convolution)
        }
        var generator = SeededGenerator(seed: 3)
        let parameters = network.parameterLayout.entries.flatMap { entry in
            entry.range.map { _ in
                entry.name.hasSuffix("variance") ? 0.5 + generator.uniform() : generator.uniform() - 0.5
            }
        }
        let (folded, foldedParameters) = network.folded(parameters)
        #expect(folded == Self.networks[2])
        let expected = try logits(network, parameters)
        expectClose(try logits(folded, foldedParameters), expected, tolerance: 1e-5, "logit")

        // And back.
        let (unfolded, unfoldedParameters) = folded.unfolded(foldedParameters)
        #expect(unfolded == network)
        expectClose(try logits(unfolded, unfoldedParameters), expected, tolerance: 1e-5, "logit")
        let (again, parametersAgain) = unfolded.folded(unfoldedParameters)
        #expect(again == folded)
        expectClose(parametersAgain, foldedParameters, tolerance: 1e-6, "weight")
        // What is normalized already stays as it is.
        #expect(network.unfolded(parameters).parameters == parameters)
    }

    private func logits(_ network: NetworkDescription, _ parameters: [Float]) throws -> [Float] {
        let pass = try NetworkPass(network, frameCount: Self.frameCount, batchSize: 1)
        pass.setInput(clip: 0, features: Array(frames(of: network).joined()))
        return pass.forward(parameters: parameters)
    }
}
