import Foundation
import MynahAudio
import MynahTestSupport
import Synchronization
import Testing

@testable import MynahData

@Suite struct DataClipStoreTests {
    private func store(
        _ folder: DataTestFolder, split: DataSplit = .training, threads: Int = 2,
        limits: ClipStore.Limits = ClipStore.Limits(), decoder: ClipDecoder = DataTestFolder.decoder
    ) throws(DataError) -> ClipStore {
        try ClipStore(decoding: folder.scan(), split: split, with: decoder, threads: threads, limits: limits)
    }

    @Test func sixteenBitSamplesAreKeptExactly() {
        let samples = (-32768...32767).map { Float($0) / 32768 }
        var output = [Float](repeating: 0, count: samples.count)
        QuantizedSamples(samples).copy(from: 0, into: &output)
        #expect(output == samples)
    }

    @Test func otherSamplesAreRounded() {
        let samples: [Float] = [0.1, -0.7, 1, -1, 1.5, -3, 1e30, 1e-9]
        var output = [Float](repeating: 0, count: samples.count)
        QuantizedSamples(samples).copy(from: 0, into: &output)
        for (kept, sample) in zip(output, samples) {
            let held = max(-1, min(1 - 0x1p-15, sample))
            #expect(abs(kept - held) <= 0x1p-16)
        }
    }

    @Test(arguments: [
        (0, [1, 2, 3, 0, 0]), (-2, [0, 0, 1, 2, 3]), (2, [3, 0, 0, 0, 0]), (-9, [0, 0, 0, 0, 0]),
        (9, [0, 0, 0, 0, 0]), (-4, [0, 0, 0, 0, 1]),
    ])
    func outsideTheClipAreZeros(start: Int, expected: [Int]) {
        var output = [Float](repeating: 7, count: 5)
        QuantizedSamples([1, 2, 3].map { Float($0) * 0x1p-15 }).copy(from: start, into: &output)
        #expect(output == expected.map { Float($0) * 0x1p-15 })
    }

