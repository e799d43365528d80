import MynahBase
import MynahNetwork
import Testing

@testable import MynahData

@Suite struct NegativeRecordingsTests {
    private let folder: DataTestFolder

    init() throws {
        folder = try DataTestFolder()
        try folder.write("a.wav", "3000")
        try folder.write("b.wav", "text")
        try folder.write("c.wav", "5000")
    }

    private func decode(
        _ names: String..., limitBytes: Int = NegativeRecordings.defaultLimitBytes
    ) throws(DataError) -> NegativeRecordings {
        try NegativeRecordings(
            decoding: names.map { NegativeRecordings.File(path: "\(folder.path)/\($0)", name: $0) },
            with: DataTestFolder.decoder, threads: 2, limitBytes: limitBytes)
    }

    @Test func recordingsAreLaidEndToEnd() throws {
        let recordings = try decode("a.wav", "b.wav", "c.wav")
        #expect(recordings.count == 2)
        #expect(recordings.seconds == 0.5)
        #expect(recordings.unreadable.map(\.name) == ["b.wav"])
        #expect(recordings.contents.map(\.name) == ["a.wav", "c.wav"])
        var generator = SeededGenerator(seed: 1)
        let all = recordings.stretch(sampleCount: 10_000, using: &generator)
        #expect(all.count == 8000)
        // Two ramps, one after the other.
        #expect(all.values[2999] > all.values[3000] && all.values[7999] > all.values[3000])
        var starts: Set<Int16> = []
        for _ in 0..<100 {
            let stretch = recordings.stretch(sampleCount: 2000, using: &generator)
            #expect(stretch.count == 2000)
            starts.insert(stretch.values[0])
        }
        #expect(starts.count > 50)
    }

    @Test func examplesAreWindowsOfThem() throws {
        let corpus = try makeSmallCorpus(clipsPerWord: 20)
        let store = try ClipStore(
            decoding: corpus.scan(words: ["yes", "no"]), split: .training, with: DataTestFolder.decoder,
            threads: 2)
        let loader = ExampleLoader(
            store: store, noise: .none, negatives: try decode("a.wav", "c.wav"), windowSampleCount: 1600)
        let example = Example(source: .negative, label: 1, number: 3)
        var (first, second, other) = ([Float](), [Float](), [Float]())
        loader.draw(example, seed: 1, epoch: 0, into: &first)
        loader.draw(example, seed: 1, epoch: 0, into: &second)
        loader.draw(example, seed: 1, epoch: 1, into: &other)
        #expect(first.count == 1600 && first == second && first != other)
        // A ramp never falls to zero: nothing was brought in from outside.
        #expect(first.allSatisfy { $0 > 0 })
    }

    @Test func whatCannotBeUsed() throws {
        #expect(
            message { () throws(DataError) in _ = try decode("b.wav") }
                == "recordings without commands: none of 1 can be read; the first is b.wav (is not audio)")
        #expect(
            message { () throws(DataError) in
                _ = try decode("a.wav", "c.wav", limitBytes: 9000)
            } == "the 2 recordings without commands do not fit into 0 MiB of memory")
        #expect(try decode().count == 0)
    }

    @Test func theHashOfTheDataFollowsThem() throws {
        let corpus = try makeSmallCorpus(clipsPerWord: 20).scan()
        func hash(_ recordings: NegativeRecordings) -> String {
            DataSummary(folder: corpus, stores: [], negatives: recordings).dataHash
        }
        let without = hash(.none)
        #expect(hash(try decode("a.wav")) != without)
        #expect(hash(try decode("a.wav")) != hash(try decode("c.wav")))
        #expect(hash(try decode("a.wav", "c.wav")) == hash(try decode("c.wav", "a.wav")))
        let summary = DataSummary(folder: corpus, stores: [], negatives: try decode("a.wav", "b.wav"))
        #expect(summary.negativeRecordingCount == 1 && abs(summary.negativeSeconds - 0.19) < 0.01)
        #expect(summary.unreadable.map(\.name) == ["b.wav"])
    }
}
