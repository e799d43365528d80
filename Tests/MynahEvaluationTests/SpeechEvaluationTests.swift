import Foundation
import MynahAudio
import MynahBase
import MynahData
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahTestSupport
import Testing

@testable import MynahEvaluation

/// One case of `Fixtures/edit-distances.json`, made by `Tools/make_edit_distance_goldens.py`.
private struct EditDistanceGolden: Decodable {
    let said: String
    let spelled: String

    /// Substitutions, insertions and deletions.
    let words: [Int]
    let symbols: [Int]

    static func load() throws -> [EditDistanceGolden] {
        struct File: Decodable { let cases: [EditDistanceGolden] }
        let url = try #require(
            Bundle.module.url(
                forResource: "edit-distances", withExtension: "json", subdirectory: "Fixtures"))
        return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
    }
}

@Suite struct EditDistanceTests {
    /// The errors are those of jiwer; of equally short ways ours has at least as many substitutions.
    @Test func errorsEqualJiwer() throws {
        let goldens = try EditDistanceGolden.load()
        #expect(goldens.count > 200)
        for golden in goldens {
            func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
            func expectEqual(_ distance: EditDistance, _ expected: [Int], said: Int, spelled: Int) {
                #expect(distance.errors == expected.reduce(0, +), "\(golden)")
                #expect(distance.insertions - distance.deletions == spelled - said, "\(golden)")
                #expect(distance.substitutions >= expected[0], "\(golden)")
            }
            let (said, spelled) = (words(golden.said), words(golden.spelled))
            expectEqual(
                EditDistance(from: spelled, to: said), golden.words, said: said.count, spelled: spelled.count)
            let (symbols, others) = (Array(golden.said.unicodeScalars), Array(golden.spelled.unicodeScalars))
            expectEqual(
                EditDistance(from: others, to: symbols), golden.symbols, said: symbols.count,
                spelled: others.count)
        }
    }

    @Test func nothingIsSpelledOrSaid() {
        #expect(EditDistance(from: [Int](), to: [Int]()).errors == 0)
        #expect(EditDistance(from: [], to: [1, 2]).deletions == 2)
        #expect(EditDistance(from: [1, 2], to: []).insertions == 2)
    }
}

/// What is counted of sentences of tones, which a network of random weights spells somehow.
@Suite struct SpeechEvaluationTests {
    private static let frontEnd = FrontEndPreset.mynahMel.configuration()
    private static let symbols = SymbolTable(of: ["aeou "])

    private func model(layers: [LayerDescription]) throws -> SpeechModel {
        let network = NetworkDescription(
            inputSize: Self.frontEnd.featureCount, layers: layers, readOut: .frame,
            classCount: Self.symbols.classCount)
        var generator = SeededGenerator(seed: 2)
        return try SpeechModel(
            symbols: Self.symbols, frontEnd: Self.frontEnd,
            normalizer: FeatureNormalizer(
                mean: [Float](repeating: 0, count: Self.frontEnd.featureCount),
                standardDeviation: [Float](repeating: 2, count: Self.frontEnd.featureCount)),
            network: network, parameters: network.initialParameters(using: &generator).map { 3 * $0 },
            provenance: TrainingProvenance(
                seed: 1, commandLine: "none", data: .init(clips: []), dataHash: "00", splitRule: "none",
                mynahVersion: "0", date: "2025-01-31T12:00:00Z", epochCount: 1, bestEpoch: 1,
                validationAccuracy: .init(correct: 0, total: 1), settings: []))
    }

    /// Decodes a path `speaker/number` to the tones of that sentence.
    private static let decoder = ClipDecoder(sampleRate: frontEnd.sampleRate) { path, _ in
        let numbers = path.split(separator: "/").compactMap { Int($0) }
        return .success(
            Waveform(
                samples: ToneSpeech.samples(of: ToneSpeech.text(numbers[1]), speaker: numbers[0]),
                sampleRate: frontEnd.sampleRate))
    }