    @Test func unreadableClipsAreNamed() throws {
        let folder = try makeSmallCorpus(clipsPerWord: 20)
        try folder.write("yes/speaker0_nohash_1.wav", "text")
        try folder.write("yes/speaker0_nohash_2.wav", "0")
        try folder.write("yes/speaker0_nohash_3.wav", "961000")
        try folder.write("yes/speaker0_nohash_4.wav", "")
        let scanned = try folder.scan()
        let split = try #require(scanned.clips.first { $0.name == "yes/speaker0_nohash_0.wav" }).split
        let store = try store(folder, split: split)
        #expect(
            store.unreadable.map { "\($0.name): \($0.reason)" } == [
                "yes/speaker0_nohash_1.wav: is not audio", "yes/speaker0_nohash_2.wav: no samples",
                "yes/speaker0_nohash_3.wav: longer than 60 s", "yes/speaker0_nohash_4.wav: is not audio",
            ])
        #expect(store.clips.count == scanned.clips(in: split).count - 4)
        #expect(store.clips.allSatisfy { $0.split == split })
    }

    @Test func aLabelWithoutAnyReadableClipIsAnError() throws {
        let folder = try makeSmallCorpus(clipsPerWord: 20)
        for clip in try folder.scan().clips where clip.word == "no" && clip.split == .training {
            try folder.write(clip.name, "text")
        }
        let line = message { () throws(DataError) in _ = try store(folder) }
        #expect(line?.hasPrefix("'no': none of its") == true)
        #expect(line?.hasSuffix("(is not audio)") == true)
    }

    @Test(arguments: [
        (Waveform(samples: [0, .nan], sampleRate: 16_000), "samples that are not finite"),
        (Waveform(samples: [0, -.infinity], sampleRate: 16_000), "samples that are not finite"),
        (Waveform(samples: [0, 0], sampleRate: 8_000), "8000 Hz, expected 16000 Hz"),
    ])
    func soundsThatNobodyCanUse(waveform: Waveform, reason: String) throws {
        let decoder = ClipDecoder(sampleRate: 16_000) { path, _ in
            path.contains("speaker3_")
                ? .success(waveform) : .success(Waveform(samples: [0.5], sampleRate: 16_000))
        }
        let folder = try makeSmallCorpus(clipsPerWord: 20)
        let split = SpeakerSplit.split(ofFileName: "speaker3_nohash_0.wav")
        let store = try store(folder, split: split, decoder: decoder)
        #expect(store.unreadable.count == 5)
        #expect(store.unreadable.allSatisfy { $0.reason == reason })
    }

    /// A reason goes behind the name of the file, and does not repeat it.
    @Test func theDecoderOfAudioFilesSaysWhatIsWrong() throws {
        let folder = try DataTestFolder()
        try folder.write("text.wav", "no audio")
        try folder.write("empty.wav", "")
        let decoder = ClipDecoder.audioFiles(sampleRate: 16_000)
        for (name, expected) in [
            ("text.wav", "is not an audio file of any known format"), ("empty.wav", "is empty (0 bytes)"),
            ("none.wav", "no such file"),
        ] {
            let result = decoder.samples(of: "\(folder.path)/\(name)", maximumSeconds: 60)
            #expect(result == .failure(ClipDecoder.Failure(reason: expected)))
        }
    }

    @Test func theDecoderOfAudioFilesKeepsSixteenBitSamples() throws {
        let values: [Int16] = [0, 1, -1, 32767, -32768, 1234]
        var bytes = Array("RIFF".utf8) + [48, 0, 0, 0] + Array("WAVEfmt ".utf8)
        bytes += [16, 0, 0, 0, 1, 0, 1, 0, 0x80, 0x3e, 0, 0, 0, 0x7d, 0, 0, 2, 0, 16, 0]
        bytes += Array("data".utf8) + [12, 0, 0, 0]
        for value in values {
            bytes += [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
        }
        let folder = try DataTestFolder()
        try Data(bytes).write(to: folder.url.appending(path: "a.wav"))
        let result = ClipDecoder.audioFiles(sampleRate: 16_000)
            .samples(of: "\(folder.path)/a.wav", maximumSeconds: 60)
        #expect(try result.get().values == values)
    }

    /// Clips that do not fit are decoded again whenever they are heard, and sound the same.
    @Test func memoryIsLimited() throws {
        let folder = try makeSmallCorpus(clipsPerWord: 20)
        let count = try folder.scan().clips(in: .training).count
        let whole = try store(folder)
        for limit in [0, 5 * 3200, count * 3200 - 1, count * 3200] {
            let bounded = try store(folder, limits: ClipStore.Limits(bytes: limit))
            for _ in 0..<2 {
                for clip in whole.clips.indices {
                    #expect(bounded.waveform(ofClip: clip) == whole.waveform(ofClip: clip))
                }
            }
            #expect(bounded.byteCount == limit / 3200 * 3200)
            #expect(bounded.loss == nil)
        }
    }

    /// What could be decoded once and cannot be any more is told, and does not stop anybody at once.
    @Test func aClipThatIsGoneIsTold() throws {
        let folder = try makeSmallCorpus(clipsPerWord: 20)
        let store = try store(folder, limits: ClipStore.Limits(bytes: 0))
        let clip = store.clips[3]
        try folder.write(clip.name, "text")
        #expect(store.waveform(ofClip: 3) == [Float](repeating: 0, count: store.sampleCount(ofClip: 3)))
        #expect(store.loss == .lostRecording(path: clip.path, reason: "is not audio"))
    }

    /// Each process decodes its share; all know the same of the clips.
    @Test func processesShareTheDecoding() throws {
        let folder = try makeSmallCorpus(clipsPerWord: 20)
        try folder.write("yes/speaker0_nohash_1.wav", "text")
        let decoded = Mutex(0)
        let decoder = ClipDecoder(sampleRate: 16_000) { path, _ in
            decoded.withLock { $0 += 1 }
            return DataTestFolder.decode(path)
        }
        let scanned = try folder.scan()
        let stores = try ThreadedCommunicator.run(size: 3) {
            try ClipStore(
                decoding: scanned, split: .training, with: decoder, threads: 1, communicator: $0)
        }
        let alone = try store(folder)
        #expect(decoded.withLock { $0 } == alone.clips.count + alone.unreadable.count)
        for store in stores {
            #expect(store.clips == alone.clips && store.unreadable == alone.unreadable)
            #expect(
                store.clips.indices.allSatisfy { store.waveform(ofClip: $0) == alone.waveform(ofClip: $0) })
        }
    }

    @Test func theNumberOfThreadsChangesNothing() throws {
        let folder = try makeSmallCorpus(clipsPerWord: 20)
        let one = try store(folder, threads: 1)
        let four = try store(folder, threads: 4)
        #expect(one.clips == four.clips)
        #expect(one.clips.indices.allSatisfy { one.waveform(ofClip: $0) == four.waveform(ofClip: $0) })
    }

    @Test func progressCountsEveryClip() throws {
        let seen = Mutex<[Int]>([])
        let folder = try makeSmallCorpus(clipsPerWord: 20)
        let store = try ClipStore(
            decoding: folder.scan(), split: .training, with: DataTestFolder.decoder, threads: 3,
            onDecoded: { count in seen.withLock { $0.append(count) } })
        #expect(seen.withLock { $0.sorted() } == Array(1...store.clips.count))
    }

    @Test func theSummaryCountsWhatCanBeUsed() throws {
        let folder = try makeSmallCorpus(clipsPerWord: 40)
        let unreadableSplit = SpeakerSplit.split(ofFileName: "speaker0_nohash_1.wav")
        try folder.write("yes/speaker0_nohash_1.wav", "text")
        try folder.write("no/speaker1_nohash_1.wav", "8000")
        let scanned = try folder.scan(words: ["yes", "no"])
        let stores = try DataSplit.allCases.map { split throws(DataError) in
            try ClipStore(decoding: scanned, split: split, with: DataTestFolder.decoder, threads: 2)
        }
        let noise = try BackgroundNoise(decoding: scanned, with: DataTestFolder.decoder, threads: 2)
        let summary = DataSummary(folder: scanned, stores: stores, noise: noise)
        #expect(summary.labels.map(\.label) == ["_silence_", "_unknown_", "yes", "no"])
        #expect(summary.labels.map(\.clips.total) == [0, 80 + 40 + 12, 40, 41])
        #expect(summary.speakers.total == 80)
        #expect(summary.durations.clipCount == 213)
        #expect(summary.durations.minimum == 0.1)
        #expect(summary.durations.median == 0.1)
        #expect(summary.durations.maximum == 0.5)
        #expect(abs(summary.durations.total - (212 * 0.1 + 0.5)) < 1e-9)
        #expect(summary.noiseSeconds == 10)
        #expect(summary.unreadable.map(\.name) == ["yes/speaker0_nohash_1.wav"])

        let withoutStore = DataSummary(folder: scanned, stores: stores.filter { $0.split != unreadableSplit })
        #expect(withoutStore.labels.map(\.clips.total) == [0, 132, 41, 41])
    }

    @Test func theDataHashFollowsNamesAndSizes() throws {
        let hash = { (folder: DataTestFolder) throws(DataError) in
            DataSummary(folder: try folder.scan(), stores: []).dataHash
        }
        let files = ["yes/a.wav", "no/b.wav"]
        let original = try hash(DataTestFolder(files))
        #expect(original.count == 64)
        #expect(try hash(DataTestFolder(files)) == original)
        #expect(try hash(DataTestFolder(files + ["no/readme.txt"])) == original)
        #expect(try hash(DataTestFolder(files + ["no/c.wav"])) != original)
        #expect(try hash(DataTestFolder(["yes/a.wav", "no/c.wav"])) != original)
        let longer = try DataTestFolder(files)
        try longer.write("yes/a.wav", "16000")
        #expect(try hash(longer) != original)
        #expect(try hash(DataTestFolder(files + ["_background_noise_/n.wav"])) != original)
    }
}
