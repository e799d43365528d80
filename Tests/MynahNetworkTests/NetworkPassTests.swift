import Foundation
import MynahBase
import MynahNetwork
import MynahTestSupport
import Testing

@Suite struct NetworkPassTests {
    static let networks = [
        NetworkDescription(
            inputSize: 6, layers: [.gru(hiddenSize: 20, bidirectional: false)], readOut: .last,
            classCount: 4),
        NetworkDescription(
            inputSize: 6,
            layers: [.gru(hiddenSize: 9, bidirectional: true), .gru(hiddenSize: 5, bidirectional: false)],
            readOut: .mean, classCount: 3),
    ]

    private func parameters(of network: NetworkDescription) -> [Float] {
        var generator = SeededGenerator(seed: 11)
        return network.initialParameters(using: &generator)
    }

    private func features(seed: UInt64, count: Int) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in 2 * generator.uniform() - 1 }
    }

    /// A clip's state starts clean, whatever the pass heard before.
    @Test(arguments: networks)
    func aClipLeavesNoTraceInTheNext(_ network: NetworkDescription) throws {
        let parameters = parameters(of: network)
        let pass = try NetworkPass(network, frameCount: 15, batchSize: 1)
        let clip = features(seed: 1, count: 15 * 6)
        pass.setInput(clip: 0, features: clip)
        let first = pass.forward(parameters: parameters)
        pass.setInput(clip: 0, features: features(seed: 2, count: 15 * 6))
        #expect(pass.forward(parameters: parameters) != first)
        pass.setInput(clip: 0, features: clip)
        #expect(pass.forward(parameters: parameters) == first)
    }

    /// Clips of one batch do not hear each other.
    @Test(arguments: networks)
    func aClipDoesNotDependOnItsBatch(_ network: NetworkDescription) throws {
        let parameters = parameters(of: network)
        let single = try NetworkPass(network, frameCount: 15, batchSize: 1)
        let batch = try NetworkPass(network, frameCount: 15, batchSize: 7)
        let clips = (0..<7).map { features(seed: UInt64($0), count: 15 * 6) }
        for (index, clip) in clips.enumerated() { batch.setInput(clip: index, features: clip) }
        let together = batch.forward(parameters: parameters)
        let alone = clips.flatMap { clip in
            single.setInput(clip: 0, features: clip)
            return single.forward(parameters: parameters)
        }
        expectClose(together, alone, tolerance: 1e-5, "logit")
    }

    /// The embedding of a clip is what the output layer makes the logits of.
    @Test(arguments: networks)
    func theOutputLayerReadsTheReadOutVectors(_ network: NetworkDescription) throws {
        let parameters = parameters(of: network)
        let pass = try NetworkPass(network, frameCount: 15, batchSize: 2)
        for clip in 0..<2 { pass.setInput(clip: clip, features: features(seed: 3, count: 15 * 6)) }
        let logits = pass.forward(parameters: parameters, decisions: [3, 14])
        let vectors = pass.readOutVectors
        let size = network.readOutSize
        #expect(vectors.count == 4 * size)
        let entries = network.parameterLayout.entries.suffix(2).map(\.range)
        let (weights, biases) = (Array(parameters[entries[0]]), Array(parameters[entries[1]]))
        let expected = (0..<4).flatMap { row in
            (0..<network.classCount).map { label in
                (0..<size).reduce(biases[label]) {
                    $0 + weights[label * size + $1] * vectors[row * size + $1]
                }
            }
        }
        expectClose(logits, expected, tolerance: 1e-5, "logit")
    }

    /// Sizes that each are allowed can together ask for more memory than there is.
    @Test func giantsAreRefusedBeforeAnythingIsAllocated() throws {
        let network = Self.networks[0]
        #expect(throws: NetworkError.clipTooShort(frameCount: 0, minimum: 1)) {
            try NetworkPass(network, frameCount: 0, batchSize: 1)
        }
        #expect(throws: NetworkError.self) { try network.validate(frameCount: 9_600_000) }
        try network.validate(frameCount: 60_000)
        #expect(throws: NetworkError.self) {
            try NetworkPass(network, frameCount: 60_000, batchSize: 1_000)
        }
        #expect(network.batchSize(1_000, frameCount: 98) == 1_000)
        #expect((1..<1_000).contains(network.batchSize(1_000, frameCount: 60_000)))
        var striding = network
        striding.layers = Array(
            repeating: .convolution(.init(channels: 1, kernelFrames: 16, kernelBands: 1, frameStride: 16)),
            count: 16)
        #expect(
            throws: NetworkError.sizeOutOfRange(
                name: "frames per step behind layers[3]", actual: 65_536, allowed: 1...4096)
        ) { try striding.validate() }
        var manyClasses = network
        manyClasses.classCount = 10_000
        manyClasses.readOut = .attention(heads: 64, size: 8)
        #expect(throws: NetworkError.self) { try manyClasses.validate(frameCount: 1_000) }
    }

    /// What is checked before allocating is not less than what is allocated.
    @Test(arguments: [NetworkPreset.commands, .tiny, .best, .lstm, .crnn])
    func theStatesOfABatchHaveTheSizeThatIsAnnounced(_ preset: NetworkPreset) throws {
        let network = NetworkDescription(
            inputSize: 40, layers: preset.layers, readOut: preset.readOut, classCount: 12)
        let pass = try NetworkPass(network, frameCount: 20, batchSize: 3)
        #expect(pass.carriedState.count == 3 * network.carriedValueCount)
    }

    @Test func aCausalNetworkIsKnownAsOne() {
        #expect(Self.networks[0].isCausal)
        #expect(!Self.networks[1].isCausal)
    }

    @Test func multiplyAccumulatesAreCountedByHand() {
        // 3 gates of 20 units, each over 6 inputs and 20 states.
        #expect(Self.networks[0].multiplyAccumulatesPerFrame == 3 * 20 * (6 + 20))
        #expect(Self.networks[0].multiplyAccumulatesPerDecision == 20 * 4)
        #expect(Self.networks[1].multiplyAccumulatesPerFrame == 2 * 3 * 9 * (6 + 9) + 3 * 5 * (18 + 5))
    }

    @Test func theLayoutFollowsTheDocumentedNames() {
        let layout = Self.networks[1].parameterLayout
        #expect(layout.entries.first?.name == "layers.0.forward.inputWeights")
        #expect(layout.entries.first?.shape == [27, 6])
        #expect(
            layout.entries.contains {
                $0.name == "layers.0.backward.recurrentWeights" && $0.shape == [27, 9]
            })
        #expect(layout.entries.last?.name == "output.bias")
        var end = 0
        for entry in layout.entries {
            #expect(entry.range.lowerBound == end && entry.range.count == entry.shape.reduce(1, *))
            end = entry.range.upperBound
        }
        #expect(end == layout.parameterCount)
    }

    @Test(arguments: [
        (NetworkError.sizeOutOfRange(name: "inputSize", actual: 0, allowed: 1...4096), 0, 8, 3),
        (.sizeOutOfRange(name: "layers[0].hiddenSize", actual: 5000, allowed: 1...4096), 6, 5000, 3),
        (.sizeOutOfRange(name: "classCount", actual: 1, allowed: 2...10_000), 6, 8, 1),
        (.tooManyParameters(actual: 100_687_872 + 3 * 4096 + 3, limit: 1 << 26), 4096, 4096, 3),
    ])
    func impossibleSizesAreRefused(expected: NetworkError, inputSize: Int, hiddenSize: Int, classCount: Int) {
        let network = NetworkDescription(
            inputSize: inputSize, layers: [.gru(hiddenSize: hiddenSize, bidirectional: false)],
            readOut: .mean,
            classCount: classCount)
        #expect(throws: expected) { try network.validate() }
    }

    @Test func towersAndStumpsAreRefused() {
        for count in [0, 17] {
            let network = NetworkDescription(
                inputSize: 6,
                layers: Array(repeating: .gru(hiddenSize: 2, bidirectional: false), count: count),
                readOut: .mean, classCount: 3)
            #expect(throws: NetworkError.layerCountOutOfRange(actual: count, allowed: 1...16)) {
                try network.validate()
            }
        }
    }

    @Test func aDescriptionSurvivesJSON() throws {
        for network in Self.networks {
            let data = try JSONEncoder().encode(network)
            #expect(try JSONDecoder().decode(NetworkDescription.self, from: data) == network)
        }
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(
                LayerDescription.self,
                from: Data(#"{"type":"rnn","hiddenSize":3,"bidirectional":false}"#.utf8))
        }
    }

    @Test func initialRecurrentWeightsAreOrthogonal() throws {
        let network = Self.networks[0]
        let parameters = parameters(of: network)
        let entry = try #require(
            network.parameterLayout.entries.first { $0.name.hasSuffix("recurrentWeights") })
        for gate in 0..<3 {
            let start = entry.range.lowerBound + gate * 400
            for row in 0..<20 {
                for other in 0..<20 {
                    let product = (0..<20).reduce(Float(0)) {
                        $0 + parameters[start + row * 20 + $1] * parameters[start + other * 20 + $1]
                    }
                    #expect(abs(product - (row == other ? 1 : 0)) < 1e-5)
                }
            }
        }
    }
}