    private func evaluation(
        speakers: [Int], copies: Int = 1, threads: Int = 1, seed: UInt64 = 1
    ) throws -> SpeechEvaluation {
        let model = try model(layers: [.gru(hiddenSize: 8, bidirectional: false)])
        let sentences = speakers.flatMap { speaker in
            (0..<4 * copies).map { number in
                Sentence(
                    path: "\(speaker)/\(100 * speaker + number % 4)", name: "\(speaker)-\(number)",
                    speaker: "\(speaker)", text: ToneSpeech.text(100 * speaker + number % 4), byteCount: 1)
            }
        }
        let store = SentenceStore(
            decoding: sentences,
            by: SentenceStore.Measure(
                symbols: model.symbols, frontEnd: model.frontEnd, network: model.network),
            with: Self.decoder, threads: threads)
        try #require(store.sentences.count == sentences.count)
        return try SpeechEvaluation(
            of: model, on: store, bootstrap: ClusterBootstrap(seed: seed), threads: threads)
    }

    @Test func theSumsAreThoseOfTheSpeakers() throws {
        let evaluation = try evaluation(speakers: [0, 1, 2, 3, 4])
        for (rate, errors, total) in [
            (
                evaluation.symbols, evaluation.speakers.map(\.symbolErrors),
                evaluation.speakers.map(\.symbols)
            ),
            (evaluation.words, evaluation.speakers.map(\.wordErrors), evaluation.speakers.map(\.words)),
        ] {
            #expect(rate.total == total.reduce(0, +))
            #expect(rate.substitutions + rate.insertions + rate.deletions == errors.reduce(0, +))
            #expect(rate.value == Double(errors.reduce(0, +)) / Double(rate.total))
        }
        let rates = evaluation.speakers.map(\.symbolErrorRate)
        #expect(rates == rates.sorted(by: >))
        #expect(evaluation.sentenceCount == 20 && evaluation.worst.count <= SpeechEvaluation.worstLimit)
    }

    /// Whole speakers are drawn, so that more of the same from each of them makes nothing surer.
    @Test func theIntervalIsOverSpeakers() throws {
        let once = try evaluation(speakers: [0, 1, 2, 3, 4])
        let interval = try #require(once.symbols.interval)
        #expect(interval.lower < interval.upper)
        #expect((interval.lower...interval.upper).contains(once.symbols.value))
        let rates = once.speakers.map(\.symbolErrorRate)
        #expect(interval.lower >= rates.min() ?? 1 && interval.upper <= rates.max() ?? 0)

        let thrice = try evaluation(speakers: [0, 1, 2, 3, 4], copies: 3)
        #expect(thrice.symbols.total == 3 * once.symbols.total)
        #expect(thrice.symbols.value == once.symbols.value)
        #expect(thrice.symbols.interval == once.symbols.interval)

        let other = try evaluation(speakers: [4, 2, 0, 1, 3], threads: 3)
        #expect(other.symbols == once.symbols && other.speakers == once.speakers)
        #expect(try evaluation(speakers: [0, 1, 2, 3, 4], seed: 2).symbols.interval != interval)
        #expect(try evaluation(speakers: [3]).symbols.interval == nil)
    }

    /// A step may be longer than any sound that was once tried: four convolutions of stride 5 take 6.25 s for one.
    @Test func aNetworkOfLongStepsIsVerified() throws {
        let strides = (0..<4).map { _ in
            LayerDescription.convolution(
                ConvolutionDescription(
                    channels: 2, kernelFrames: 5, kernelBands: 3, frameStride: 5, bandStride: 2,
                    batchNormalized: false))
        }
        let model = try model(layers: strides + [.gru(hiddenSize: 4, bidirectional: false)])
        #expect(model.stepSeconds == 6.25)
        var checks: [VerificationCheck] = []
        try SpeechVerification(model).run { checks.append($0) }
        #expect(checks.count == 5 && checks.allSatisfy { $0.outcome == .passed }, "\(checks)")
        // Of the longest step that a model may have there is one in the longest sound.
        let longest = try self.model(
            layers: strides + [
                .convolution(
                    ConvolutionDescription(
                        channels: 2, kernelFrames: 5, kernelBands: 1, frameStride: 5, batchNormalized: false))
            ])
        #expect(longest.stepSeconds == 31.25)
        checks = []
        try SpeechVerification(longest).run { checks.append($0) }
        #expect(checks.allSatisfy { $0.outcome == .passed }, "\(checks)")
    }
}
