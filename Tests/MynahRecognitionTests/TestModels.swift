import MynahBase
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahTestSupport

/// Models whose answers are known, or at least differ from window to window.
enum TestModels {
    /// Length of the window in samples, a quarter of a second; not a multiple of four.
    static let windowLength = 4_003

    /// By how much the window moves through a longer clip.
    static let hop = 1_000

    /// A network of random weights, whose answers change with every window of a noise.
    static func random(seed: UInt64 = 1) throws -> CommandModel {
        let network = NetworkDescription(
            inputSize: frontEnd.featureCount, layers: [.gru(hiddenSize: 8, bidirectional: true)],
            readOut: .mean, classCount: 4)
        var generator = SeededGenerator(seed: seed)
        let parameters = network.initialParameters(using: &generator).map { 3 * $0 }
        let normalizer = FeatureNormalizer(
            mean: [Float](repeating: 0, count: frontEnd.featureCount),
            standardDeviation: [Float](repeating: 2, count: frontEnd.featureCount))
        return try model(["_silence_", "_unknown_", "stop", "go"], network, parameters, normalizer)
    }

    /// A causal network of random weights, which follows a stream; with a convolution it decides every second frame.
    static func streaming(
        readOut: ReadOut, convolution: Bool = false, frontEnd: FrontEndConfiguration = frontEnd
    ) throws -> CommandModel {
        let front: [LayerDescription] =
            convolution
            ? [
                .convolution(
                    ConvolutionDescription(
                        channels: 2, kernelFrames: 4, kernelBands: 5, frameStride: 2, bandStride: 4,
                        batchNormalized: false))
            ] : []
        let network = NetworkDescription(
            inputSize: frontEnd.featureCount, layers: front + [.gru(hiddenSize: 8, bidirectional: false)],
            readOut: readOut, classCount: 4)
        var generator = SeededGenerator(seed: 2)
        let parameters = network.initialParameters(using: &generator).map { 3 * $0 }
        let normalizer = FeatureNormalizer(
            mean: [Float](repeating: 0, count: frontEnd.featureCount),
            standardDeviation: [Float](repeating: 2, count: frontEnd.featureCount))
        return try model(
            ["_silence_", "_unknown_", "stop", "go"], network, parameters, normalizer,
            frontEnd: frontEnd)
    }

    /// The default network over windows of a second, with random weights and its normalization folded, as it is shipped.
    static func standard() throws -> CommandModel {
        let preset = NetworkPreset.commands
        let network = NetworkDescription(
            inputSize: frontEnd.featureCount, layers: preset.layers, readOut: preset.readOut, classCount: 12)
        var generator = SeededGenerator(seed: 4)
        let folded = network.folded(network.initialParameters(using: &generator))
        let words = ["yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go"]
        return try model(
            ["_silence_", "_unknown_"] + words, folded.network, folded.parameters,
            FeatureNormalizer(
                mean: [Float](repeating: 0, count: frontEnd.featureCount),
                standardDeviation: [Float](repeating: 2, count: frontEnd.featureCount)),
            clipSampleCount: 16_000)
    }

    /// A network that hears how much of a window is louder than silence, and calls that `go`.
    ///
    /// The first feature is −1 for a silent frame and about +1 for a loud one; the candidate is its saturated tanh, the
    /// update gate is shut, so that the mean of the states over the window is the share of loud frames.
    static func loudness() throws -> CommandModel {
        var extractor = try FeatureExtractor(frontEnd)
        let silent = extractor.features(of: [Float](repeating: 0, count: windowLength))[0, 0]
        let loud = extractor.features(of: burst(windowLength))[0, 0]
        var mean = [Float](repeating: 0, count: frontEnd.featureCount)
        var deviation = [Float](repeating: 1, count: frontEnd.featureCount)
        mean[0] = (silent + loud) / 2
        deviation[0] = abs(loud - silent) / 2

        let network = NetworkDescription(
            inputSize: frontEnd.featureCount, layers: [.gru(hiddenSize: 1, bidirectional: false)],
            readOut: .mean, classCount: 2)
        let layout = network.parameterLayout
        var parameters = [Float](repeating: 0, count: layout.parameterCount)
        func set(_ name: String, _ values: [Int: Float]) {
            for entry in layout.entries where entry.name == name {
                for (index, value) in values { parameters[entry.range.lowerBound + index] = value }
            }
        }
        // Gates in the order reset, update, candidate.
        set("layers.0.forward.inputWeights", [2 * frontEnd.featureCount: loud > silent ? 5 : -5])
        set("layers.0.forward.inputBias", [1: -20])
        // One loud frame of the 23 makes a window `go`, and each further one makes it more so.
        set("output.weights", [0: -5, 1: 5])
        set("output.bias", [0: -4.75, 1: 4.75])
        return try model(
            ["_silence_", "go"], network, parameters,
            FeatureNormalizer(mean: mean, standardDeviation: deviation))
    }

    /// A loud noise.
    static func burst(_ sampleCount: Int) -> [Float] {
        SyntheticSignal.noise(sampleCount: sampleCount, seed: 5, amplitude: 0.9)
    }

    static let frontEnd = FrontEndPreset.mynah.configuration()

    private static func model(
        _ labels: [String], _ network: NetworkDescription, _ parameters: [Float],
        _ normalizer: FeatureNormalizer, clipSampleCount: Int = windowLength,
        frontEnd: FrontEndConfiguration = frontEnd
    ) throws -> CommandModel {
        try CommandModel(
            labels: labels, frontEnd: frontEnd, normalizer: normalizer, clipSampleCount: clipSampleCount,
            network: network, parameters: parameters,
            provenance: TrainingProvenance(
                seed: 1, commandLine: "none", data: .init(clips: []), dataHash: "00", splitRule: "none",
                mynahVersion: "0", date: "2025-01-31T12:00:00Z", epochCount: 1, bestEpoch: 1,
                validationAccuracy: .init(correct: 0, total: 1), settings: [], attribution: nil))
    }
}