@Suite struct SoftmaxCrossEntropyTests {
    @Test func posteriorsSumToOneEvenForExtremeLogits() {
        let posteriors = SoftmaxCrossEntropy.softmax([1000, 0, -1000, 1, 2, 3], classCount: 3)
        expectClose(Array(posteriors[..<3]), [1, 0, 0], tolerance: 1e-6)
        expectClose(Array(posteriors[3...]), [0.090_030_57, 0.244_728_47, 0.665_240_96], tolerance: 1e-6)
    }

    @Test func theLossIsTheNegativeLogPosterior() {
        let loss = SoftmaxCrossEntropy.loss(logits: [1, 2, 3], labels: [1], classCount: 3)
        #expect(abs(loss - 1.407_605_964) < 1e-6)
        // Smoothing mixes in the mean over all classes: (2.4076 + 1.4076 + 0.4076) / 3.
        let smoothed = SoftmaxCrossEntropy.loss(
            logits: [1, 2, 3], labels: [2], classCount: 3, labelSmoothing: 0.3)
        #expect(abs(smoothed - (0.7 * 0.407_605_964 + 0.3 * 1.407_605_964)) < 1e-6)
    }

    /// Where later frames weigh more than numbers can hold beside the earlier ones, an early decision is still what it is
    /// without them.
    @Test(arguments: [Float(400), -400])
    func anEarlyDecisionDoesNotDependOnWhatComes(sharpness: Float) throws {
        let network = NetworkDescription(
            inputSize: 2, layers: [.gru(hiddenSize: 4, bidirectional: false)],
            readOut: .attention(heads: 2, size: 3), classCount: 3)
        var generator = SeededGenerator(seed: 3)
        var parameters = network.initialParameters(using: &generator)
        let queries = try #require(network.parameterLayout.entries.first { $0.name == "readOut.queries" })
        for index in queries.range { parameters[index] *= sharpness }
        let frames = (0..<20).flatMap { frame -> [Float] in frame < 10 ? [0.1, -0.1] : [3, -2] }
        let whole = try NetworkPass(network, frameCount: 20, batchSize: 1)
        whole.setInput(clip: 0, features: frames)
        let both = whole.forward(parameters: parameters, decisions: [4, 9, 19])
        let short = try NetworkPass(network, frameCount: 10, batchSize: 1)
        short.setInput(clip: 0, features: Array(frames.prefix(20)))
        let early = short.forward(parameters: parameters, decisions: [4, 9])
        expectClose(Array(both.prefix(6)), early, tolerance: 1e-5, "logit")
        #expect(both.allSatisfy { $0.isFinite })
    }
}
