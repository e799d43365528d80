import Foundation
import MynahAudio
import MynahTestSupport
import Testing

/// Every coding that is accepted is read as the sound that went in.
struct FormatTests {
    private let tone = SyntheticSignal.tone(frequency: 440, sampleCount: 4_000, sampleRate: 16_000)

    @Test(arguments: WAVFile.Encoding.allCases)
    func wav(encoding: WAVFile.Encoding) throws {
        let folder = try TemporaryFolder()
        let file = WAVFile(tone, sampleRate: 16_000, encoding: encoding)
        let samples = try read(try folder.writeSource(file.bytes, to: "tone.wav"))
        expectClose(samples, tone, tolerance: encoding.tolerance, "\(encoding)")
    }

    @Test func rf64() throws {
        let folder = try TemporaryFolder()
        var file = WAVFile(tone, sampleRate: 16_000)
        file.identifier = "RF64"
        let samples = try read(try folder.writeSource(file.bytes, to: "tone.wav"))
        expectClose(samples, tone, tolerance: WAVFile.Encoding.pcm16.tolerance)
    }

    @Test func raw() throws {
        let folder = try TemporaryFolder()
        let file = WAVFile(tone, sampleRate: 16_000)
        let samples = try read(try folder.writeSource(file.data, to: "tone.raw", rawSampleRate: 16_000))
        expectClose(samples, tone, tolerance: WAVFile.Encoding.pcm16.tolerance)
    }

    /// Coders that keep the length and the phase.
    @Test(arguments: [
        ("tone.aiff", Float(2e-4)), ("tone.au", 2e-4), ("tone.caf", 2e-4), ("tone.w64", 2e-4),
        ("tone.flac", 2e-4),
        ("streamed.flac", 2e-4), ("ms.wav", 0.02), ("tone.ogg", 0.05), ("tone.opus", 0.15),
    ])
    func fixtures(name: String, tolerance: Float) throws {
        expectClose(try read(try fixture(name)), tone, tolerance: tolerance, name)
    }

    /// IMA ADPCM fills its last block up.
    @Test func imaADPCM() throws {
        let samples = try read(try fixture("ima.wav"))
        #expect((4_000..<4_505).contains(samples.count))
        expectClose(Array(samples.prefix(4_000)), tone, tolerance: 0.02)
    }

    /// MP3 shifts the sound by the delay of its coder, so the tone is found by its amplitude.
    @Test(arguments: ["tone.mp3", "noheader.mp3"])
    func mp3(name: String) throws {
        let samples = try read(try fixture(name))
        #expect((4_000..<4_000 + 4 * 576).contains(samples.count))
        #expect(abs(amplitude(of: 440, in: Array(samples[1_500..<3_500]), sampleRate: 16_000) - 0.5) < 0.05)
    }

    /// Tags of players before and after the frames of an MP3 file.
    @Test func mp3WithTags() throws {
        let folder = try TemporaryFolder()
        let frames = try fixtureBytes("tone.mp3")
        let plain = try read(try fixture("tone.mp3"))
        let head: [UInt8] = Array("ID3".utf8) + [4, 0, 0, 0, 0, 1, 0] + [UInt8](repeating: 7, count: 128)
        let tail = Array("TAG".utf8) + [UInt8](repeating: 32, count: 125)
        #expect(try read(try folder.writeSource(head + frames + tail, to: "a.mp3")) == plain)
        let long = Array("APETAGEX".utf8) + [UInt8](repeating: 1, count: 3_000) + tail
        #expect(try read(try folder.writeSource(frames + long, to: "b.mp3")) == plain)
    }

    /// Chunks of odd length, unknown ones before and after the samples, a missing pad byte.
    @Test func oddChunks() throws {
        let folder = try TemporaryFolder()
        var file = WAVFile(Array(tone.prefix(1_001)), sampleRate: 16_000, encoding: .pcm8)
        file.chunksBeforeData = WAVFile.chunk("LIST", Array("INFOISFT".utf8) + [3, 0, 0, 0, 65, 66, 0])
        let whole = try read(try folder.writeSource(file.bytes, to: "a.wav"))
        #expect(whole.count == 1_001)
        file.trailer = [0] + WAVFile.chunk("junk", [1, 2, 3])
        #expect(try read(try folder.writeSource(file.bytes, to: "b.wav")) == whole)
        file.trailer = [0] + WAVFile.chunk("LIST", [UInt8](repeating: 1, count: 400)).prefix(50)
        #expect(try read(try folder.writeSource(file.bytes, to: "c.wav")) == whole)
    }

    /// Integers of every width, also those that stand in more bytes than they need, at either end of them.
    @Test(arguments: WaveShape.integers) func integers(shape: WaveShape) throws {
        let folder = try TemporaryFolder()
        let samples = try read(try folder.writeSource(shape.bytes, to: "a.wav"))
        expectClose(samples, WaveShape.tone, tolerance: shape.tolerance, shape.name)
    }

    @Test(arguments: WaveShape.valid) func validShapes(shape: WaveShape) throws {
        let folder = try TemporaryFolder()
        let count = try read(try folder.writeSource(shape.bytes, to: "a.wav")).count
        #expect(count == WaveShape.tone.count || count == WaveShape.tone.count / 2)
    }

