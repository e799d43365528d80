import MynahBase
import MynahFeatures
import MynahModel
import MynahNetwork
import Testing

@testable import MynahEvaluation

/// The promises of a model, tried out on models of random weights, which keep or cannot give them.
struct VerificationTests {
    private func model(
        readOut: ReadOut = .mean, bidirectional: Bool = false, convolution: Bool = false
    ) throws -> CommandModel {
        let frontEnd = FrontEndPreset.mynah.configuration()
        let front: [LayerDescription] =
            convolution
            ? [
                .convolution(
                    ConvolutionDescription(
                        channels: 2, kernelFrames: 4, kernelBands: 5, frameStride: 2, bandStride: 4,
                        batchNormalized: false))
            ] : []
        let network = NetworkDescription(
            inputSize: frontEnd.featureCount,
            layers: front + [.gru(hiddenSize: 8, bidirectional: bidirectional)], readOut: readOut,
            classCount: 4)
        var generator = SeededGenerator(seed: 2)
        return try CommandModel(
            labels: ["_silence_", "_unknown_", "stop", "go"], frontEnd: frontEnd,
            normalizer: FeatureNormalizer(
                mean: [Float](repeating: 0, count: frontEnd.featureCount),
                standardDeviation: [Float](repeating: 2, count: frontEnd.featureCount)),
            clipSampleCount: 8_000, network: network,
            parameters: network.initialParameters(using: &generator).map { 3 * $0 },
            provenance: TrainingProvenance(
                seed: 1, commandLine: "none", data: .init(clips: []), dataHash: "00", splitRule: "none",
                mynahVersion: "0", date: "2025-01-31T12:00:00Z", epochCount: 1, bestEpoch: 1,
                validationAccuracy: .init(correct: 0, total: 1), settings: []),
            temperature: 1.5)
    }

    private func checks(_ model: CommandModel) throws -> [VerificationCheck] {
        var verification = ModelVerification(model)
        verification.chunkingCount = 40
        verification.snapshotCount = 10
        verification.longSeconds = 60
        verification.threads = 2
        var checks: [VerificationCheck] = []
        try verification.run { checks.append($0) }
        return checks
    }

    /// Golden values exist of every preset, hold here, and notice a small change of any setting.
    @Test(arguments: FrontEndPreset.allCases) func frontEndFingerprint(preset: FrontEndPreset) throws {
        let golden = try #require(FrontEndFingerprint.golden[preset])
        let configuration = preset.configuration()
        let fingerprint = try FrontEndFingerprint(of: configuration)
        #expect(
            fingerprint.difference(from: golden) <= FrontEndFingerprint.tolerance, "\(fingerprint.values)")
        let changes: [(inout FrontEndConfiguration) -> Void] = [
            { $0.mel.highFrequencyHz -= 50 }, { $0.mel.lowFrequencyHz += 10 },
            { $0.window = $0.window == .periodicHann ? .symmetricHann : .periodicHann },
            { $0.framing.frameShiftSamples += 1 },
        ]
        for change in changes {
            var other = configuration
            change(&other)
            #expect(
                try FrontEndFingerprint(of: other).difference(from: golden)
                    > 3 * FrontEndFingerprint.tolerance)
        }
    }

    @Test(arguments: [ReadOut.last, .mean, .attention(heads: 2, size: 4)], [false, true])
    func causalModelsPass(readOut: ReadOut, convolution: Bool) throws {
        let checks = try checks(model(readOut: readOut, convolution: convolution))
        #expect(checks.allSatisfy { $0.outcome == .passed }, "\(checks)")
        #expect(
            checks.map(\.name) == [
                "model file", "front end settings", "front end features", "stream equals clip", "any chunks",
                "snapshot and restore", "no drift", "bounded memory", "reset",
            ])
    }

    @Test func whatCannotBeCheckedIsSaid() throws {
        let checks = try checks(model(bidirectional: true))
        #expect(checks.map(\.outcome) == [.passed, .passed, .passed, .skipped])
        #expect(checks.last?.detail.contains("bidirectional") == true, "\(checks)")
    }

    @Test func differencesAreSeen() {
        #expect(StreamVerification.difference([[0.5, 0.5]], [[0.5, 0.5]]) == 0)
        #expect(StreamVerification.difference([[0.5, 0.5]], [[0.4, 0.6]]) >= 0.09)
        #expect(StreamVerification.difference([[0.5]], [[0.5], [0.5]]) == .infinity)
        #expect(StreamVerification.difference([[0.5]], [[.nan]]) == .infinity)
    }

    /// The sound is the same however it is asked for.
    @Test func soundDoesNotDependOnBlocks() {
        var (whole, pieces) = (
            VerificationSound(seed: 4, sampleRate: 16_000), VerificationSound(seed: 4, sampleRate: 16_000)
        )
        let expected = whole.samples(50_000)
        var heard: [Float] = []
        for length in [1, 999, 24_000, 25_000] { heard += pieces.samples(length) }
        #expect(heard == expected)
        #expect(expected.allSatisfy { abs($0) <= 1 })
        #expect(expected.contains { abs($0) > 0.05 })
    }
}
