import Foundation
import MynahAudio
import MynahData
import MynahNetwork
import MynahTestSupport
import MynahTraining
import Testing

@testable import MynahEvaluation

/// Composed recordings: words where the table says, as loud above the noise as was asked for.
struct CompositionTests {
    private let folder = Folder()

    /// A folder of words of half a second within a second of silence, and of noise.
    private final class Folder {
        let path = NSTemporaryDirectory() + "mynah-composition-\(UUID().uuidString)"

        init() {
            for word in ["go", "stop", "zero"] {
                for speaker in 0..<40 {
                    var samples = [Float](repeating: 0, count: 16_000)
                    let start = 2_000 + 100 * speaker
                    let tone = SyntheticSignal.tone(
                        frequency: 500, sampleCount: 8_000, sampleRate: 16_000,
                        amplitude: 0.05 + 0.02 * Double(speaker))
                    samples.replaceSubrange(start..<start + 8_000, with: tone)
                    write(samples, "\(word)/s\(speaker)_nohash_0.wav")
                }
            }
            write(
                SyntheticSignal.noise(sampleCount: 160_000, seed: 1, amplitude: 0.3),
                "_background_noise_/hiss.wav")
            write(
                SyntheticSignal.tone(frequency: 200, sampleCount: 80_000, sampleRate: 16_000),
                "speech.wav")
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        private func write(_ samples: [Float], _ name: String) {
            let url = URL(fileURLWithPath: "\(path)/\(name)")
            try? FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try? Data(WAVFile(samples, sampleRate: 16_000).bytes).write(to: url)
        }
    }

    private func compose(
        _ settings: CompositionSettings, noise: Bool = true, speech: Bool = false,
        split: DataSplit = .validation
    ) throws -> (samples: [Float], plan: CompositionPlan) {
        let all = try LabelledFolder(scanning: folder.path)
        let clips = all.clips(in: split)
        let plan = try CompositionPlan(
            words: clips.filter { $0.word != "zero" }, others: clips.filter { $0.word == "zero" },
            sampleRate: 16_000, settings: settings)
        var composer = RecordingComposer(
            plan,
            noise: NoiseBed(
                noise
                    ? try BackgroundNoise(
                        decoding: all, with: .audioFiles(sampleRate: 16_000), threads: 2) : .none,
                split: split, sampleRate: 16_000, seed: settings.seed),
            speech: SpeechBed(
                speech ? [.file(path: "\(folder.path)/speech.wav")] : [], sampleRate: 16_000))
        var samples: [Float] = []
        var block: [Float] = []
        while try composer.read(into: &block) { samples += block }
        return (samples, plan)
    }

    private func rootMeanSquare(_ samples: ArraySlice<Float>) -> Float {
        (samples.reduce(0) { $0 + $1 * $1 } / Float(samples.count)).squareRoot()
    }

    @Test func wordsLieWhereTheTableSays() throws {
        var settings = CompositionSettings()
        settings.wordCount = 25
        settings.otherWordCount = 10
        let (samples, plan) = try compose(settings, noise: false)
        #expect(samples.count == plan.sampleCount)
        #expect(plan.truth.events.count == 35)
        #expect(plan.truth.events.count { $0.word == "zero" } == 10)
        var expected = [Bool](repeating: false, count: samples.count)
        for event in plan.truth.events {
            // The tones last half a second; blocks of 10 ms find their ends.
            #expect(abs(event.end - event.start - 0.5) < 0.021)
            let range = Int(event.start * 16_000)..<Int(event.end * 16_000)
            #expect(abs(rootMeanSquare(samples[range]) - CompositionPlan.wordLevel) < 0.002)
            for index in range { expected[index] = true }
        }
        let loudOutside = samples.indices.count { !expected[$0] && abs(samples[$0]) > 0.1 }
        #expect(loudOutside == 0)
        for (earlier, later) in zip(plan.truth.events, plan.truth.events.dropFirst()) {
            #expect(later.start - earlier.end >= 1.97 && later.start - earlier.end <= 6.03)
        }
    }

    @Test(arguments: [0.0, 12.0, 30.0]) func noiseIsAsFarBelowAsAskedFor(decibels: Double) throws {
        var settings = CompositionSettings()
        settings.wordCount = 20
        settings.signalToNoiseDecibels = decibels...decibels
        let (samples, plan) = try compose(settings)
        let pauses = zip(plan.truth.events, plan.truth.events.dropFirst()).flatMap { earlier, later in
            samples[Int(earlier.end * 16_000) + 500..<Int(later.start * 16_000) - 500]
        }
        let ratio = CompositionPlan.wordLevel / rootMeanSquare(pauses[...])
        #expect(abs(20 * log10(Double(ratio)) - decibels) < 0.5)
    }

