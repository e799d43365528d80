import Foundation
import MynahAudio
import MynahBase
import MynahModel
import MynahTestSupport
import Testing

@testable import MynahRecognition
@testable import MynahTeaching

/// Words that are taught with a verifier, the speech model that lies beside the sources, by voices of the samples.
@Suite(.serialized)
struct SpelledWordsTests {
    private static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    private static let speech = Result { try SpeechModel(contentsOf: "\(sources)/models/speech.safetensors") }

    private let folder: TemporaryFolder
    private let verifier: SpellingVerifier
    private var model: String { "\(folder.path)/mine.safetensors" }

    init() throws {
        folder = try TemporaryFolder()
        verifier = SpellingVerifier(try Self.speech.get())
    }

    private static func sample(_ name: String) -> String { "\(sources)/audio-samples/\(name)" }

    private static let stops = ["stop-kokoro-kumo.wav", "stop-pico-gb.wav", "stop-hibari-heart.wav"].map(
        sample)
    private static let rights = ["right-espeak-us.wav", "right-festival-kal.wav"].map(sample)

    private func teach() throws -> Enrolment {
        let enrolment = try Enrolment(at: model, verifier: verifier)
        _ = try enrolment.teach("halt", files: Self.stops)
        _ = try enrolment.teach("right", files: Self.rights)
        return enrolment
    }

    private func posteriors(_ path: String, verifier: SpellingVerifier?) throws -> [String: Float] {
        let recognition = try Recognizer(model: CommandModel(contentsOf: model), verifier: verifier)
            .recognize(.file(path: path))
        return Dictionary(uniqueKeysWithValues: recognition.top(20).map { ($0.label, $0.probability) })
    }

    @Test func isSpelledAsItIsSaidAndNotAsItIsCalled() throws {
        _ = try teach()
        let spellings = try #require(try CommandModel(contentsOf: model).spellings)
        #expect(spellings.speechModel == verifier.hash)
        #expect(spellings.words.mapValues(\.count) == ["halt": 3, "right": 2])
        let stop = try #require(spellings.words["halt"])
        #expect(stop.count { $0.hasPrefix("st") } >= 2, "\(stop)")
        #expect(try CommandModel(contentsOf: model).spellings?.written.contains("halt") == false)
    }

    /// A network that takes every *yes* for another word is believed without the letters, and not with them.
    @Test func lettersHaveASay() throws {
        let names = ["yes": "kitchen", "stop": "halt"]
        let builtIn = try CommandModel.builtIn()
        let renamed = try CommandModel(
            labels: builtIn.labels.map { names[$0] ?? $0 }, frontEnd: builtIn.frontEnd,
            normalizer: builtIn.normalizer, clipSampleCount: builtIn.clipSampleCount,
            network: builtIn.network,
            parameters: builtIn.parameters, provenance: builtIn.provenance
        ).with(
            spellings: Spellings(
                speechModel: verifier.hash,
                words: ["kitchen": ["kitchen", "kichan"], "halt": ["stop", "stap"]],
                written: ["kitchen"]))
        try renamed.write(to: model)
        let yes = Self.sample("yes-espeak-us.wav")
        #expect(try posteriors(yes, verifier: nil)["kitchen"] ?? 0 > 0.9)
        #expect(try posteriors(yes, verifier: verifier)["kitchen"] ?? 1 < 0.1)
        for verifier in [nil, verifier] {
            let stop = try posteriors(Self.sample("stop-kokoro-kumo.wav"), verifier: verifier)
            #expect(stop["halt"] ?? 0 > 0.9, "\(stop)")
            #expect(abs(stop.values.reduce(0, +) - 1) < 1e-5)
        }
    }

    /// The window that decides is that without the verifier, and what lies further away does not matter.
    @Test func surroundingsFarAwayDoNotMatter() throws {
        _ = try teach()
        let recognizer = try Recognizer(model: CommandModel(contentsOf: model), verifier: verifier)
        let word = try Waveform(
            contentsOf: .file(path: Self.sample("stop-pico-us.flac")), sampleRate: 16_000, maximumDuration: 5
        ).samples
        func hear(before: Int, behind: Int) -> Recognition {
            let silence = { [Float](repeating: 0, count: 4_000 * $0) }
            return recognizer.recognize(
                Waveform(samples: silence(before) + word + silence(behind), sampleRate: 16_000))
        }
        let near = hear(before: 6, behind: 6)
        #expect(near.best.label == "halt")
        // Windows move by 4,000 samples, 16 of them together: the same ones, elsewhere in the batches.
        for (before, behind) in [(7, 6), (6, 90), (21, 6), (22, 19), (95, 50)] {
            let far = hear(before: before, behind: behind)
            #expect(far.posteriors == near.posteriors, "\(before), \(behind)")
            #expect(far.windowStart == near.windowStart + 0.25 * Double(before - 6))
        }
    }

    @Test func filesAndWaveformsAreOne() throws {
        _ = try teach()
        let recognizer = try Recognizer(model: CommandModel(contentsOf: model), verifier: verifier)
        let path = Self.sample("right-pico-gb.wav")
        let sound = try Waveform(contentsOf: .file(path: path), sampleRate: 16_000, maximumDuration: 5)
        #expect(try recognizer.recognize(.file(path: path)) == recognizer.recognize(sound))
    }

    @Test func changesKeepWhatWasSpelled() throws {
        let enrolment = try teach()
        let before = try CommandModel(contentsOf: model).spellings
        try enrolment.rename("halt", to: "stop")
        #expect(try CommandModel(contentsOf: model).spellings?.words["stop"] == before?.words["halt"])
        try enrolment.forget("right")
        #expect(try CommandModel(contentsOf: model).spellings?.words.keys.sorted() == ["stop"])
        for _ in 0..<2 { try enrolment.undo() }
        #expect(try CommandModel(contentsOf: model).spellings == before)
    }

    @Test func needsItsVerifier() throws {
        _ = try teach()
        #expect(throws: EnrolmentError.verifierMissing(model: model)) { try Enrolment(at: model) }
        let taught = try CommandModel(contentsOf: model)
        let words = try #require(taught.spellings?.words)
        let others = try taught.with(
            spellings: Spellings(speechModel: String(repeating: "0", count: 64), words: words))
        let reason = "the words were taught with the speech model 000000000000, the verifier is "
        for error in [
            #expect(throws: RecognitionError.self) { try Recognizer(model: others, verifier: verifier) },
            #expect(throws: RecognitionError.self) {
                try StreamingRecognizer(model: others, verifier: verifier)
            },
        ] {
            #expect("\(try #require(error))".hasPrefix(reason), "\(error!)")
        }
        let error = #expect(throws: RecognitionError.self) {
            try Recognizer(model: .builtIn(), verifier: verifier)
        }
        #expect("\(try #require(error))".hasPrefix("the model does not know how its words are spelled"))
    }

    /// A word whose name has no letters of the speech model is verified by how its recordings are spelled.
    @Test func wordsOfAnotherScriptAreVerified() throws {
        _ = try Enrolment(at: model).teach("停", files: Self.stops)
        #expect(verifier.unspellable(try CommandModel(contentsOf: model)) == ["停"])
        _ = try Enrolment(at: model, verifier: verifier).teach("停", files: Self.rights)
        #expect(verifier.unspellable(try CommandModel(contentsOf: model)).isEmpty)
    }
}
