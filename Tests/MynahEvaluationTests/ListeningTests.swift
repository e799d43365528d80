import Foundation
import MynahAudio
import MynahBase
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahRecognition
import MynahTestSupport
import Testing

@testable import MynahEvaluation

/// What is heard of recordings: the same as by a recognizer of streams, whatever cannot be read.
@Suite final class ListeningTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "mynah-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A causal network of random weights.
    private func model(bidirectional: Bool = false) throws -> CommandModel {
        let frontEnd = FrontEndPreset.mynah.configuration()
        let network = NetworkDescription(
            inputSize: frontEnd.featureCount, layers: [.gru(hiddenSize: 6, bidirectional: bidirectional)],
            readOut: .last, classCount: 4)
        var generator = SeededGenerator(seed: 5)
        return try CommandModel(
            labels: ["_silence_", "_unknown_", "stop", "go"], frontEnd: frontEnd,
            normalizer: FeatureNormalizer(
                mean: [Float](repeating: 0, count: frontEnd.featureCount),
                standardDeviation: [Float](repeating: 2, count: frontEnd.featureCount)),
            clipSampleCount: 16_000, network: network,
            parameters: network.initialParameters(using: &generator).map { 3 * $0 },
            provenance: TrainingProvenance(
                seed: 1, commandLine: "none", data: .init(clips: []), dataHash: "00", splitRule: "none",
                mynahVersion: "0", date: "2025-01-31T12:00:00Z", epochCount: 1, bestEpoch: 1,
                validationAccuracy: .init(correct: 0, total: 1), settings: [], attribution: nil))
    }

    private func noise(_ sampleCount: Int, seed: UInt64) -> [Float] {
        SyntheticSignal.noise(sampleCount: sampleCount, seed: seed, amplitude: 0.8)
    }

    private func write(_ samples: [Float], _ name: String) throws -> AudioSource {
        let path = folder.appending(path: name).path
        try Data(WAVFile(samples, sampleRate: 16_000, encoding: .float32).bytes)
            .write(to: URL(filePath: path))
        return .file(path: path)
    }

    private func posteriors(_ samples: [Float], _ model: CommandModel) throws -> [Float] {
        var heard: [Float] = []
        func keep(_ time: Double, _ row: Span<Float>) {
            for index in row.indices { heard.append(row[index]) }
        }
        let recognizer = try StreamingRecognizer(model: model)
        recognizer.push(samples.span, onPosteriors: keep)
        recognizer.finish(onPosteriors: keep)
        return heard
    }

    @Test func filesWithoutCommandsAreOneStream() throws {
        let model = try model()
        let parts = (0..<3).map { noise(5_000 + 700 * $0, seed: UInt64($0)) }
        let files = try parts.enumerated().map { try write($1, "\($0).wav") }
        // Up to sixteen streams of neighbours: with 33 files, three a stream.
        let recording = ContinuousRecording(
            withoutCommands: (0..<11).flatMap { _ in files }, name: "speech")
        let listening = try OpenSetListening([recording], model: model, threads: 2)
        #expect(listening.tracks.count == 11)
        #expect(listening.recordings.map(\.fileCount) == [33])
        #expect(listening.tracks.allSatisfy { $0.name == "speech" })
        #expect(listening.tracks[4].posteriors == (try posteriors(parts.flatMap { $0 }, model)))
        let place = listening.tracks[4].place(ofSecond: 0.4)
        #expect(place.file == files[1].name)
        #expect(abs(place.second - (0.4 - 5_000 / 16_000)) < 1e-12)
        #expect(abs(listening.recordings[0].seconds - 11 * 17_100 / 16_000) < 1e-9)
    }

    /// A file that breaks off leaves no trace, although half of it was heard.
    @Test func unreadableFileIsNamedAndTheOthersAreKept() throws {
        let model = try model()
        let parts = (0..<2).map { noise(9_000, seed: UInt64($0)) }
        let whole = try parts.enumerated().map { try write($1, "\($0).wav") }
        let source = try write(noise(60_000, seed: 9), "cut.wav")
        let bytes = try Data(contentsOf: URL(filePath: source.name))
        var spoilt = bytes
        // Not a number, in the middle of the sound.
        spoilt.replaceSubrange(bytes.count - 8..<bytes.count - 4, with: [0, 0, 0xC0, 0x7F])
        try spoilt.write(to: URL(filePath: source.name))
        let listener = StreamListener(model)
        let plain = listener.hear(whole[...])
        let withCut = listener.hear([whole[0], source, whole[1]])
        #expect(withCut.posteriors == plain.posteriors)
        #expect(withCut.sampleCount == 18_000)
        #expect(withCut.hashes == plain.hashes)
        #expect(withCut.unreadable.map(\.path) == [source.name])
        #expect(withCut.unreadable[0].reason.contains("not a finite number"))

        let listening = try OpenSetListening(
            [ContinuousRecording(withoutCommands: [source], name: "speech")], model: model, threads: 1)
        #expect(listening.recordings.isEmpty)
        #expect(throws: EvaluationError.noAudio) {
            try OpenSetEvaluation(
                listening, settings: DetectionSettings(), budgetPerHour: nil, threads: 1)
        }
    }

    @Test func tableHasToFitModelAndRecording() throws {
        let model = try model()
        let source = try write(noise(32_000, seed: 1), "two.wav")
        func listen(_ events: [TruthEvent]) throws -> OpenSetListening {
            try OpenSetListening(
                [ContinuousRecording(source, truth: TruthTable(events: events), truthName: "t.tsv")],
                model: model, threads: 1)
        }
        let listening = try listen([
            TruthEvent(start: 0.5, end: 1, word: "zero"), TruthEvent(start: 1.5, end: 2.0004, word: "go"),
        ])
        #expect(listening.recordings.map(\.wordCount) == [1])
        #expect(
            throws: EvaluationError.truthBeyondRecording(file: "t.tsv", end: 2.5, seconds: 2)
        ) { try listen([TruthEvent(start: 1.9, end: 2.5, word: "go")]) }
        #expect(throws: EvaluationError.noKnownWords(file: "t.tsv", words: ["_unknown_", "zero"])) {
            try listen([
                TruthEvent(start: 0.5, end: 1, word: "zero"), TruthEvent(start: 1, end: 2, word: "_unknown_"),
            ])
        }
        #expect(throws: EvaluationError.noKnownWords(file: "t.tsv", words: [])) { try listen([]) }
    }

    @Test func modelThatNeedsTheFutureIsRefused() throws {
        let source = try write(noise(32_000, seed: 1), "two.wav")
        let model = try model(bidirectional: true)
        #expect(!model.canStream)
        #expect(throws: RecognitionError.self) {
            try OpenSetListening(
                [ContinuousRecording(withoutCommands: [source], name: "n")], model: model, threads: 1)
        }
    }

    /// Recordings of one name count as one; the parts add up to the whole.
    @Test func recordingsAddUp() throws {
        let model = try model()
        let files = try (0..<4).map { try write(noise(40_000, seed: UInt64($0)), "\($0).wav") }
        let eager = DetectionSettings(
            smoothingSeconds: 0.03, minimumSeconds: 0.02, refractorySeconds: 0.1, threshold: 0.3)
        let truth = TruthTable(events: [TruthEvent(start: 0.2, end: 1, word: "go")])
        let listening = try OpenSetListening(
            [
                ContinuousRecording(withoutCommands: files, name: "speech"),
                ContinuousRecording(files[0], truth: truth, truthName: "t.tsv"),
            ], model: model, threads: 2)
        let evaluation = try OpenSetEvaluation(
            listening, settings: eager, budgetPerHour: 1e6, threads: 2)
        let score = evaluation.score
        #expect(score.recordings.map(\.name) == ["speech", files[0].name])
        #expect(score.falseAlarms.count == score.recordings.reduce(0) { $0 + $1.falseAlarms.count })
        #expect(score.falseAlarms.count > 0)
        #expect(score.recordings[0].misses == nil)
        #expect(score.misses == score.recordings[1].misses)
        #expect(evaluation.confidentFalseAlarms.count == min(10, score.falseAlarms.count))
        #expect(evaluation.missedWords.count == score.misses?.count)
        #expect(evaluation.advice?.isWithinBudget == true)
    }

    /// What is kept of a recording gives the detections that a stream of the same sound gives, words that are said again
    /// among them.
    @Test func keptPosteriorsGiveTheDetectionsOfTheStream() throws {
        let model = try CommandModel.builtIn()
        let sample = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "audio-samples/left-pico-us.wav")
        let clip = try Waveform(
            contentsOf: .file(path: sample.path), sampleRate: 16_000, maximumDuration: 2
        ).samples
        let sound = clip + clip + clip + noise(16_000, seed: 4).map { $0 / 100 } + clip
        let file = try write(sound, "again.wav")
        let recording = ContinuousRecording(withoutCommands: [file], name: "again")
        let track = try #require(OpenSetListening([recording], model: model, threads: 1).tracks.first)

        let recognizer = try StreamingRecognizer(model: model)
        var expected: [Detection] = []
        recognizer.push(sound.span, onDetection: { expected.append($0) })
        recognizer.finish(onDetection: { expected.append($0) })
        #expect(expected.count == 4)
        #expect(track.detections(recognizer.detection) == expected)
    }
}
