import Foundation
import MynahAudio
import MynahBase
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahTestSupport
import Testing

@testable import MynahRecognition

/// The built-in model, with its words and with other names for them, verified by the speech model that lies beside the sources.
struct SpellingVerifierTests {
    private static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    private static let speech = Result { try SpeechModel(contentsOf: "\(sources)/models/speech.safetensors") }

    /// The sounds that are said one after another.
    private static let said = [
        "yes-espeak-us", "stop-kokoro-kumo", "left-pico-us", "no-flite-slt", "down-flite-slt",
        "right-espeak-us",
    ]

    private let verifier: SpellingVerifier
    private let sound: [Float]

    init() throws {
        verifier = SpellingVerifier(try Self.speech.get())
        var sound = [Float](repeating: 0, count: 8_000)
        for name in Self.said {
            sound += try Waveform(
                contentsOf: .file(path: "\(Self.sources)/audio-samples/\(name).wav"), sampleRate: 16_000,
                maximumDuration: 5
            ).samples
            sound += [Float](repeating: 0, count: 16_000)
        }
        self.sound = sound
    }

    /// The built-in model, with other labels.
    private func model(_ rename: (String) -> String = { $0 }) throws -> CommandModel {
        let model = try CommandModel.builtIn()
        return try CommandModel(
            labels: model.labels.map { StandardLabel.isWord($0) ? rename($0) : $0 }, frontEnd: model.frontEnd,
            normalizer: model.normalizer, clipSampleCount: model.clipSampleCount, network: model.network,
            parameters: model.parameters, provenance: model.provenance, temperature: model.temperature)
    }

    /// What is heard in pieces of some sizes, taken in turn.
    private func hear(
        _ model: CommandModel, verifier: SpellingVerifier?, pieces: [Int] = [1_000_000]
    ) throws -> [Detection] {
        let recognizer = try StreamingRecognizer(model: model, verifier: verifier)
        var heard: [Detection] = []
        var start = 0
        var piece = 0
        while start < sound.count {
            let end = min(sound.count, start + pieces[piece % pieces.count])
            recognizer.push(Array(sound[start..<end]).span, onDetection: { heard.append($0) })
            start = end
            piece += 1
        }
        recognizer.finish(onDetection: { heard.append($0) })
        return heard
    }

    @Test func hearsWhatIsSpelled() throws {
        let labels = Self.said.map { String($0.prefix { $0 != "-" }) }
        #expect(try hear(model(), verifier: nil).map(\.label) == labels)
        #expect(try hear(model(), verifier: verifier).map(\.label) == labels)
    }

    /// A network that takes every word for another one is believed without a verifier, and not with one.
    @Test func doesNotHearWhatIsNotSpelled() throws {
        let names = [
            "yes": "kitchen", "stop": "umbrella", "left": "morning", "no": "table", "down": "picture",
            "right": "hello",
        ]
        let renamed = try model { names[$0] ?? $0 }
        #expect(try hear(renamed, verifier: nil).count == Self.said.count)
        #expect(try hear(renamed, verifier: verifier).isEmpty)
    }

    @Test func wordsThatCannotBeSpelledAreNotVerified() throws {
        let odd = [
            "yes": "licht", "no": "größe", "up": "hey mynah", "down": "light-2", "left": "o'clock",
            "right": "light-on",
            "on": "-",
        ]
        #expect(verifier.unspellable(try model { odd[$0] ?? $0 }) == ["größe", "light-2", "-"])
        let names = ["yes": "größe", "stop": "7"]
        #expect(
            try hear(model { names[$0] ?? "nonsense \($0)" }, verifier: verifier).map(\.label) == [
                "größe", "7",
            ])
    }

    @Test func chunksDoNotMatter() throws {
        let model = try model()
        let whole = try hear(model, verifier: verifier)
        for pieces in [[160], [1_601], [5_000, 3], [77, 40_000, 1_600]] {
            #expect(try hear(model, verifier: verifier, pieces: pieces) == whole, "\(pieces)")
        }
    }

    @Test func snapshotGoesOnElsewhere() throws {
        let model = try model()
        let whole = try hear(model, verifier: verifier)
        let word = try #require(whole.first)
        // Before the first word, within it, and behind it.
        for cut in [4_000, Int(word.start * 16_000), Int(word.end * 16_000) + 100] {
            var heard: [Detection] = []
            let first = try StreamingRecognizer(model: model, verifier: verifier)
            first.push(Array(sound[..<cut]).span, onDetection: { heard.append($0) })
            let snapshot = first.snapshot()
            let second = try StreamingRecognizer(model: model, verifier: verifier)
            second.push(Array(sound[20_000..<60_000]).span)
            second.restore(snapshot)
            second.push(Array(sound[cut...]).span, onDetection: { heard.append($0) })
            second.finish(onDetection: { heard.append($0) })
            #expect(heard == whole, "cut at \(cut)")
        }
    }

    @Test func resetForgetsTheStream() throws {
        let recognizer = try StreamingRecognizer(model: model(), verifier: verifier)
        var heard: [[Detection]] = [[], []]
        for turn in heard.indices {
            recognizer.push(sound.span, onDetection: { heard[turn].append($0) })
            turn == 0 ? recognizer.reset() : recognizer.finish()
        }
        #expect(heard[0] == heard[1])
    }

    /// A command network may hear longer windows than a speech model may spell at once.
    @Test func longWindowsAreSpelledInPart() throws {
        let short = try model()
        let long = try CommandModel(
            labels: short.labels, frontEnd: short.frontEnd, normalizer: short.normalizer,
            clipSampleCount: 40 * short.sampleRate, network: short.network, parameters: short.parameters,
            provenance: short.provenance)
        let eager = DetectionSettings(minimumSeconds: 0.1, threshold: 0.15)
        let recognizer = try StreamingRecognizer(model: long, detection: eager, verifier: verifier)
        var heard: [String] = []
        for _ in 0..<4 { recognizer.push(sound.span, onDetection: { heard.append($0.label) }) }
        #expect(!heard.isEmpty)
    }

    @Test func otherSampleRateIsRefused() throws {
        let frontEnd = FrontEndPreset.mynah.configuration(sampleRate: 8_000)
        let model = try TestModels.streaming(readOut: .mean, frontEnd: frontEnd)
        #expect(
            throws: RecognitionError.unusableModel(
                reason: "the speech model hears 16000 Hz, the model of commands 8000 Hz, expected the same")
        ) {
            try StreamingRecognizer(model: model, verifier: verifier)
        }
    }

    /// A network that suspects a word from its first decision on, when there is less sound than the speech model reads at once.
    @Test func soundThatIsTooShortSpellsNothing() throws {
        let eager = DetectionSettings(
            smoothingSeconds: 0.01, minimumSeconds: 0, refractorySeconds: 0.1, threshold: 0.01)
        let model = try TestModels.streaming(readOut: .mean)
        for verifier in [nil, verifier] {
            let recognizer = try StreamingRecognizer(model: model, detection: eager, verifier: verifier)
            var heard = 0
            recognizer.push(Array(sound[12_000..<13_000]).span, onDetection: { _ in heard += 1 })
            #expect((heard > 0) == (verifier == nil))
        }
    }
}
