import Foundation
import MynahData
import Testing

/// Runs on the real Speech Commands recordings, which are too large for the repository: only when the environment
/// variable `MYNAH_SPEECH_COMMANDS` holds the path of a copy.
///
/// `MYNAH_SPEECH_COMMANDS=~/speech-commands swift test -c release --filter DataSpeechCommandsTests`
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["MYNAH_SPEECH_COMMANDS"] != nil,
        "MYNAH_SPEECH_COMMANDS names no folder with the Speech Commands recordings"))
struct DataSpeechCommandsTests {
    private let path = ProcessInfo.processInfo.environment["MYNAH_SPEECH_COMMANDS"] ?? ""
    private let commands = ["yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go"]

    /// In the copy that this was written for, validation clips are FLAC and training clips Opus; an original copy has
    /// WAV files and lists, which decide.
    @Test func theSplitIsTheOfficialOne() throws {
        let clock = ContinuousClock()
        let start = clock.now
        let folder = try LabelledFolder(scanning: path)
        print("scanned \(folder.clips.count) clips in \(clock.now - start)")
        #expect(!folder.clips.isEmpty)
        for clip in folder.clips {
            if clip.path.hasSuffix(".flac") { #expect(clip.split == .validation, "\(clip.name)") }
            if clip.path.hasSuffix(".opus") { #expect(clip.split == .training, "\(clip.name)") }
        }
        #expect(folder.clips.allSatisfy { $0.speaker != nil })
    }

    @Test func theTwelveLabels() throws {
        let folder = try LabelledFolder(scanning: path, options: LabelledFolder.Options(words: commands))
        try folder.requireTrainable()
        #expect(folder.labels == ["_silence_", "_unknown_"] + commands)
        let clock = ContinuousClock()
        var start = clock.now
        let decoder = ClipDecoder.audioFiles(sampleRate: 16_000)
        let threads = ProcessInfo.processInfo.activeProcessorCount
        let store = try ClipStore(decoding: folder, split: .validation, with: decoder, threads: threads)
        print("decoded \(store.clips.count) clips in \(clock.now - start) on \(threads) threads")
        let noise = try BackgroundNoise(decoding: folder, with: decoder, threads: threads)
        #expect(store.unreadable.isEmpty && noise.unreadable.isEmpty)
        #expect(noise.count == 6)

        let selection = try EvaluationSelection(store: store)
        print("selected \(selection.counts)")
        let words = store.clips.count { commands.contains($0.word) }
        #expect(selection.counts == (words: words, unknown: (words + 9) / 10, silence: (words + 9) / 10))

        let loader = ExampleLoader(
            store: store, noise: noise, windowSampleCount: 16_000, augmentation: Augmentation())
        var window: [Float] = []
        start = clock.now
        for example in selection.examples { loader.draw(example, seed: 1, epoch: 0, into: &window) }
        print("drew \(selection.examples.count) examples in \(clock.now - start)")
        #expect(window.count == 16_000)
    }
}
