import MynahTestSupport
import Testing

@testable import MynahAudio

/// Samples without a header are heard as those behind one.
struct SampleStreamTests {
    private static let encodings: [(SampleFormat.Encoding, WAVFile.Encoding)] = [
        (.unsigned8, .pcm8), (.signed16, .pcm16), (.signed24, .pcm24), (.signed32, .pcm32),
        (.float32, .float32),
    ]

    /// The same bytes in a file and in pieces of many sizes, which cut frames and samples apart.
    @Test(arguments: encodings.indices, [(16_000, 1), (48_000, 1), (44_100, 2), (8_000, 6)])
    func piecesEqualFile(index: Int, format: (rate: Int, channels: Int)) throws {
        let (encoding, wav) = Self.encodings[index]
        let noise = SyntheticSignal.noise(
            sampleCount: format.channels * (format.rate / 3), seed: 5, amplitude: 1.1)
        let file = WAVFile(
            wav == .float32 ? noise : noise.map { max(-1, min(1, $0)) }, sampleRate: format.rate,
            channels: format.channels, encoding: wav)
        let folder = try TemporaryFolder()
        let expected = try read(try folder.writeSource(file.bytes, to: "noise.wav"))
        for size in [1, 7, 1_000, 1 << 20] where size > 1 || format.rate == 8_000 {
            var stream = try SampleStream(
                SampleFormat(encoding: encoding, sampleRate: format.rate, channelCount: format.channels),
                sampleRate: 16_000, name: "test")
            var samples: [Float] = []
            for start in stride(from: 0, to: file.data.count, by: size) {
                try file.data[start..<min(start + size, file.data.count)].withUnsafeBytes {
                    try stream.push($0, appendingTo: &samples)
                }
            }
            stream.finish(appendingTo: &samples)
            #expect(samples == expected, "\(encoding), \(format), pieces of \(size)")
            #expect(stream.leftOverByteCount == 0 && stream.frameCount == noise.count / format.channels)
        }
    }

    @Test func oneChannelAlone() throws {
        var stream = try SampleStream(
            SampleFormat(encoding: .signed16, sampleRate: 16_000, channelCount: 2), channel: .channel(2),
            sampleRate: 16_000, name: "test")
        var samples: [Float] = []
        try [UInt8]([0, 0x40, 0, 0x20, 0, 0, 0, 0xc0]).withUnsafeBytes {
            try stream.push($0, appendingTo: &samples)
        }
        #expect(samples == [0.25, -0.5])
    }

    @Test(arguments: [0, 3_999, 384_001, 1_000_000_000, -1])
    func otherRatesAreRefused(rate: Int) {
        #expect(
            throws: AudioError.sampleRateOutOfRange(
                file: "test", sampleRate: rate, supported: 4_000...384_000)
        ) {
            _ = try SampleStream(
                SampleFormat(encoding: .signed16, sampleRate: rate, channelCount: 1), sampleRate: 16_000,
                name: "test")
        }
    }

    @Test(arguments: [0, 17, 300, -1, Int.max])
    func otherNumbersOfChannelsAreRefused(channels: Int) {
        #expect(
            throws: AudioError.channelCountOutOfRange(file: "test", channels: channels, supported: 1...16)
        ) {
            _ = try SampleStream(
                SampleFormat(encoding: .signed16, sampleRate: 16_000, channelCount: channels),
                sampleRate: 16_000, name: "test")
        }
    }

    @Test func whatIsNoNumberIsSilence() throws {
        var stream = try SampleStream(
            SampleFormat(encoding: .float32, sampleRate: 16_000, channelCount: 1), sampleRate: 16_000,
            name: "test")
        var samples: [Float] = []
        try [Float.nan, .infinity, 0.5, 2].withUnsafeBytes { try stream.push($0, appendingTo: &samples) }
        #expect(samples == [0, 0, 0.5, 1])
        #expect(stream.brokenSampleCount == 2)
        #expect(throws: AudioError.wrongScale(file: "test", sample: 4, value: 32_000)) {
            try [Float(32_000)].withUnsafeBytes { try stream.push($0, appendingTo: &samples) }
        }
    }

    /// What is left of a frame is told, and not heard.
    @Test func theLastFrameMayBeCut() throws {
        var stream = try SampleStream(
            SampleFormat(encoding: .signed24, sampleRate: 16_000, channelCount: 2), sampleRate: 16_000,
            name: "test")
        var samples: [Float] = []
        try [UInt8](repeating: 1, count: 17).withUnsafeBytes { try stream.push($0, appendingTo: &samples) }
        #expect(samples.count == 2 && stream.leftOverByteCount == 5)
    }

    /// A file that is open already is read under the name that it is given, and stays open.
    @Test func openFilesAreRead() throws {
        let folder = try TemporaryFolder()
        let tone = SyntheticSignal.tone(frequency: 440, sampleCount: 4_000, sampleRate: 16_000)
        let path = try folder.writeSource(WAVFile(tone, sampleRate: 16_000).bytes, to: "tone.wav").name
        let file = try OpenFile(path: path)
        for _ in 0..<2 {
            let samples = try read(.descriptor(file.descriptor, name: "upload"))
            #expect(samples == (try read(.file(path: path))))
        }
        let text = try OpenFile(path: try folder.writeSource(Array("no sound".utf8), to: "text").name)
        #expect(throws: AudioError.notAudio(file: "upload")) {
            _ = try read(.descriptor(text.descriptor, name: "upload"))
        }
    }
}