    @Test func speechKeepsAwayFromWords() throws {
        var settings = CompositionSettings()
        settings.wordCount = 20
        let (samples, plan) = try compose(settings, noise: false, speech: true)
        let silent = try compose(settings, noise: false).samples
        let spoken = samples.indices.filter { samples[$0] != silent[$0] }
        #expect(spoken.count > 16_000 * 10)
        var isWord = [Bool](repeating: false, count: samples.count)
        for event in plan.truth.events {
            for index in max(0, Int((event.start - 0.3) * 16_000))..<Int((event.end + 0.3) * 16_000) {
                isWord[min(index, samples.count - 1)] = true
            }
        }
        #expect(!spoken.contains { isWord[$0] })
    }

    @Test func seedDecides() throws {
        var settings = CompositionSettings()
        settings.wordCount = 12
        let first = try compose(settings)
        let again = try compose(settings)
        #expect(first.samples == again.samples)
        #expect(first.plan.truth == again.plan.truth)
        settings.seed = 2
        let other = try compose(settings)
        #expect(other.plan.truth != first.plan.truth)
    }

    /// Every clip once before any comes twice.
    @Test func clipsAreUsedEvenly() throws {
        let all = try LabelledFolder(scanning: folder.path).clips(in: .validation)
        var settings = CompositionSettings()
        settings.wordCount = all.count * 2
        let plan = try CompositionPlan(words: all, others: [], sampleRate: 16_000, settings: settings)
        let uses = Dictionary(grouping: plan.placements, by: \.path).mapValues(\.count)
        #expect(uses.count == all.count)
        #expect(Set(uses.values) == [2])
    }

    @Test func impossibleRecordings() throws {
        func message(_ change: (inout CompositionSettings) -> Void) -> String {
            var settings = CompositionSettings()
            change(&settings)
            do {
                _ = try compose(settings)
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(message { $0.wordCount = 0 }.contains("expected 1 to 1,000,000"))
        #expect(message { $0.gapSeconds = 0...1 }.contains("expected 0.1 to 600 s"))
        #expect(message { $0.signalToNoiseDecibels = -50...0 }.contains("expected -20 to 100 dB"))
        let none = #expect(throws: EvaluationError.self) {
            try CompositionPlan(
                words: [], others: [], sampleRate: 16_000, settings: CompositionSettings())
        }
        #expect(none?.description == "recording: there are no clips to draw 100 from")
    }

    @Test func wordIsFoundInNoise() {
        var samples = SyntheticSignal.noise(sampleCount: 16_000, seed: 2, amplitude: 0.01)
        let tone = SyntheticSignal.tone(frequency: 700, sampleCount: 4_800, sampleRate: 16_000)
        for (index, value) in tone.enumerated() where !(2_000..<3_600).contains(index) {
            samples[6_400 + index] += value
        }
        // The pause of 100 ms within belongs to it.
        let extent = WordExtent(in: samples, sampleRate: 16_000)
        #expect(abs(extent.range.lowerBound - 6_400) <= 160)
        #expect(abs(extent.range.upperBound - 11_200) <= 160)
        #expect(WordExtent(in: [0, 0], sampleRate: 16_000).range == 0..<2)
        let silence = WordExtent(in: [Float](repeating: 0, count: 16_000), sampleRate: 16_000)
        #expect(silence.range == 0..<16_000 && silence.rootMeanSquare == 0)
    }

    /// The button that starts a recording is heard in it, louder than the word.
    @Test func clickIsNoWord() {
        var samples = SyntheticSignal.noise(sampleCount: 16_000, seed: 2, amplitude: 0.001)
        for index in 800..<960 { samples[index] = index.isMultiple(of: 2) ? 0.9 : -0.9 }
        let tone = SyntheticSignal.tone(frequency: 700, sampleCount: 4_800, sampleRate: 16_000)
        for (index, value) in tone.enumerated() { samples[6_400 + index] += 0.6 * value }
        let extent = WordExtent(in: samples, sampleRate: 16_000)
        #expect(abs(extent.range.lowerBound - 6_400) <= 160)
        #expect(abs(extent.range.upperBound - 11_200) <= 160)
    }

    @Test func writtenFileIsReadBack() throws {
        let samples: [Float] = [0, 0.5, -0.5, 0.25, 1.5, -1.5, 0x1p-15]
        let path = "\(folder.path)/out.wav"
        let bytes =
            WAVEncoding.integer16.header(sampleCount: samples.count, sampleRate: 16_000)
            + WAVEncoding.integer16.bytes(of: samples.span)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let read = try Waveform(
            contentsOf: .file(path: path), sampleRate: 16_000, maximumDuration: 1)
        #expect(read.samples == [0, 0.5, -0.5, 0.25, 1 - 0x1p-15, -1, 0x1p-15])
    }
}
