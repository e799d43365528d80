import Foundation
import MynahAudio
import MynahBase
import MynahNetwork
import MynahTestSupport
import Testing

struct AudioStreamTests {
    @Test(arguments: [
        "ima.wav", "ms.wav", "tone.flac", "streamed.flac", "tone.ogg", "tone.opus", "tone.mp3", "tone.aiff",
    ])
    func blocksEqualTheWhole(name: String) throws {
        let whole = try read(try fixture(name))
        for seed in 0..<5 {
            var generator = SeededGenerator(seed: UInt64(seed))
            var reader = try AudioReader(try fixture(name))
            var samples: [Float] = []
            while try reader.read(Int.random(in: 1...900, using: &generator), appendingTo: &samples) > 0 {}
            #expect(samples == whole)
            #expect(reader.position == whole.count)
        }
    }

    @Test(arguments: [8_000, 16_000, 44_100])
    func streamEqualsWaveform(rate: Int) throws {
        let folder = try TemporaryFolder()
        let noise = SyntheticSignal.noise(sampleCount: 100_000, seed: 8)
        let source = try folder.writeSource(WAVFile(noise, sampleRate: rate).bytes, to: "noise.wav")
        let whole = try read(source)
        var stream = try AudioStream(source, sampleRate: 16_000)
        var block: [Float] = []
        var samples: [Float] = []
        while try stream.read(into: &block) {
            #expect(!block.isEmpty)
            samples += block
        }
        #expect(block.isEmpty)
        #expect(try !stream.read(into: &block))
        #expect(samples == whole)
        #expect(stream.duration == 100_000 / Double(rate))
        #expect(stream.declaredDuration == stream.duration)
    }

    @Test func resampledSoundStaysWithinFullScale() throws {
        let folder = try TemporaryFolder()
        let square = (0..<44_100).map { ($0 / 50).isMultiple(of: 2) ? Float(1) : -1 }
        let samples = try read(
            try folder.writeSource(WAVFile(square, sampleRate: 44_100).bytes, to: "square.wav"))
        #expect(samples.allSatisfy { abs($0) <= 1 })
        #expect(samples.count == 16_000)
    }

    @Test func channelsAreAveragedOrChosen() throws {
        let folder = try TemporaryFolder()
        let left = SyntheticSignal.noise(sampleCount: 20_000, seed: 1)
        let right = SyntheticSignal.noise(sampleCount: 20_000, seed: 2)
        let both = zip(left, right).flatMap { [$0, $1] }
        let file = WAVFile(both, sampleRate: 16_000, channels: 2, encoding: .float32)
        let source = try folder.writeSource(file.bytes, to: "stereo.wav")
        #expect(try read(source, channel: .channel(1)) == left)
        #expect(try read(source, channel: .channel(2)) == right)
        #expect(try read(source) == zip(left, right).map { ($0 + $1) / 2 })
        for number in [0, 3, -1, Int.max] {
            #expect(
                errorReading(source, channel: .channel(number))
                    == .noSuchChannel(file: source.name, channel: number, channelCount: 2))
        }
    }

    @Test func sixteenChannels() throws {
        let folder = try TemporaryFolder()
        let frames = (0..<100).flatMap { frame in (0..<16).map { Float(frame * 16 + $0) / 2_000 } }
        let file = WAVFile(frames, sampleRate: 16_000, channels: 16, encoding: .float32)
        let source = try folder.writeSource(file.bytes, to: "many.wav")
        #expect(try read(source, channel: .channel(16)) == (0..<100).map { Float($0 * 16 + 15) / 2_000 })
        expectClose(
            try read(source), (0..<100).map { (Float($0) * 16 + 7.5) / 2_000 }, tolerance: 1e-6)
    }

    @Test func tooLongIsRefused() throws {
        let folder = try TemporaryFolder()
        let file = WAVFile([Float](repeating: 0, count: 32_001), sampleRate: 16_000)
        let source = try folder.writeSource(file.bytes, to: "long.wav")
        #expect(throws: AudioError.self) {
            try Waveform(contentsOf: source, sampleRate: 16_000, maximumDuration: 2)
        }
        #expect(
            try Waveform(contentsOf: source, sampleRate: 8_000, maximumDuration: 2.1).samples.count == 16_001)
        // A length left open is noticed while reading.
        #expect(
            throws: AudioError.tooLong(
                file: try fixture("streamed.flac").name, seconds: 0.25, maximumSeconds: 0.2)
        ) {
            try Waveform(contentsOf: try fixture("streamed.flac"), sampleRate: 16_000, maximumDuration: 0.2)
        }
    }

    /// Three hours, as a file with a hole.
    ///
    /// That memory does not grow with them is tested through the program, in a process of its own.
    @Test func threeHoursAreReadInBlocks() throws {
        let folder = try TemporaryFolder()
        let byteCount = 3 * 3_600 * 8_000
        var file = WAVFile([], sampleRate: 8_000, encoding: .pcm8)
        file.declaredDataSize = byteCount
        file.declaredTotalSize = byteCount + 36
        let source = try folder.writeSource(file.bytes, to: "long.wav")
        #expect(truncate(source.name, byteCount + 44) == 0)
        var reader = try AudioReader(source)
        var block: [Float] = []
        while try reader.read(8_192, appendingTo: &block) > 0 { block.removeAll(keepingCapacity: true) }
        #expect(reader.position == byteCount)
        let start = ContinuousClock.now
        var stream = try AudioStream(source, sampleRate: 16_000)
        while start.duration(to: .now) < .seconds(1), try stream.read(into: &block) {}
        #expect(throws: AudioError.tooLong(file: source.name, seconds: 10_800, maximumSeconds: 60)) {
            try read(source)
        }
    }

    @Test func manyThreadsReadOneFile() async throws {
        let source = try fixture("tone.opus")
        let mp3 = try fixture("tone.mp3")
        let expected = (try read(source), try read(mp3))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<64 {
                group.addTask {
                    let isFirst = index.isMultiple(of: 2)
                    return try read(isFirst ? source : mp3) == (isFirst ? expected.0 : expected.1)
                }
            }
            for try await isEqual in group { #expect(isEqual) }
        }
    }
}
