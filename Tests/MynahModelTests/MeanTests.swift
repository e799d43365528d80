import MynahNetwork
import Testing

@testable import MynahModel

/// The mean of the weights of several models.
struct MeanTests {
    private static let count = TinyModel.network.parameterLayout.parameterCount

    private func model(_ weights: [Float]) throws -> CommandModel {
        try TinyModel.make(parameters: weights)
    }

    private func mean(_ models: CommandModel...) throws -> CommandModel {
        let names = ["a", "b", "c"].prefix(models.count).map { "\($0).safetensors" }
        return try CommandModel.mean(of: Array(zip(names, models)), commandLine: "mynah average words a b")
    }

    @Test func eachWeightIsTheMeanOfThree() throws {
        let all = try (1...3).map { number in
            try model((0..<Self.count).map { Float($0 * $0 * number) - 7 })
        }
        #expect(
            try mean(all[0], all[1], all[2]).parameters
                == (0..<Self.count).map { Float(2 * $0 * $0) - 7 })
    }

    /// The sum of two would be infinite in single precision.
    @Test func theLargestNumbersHaveAMean() throws {
        let large = try model([Float](repeating: .greatestFiniteMagnitude, count: Self.count))
        #expect(try mean(large, large).parameters == large.parameters)
    }

    @Test func whatWasFittedToTheWeightsOfOneIsGone() throws {
        let fitted = try TinyModel.make().with(temperature: 2).with(detection: DetectionSettings())
            .with(detection: DetectionSettings(), for: .lax)
            .with(spellings: Spellings(speechModel: String(repeating: "0a", count: 32), words: [:]))
        let mean = try mean(fitted, fitted)
        #expect(mean.temperature == 1)
        #expect(mean.detection == nil)
        #expect(mean.detection(.lax) == nil)
        #expect(mean.spellings == nil)
    }

    @Test func itsProvenanceNamesEachModelAndEachLicence() throws {
        let first = try TinyModel.make()
        let second = try TinyModel.make(provenance: TinyModel.provenance(attribution: "MIT licence"))
        let provenance = try mean(first, second, first).provenance
        #expect(provenance.commandLine == "mynah average words a b")
        #expect(provenance.attribution == "CC BY 4.0; MIT licence")
        #expect(provenance.dataHash == first.provenance.dataHash)
        #expect(provenance.validationAccuracy == .init(correct: 0, total: 0))
        #expect(provenance.settings.count == first.provenance.settings.count + 3)
        #expect(provenance.settings[1].name == "mean of the weights of b.safetensors")
        #expect(
            provenance.settings[1].value
                == "SHA-256 \(second.hash), seed \(UInt64.max), epoch 9 of 12: \(second.provenance.commandLine)"
        )
    }

    @Test func modelsThatAreNotAlikeAreRefused() throws {
        let first = try TinyModel.make()
        let otherNetwork = NetworkDescription(
            inputSize: 3, layers: [.gru(hiddenSize: 1, bidirectional: true)], readOut: .mean, classCount: 3)
        let others: [(part: String, model: CommandModel)] = [
            ("labels", try TinyModel.make(labels: ["_silence_", "größer", "_unknown_"])),
            ("window", try TinyModel.make(clipSampleCount: 8_000)),
            (
                "network",
                try TinyModel.make(
                    network: otherNetwork,
                    parameters: [Float](repeating: 0, count: otherNetwork.parameterLayout.parameterCount))
            ),
            (
                "recordings to learn from",
                try TinyModel.make(provenance: TinyModel.provenance(dataHash: "00fe"))
            ),
        ]
        for (part, model) in others {
            #expect(
                throws: ModelError.notAlike(model: "b.safetensors", first: "a.safetensors", part: part)
            ) {
                try mean(first, model)
            }
        }
    }
}