    /// MP3 within WAV, as ffmpeg writes it: the number of frames is a guess there, too.
    @Test func mp3InWAV() throws {
        let folder = try TemporaryFolder()
        let frames = try fixtureBytes("noheader.mp3")
        let plain = try read(try fixture("noheader.mp3"))
        let fields = [(12, 2), (1, 2), (2, 4), (144, 2), (1, 2), (1_105, 2)]
        var format = WaveShape.format(tag: 0x55, bits: 0, container: 1)
        for (value, byteCount) in fields { format += WaveShape.number(value, byteCount) }
        for missing in [0, 1] {
            let bytes = WaveShape.wave(
                format: format,
                before: WAVFile.chunk("fact", WaveShape.number(4_608 + 2_000 * missing, 4)), data: frames)
            #expect(try read(try folder.writeSource(bytes, to: "a.wav")) == plain)
        }
    }

    /// More than 4 GiB of open length, as a file with a hole: a 32-bit size cannot say how much it is.
    @Test(arguments: [0, 0x7fff_f000, 0xffff_ffff]) func openLengthBeyond4GiB(size: Int) throws {
        let folder = try TemporaryFolder()
        let format = WaveShape.format(channels: 16, rate: 384_000, bits: 32, container: 4)
        let source = try folder.writeSource(
            WaveShape.wave(format: format, data: [], size: size, whole: size), to: "a.wav")
        #expect(truncate(source.name, 44 + (5 << 30)) == 0)
        let reader = try AudioReader(source)
        #expect(reader.declaredSampleCount == (5 << 30) / 64)
    }

    /// Headers of programs that do not know the length yet, or were stopped before they could write it.
    @Test(arguments: [
        (0xffff_ffff, 0xffff_ffff), (0x7fff_ffff - 36, 0x7fff_ffff), (0x8000_0000, 0x8000_0024),
        (0x7f00_0000, 0x7f00_0024), (0, 0), (0, 36), (0, 0xffff_ffff),
    ])
    func openLength(dataSize: Int, totalSize: Int) throws {
        let folder = try TemporaryFolder()
        var file = WAVFile(tone, sampleRate: 16_000)
        file.declaredDataSize = dataSize
        file.declaredTotalSize = totalSize
        let samples = try read(try folder.writeSource(file.bytes, to: "open.wav"))
        expectClose(samples, tone, tolerance: WAVFile.Encoding.pcm16.tolerance)
    }

    @Test(arguments: [0, 0xff]) func openLengthAU(byte: UInt8) throws {
        let folder = try TemporaryFolder()
        var bytes = try fixtureBytes("tone.au")
        bytes.replaceSubrange(8..<12, with: repeatElement(byte, count: 4))
        #expect(try read(try folder.writeSource(bytes, to: "open.au")) == (try read(try fixture("tone.au"))))
    }

    /// The size of the whole stands at 16, that of the samples with their header at 96.
    @Test(arguments: [0, 24]) func openLengthW64(size: UInt8) throws {
        let folder = try TemporaryFolder()
        var bytes = try fixtureBytes("tone.w64")
        bytes.replaceSubrange(16..<24, with: repeatElement(0, count: 8))
        bytes.replaceSubrange(96..<104, with: [size] + [UInt8](repeating: 0, count: 7))
        #expect(
            try read(try folder.writeSource(bytes, to: "open.w64")) == (try read(try fixture("tone.w64"))))
    }

    @Test(arguments: [0, -1]) func openLengthRF64(size: Int) throws {
        let folder = try TemporaryFolder()
        var file = WAVFile(tone, sampleRate: 16_000)
        file.identifier = "RF64"
        file.declaredDataSize = size
        file.declaredTotalSize = size
        let samples = try read(try folder.writeSource(file.bytes, to: "open.wav"))
        expectClose(samples, tone, tolerance: WAVFile.Encoding.pcm16.tolerance)
    }

    @Test func openLengthCAF() throws {
        let folder = try TemporaryFolder()
        var bytes = try fixtureBytes("tone.caf")
        let data = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("data".utf8)) })
        bytes.replaceSubrange(data + 4..<data + 12, with: [UInt8](repeating: 0xff, count: 8))
        #expect(
            try read(try folder.writeSource(bytes, to: "open.caf")) == (try read(try fixture("tone.caf"))))
    }

    /// A decoder's overshoot is clamped.
    @Test func overshootIsClamped() throws {
        let folder = try TemporaryFolder()
        let file = WAVFile([0.5, 1.25, -2, 1, -1], sampleRate: 16_000, encoding: .float32)
        #expect(try read(try folder.writeSource(file.bytes, to: "loud.wav")) == [0.5, 1, -1, 1, -1])
    }
}

/// Amplitude of the sine of `frequency` Hz that is contained in `samples`.
func amplitude(of frequency: Double, in samples: [Float], sampleRate: Int) -> Double {
    var real = 0.0
    var imaginary = 0.0
    for (index, sample) in samples.enumerated() {
        let phase = 2 * Double.pi * frequency * Double(index) / Double(sampleRate)
        real += Double(sample) * cos(phase)
        imaginary += Double(sample) * sin(phase)
    }
    return 2 * (real * real + imaginary * imaginary).squareRoot() / Double(samples.count)
}
