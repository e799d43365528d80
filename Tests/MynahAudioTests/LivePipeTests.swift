import Glibc
import MynahTestSupport
import Testing

@testable import MynahAudio

/// Sound that is heard while it is written.
struct LivePipeTests {
    private func message(
        _ bytes: [UInt8], raw: Int? = nil, channel: ChannelSelection = .average
    ) -> String? {
        do throws(AudioError) {
            return try listen(bytes, raw: raw, channel: channel).complaint?.description
        } catch {
            return error.description
        }
    }

    private let tone = SyntheticSignal.tone(frequency: 440, sampleCount: 3_000, sampleRate: 16_000)

    @Test(
        arguments: [WAVFile.Encoding.pcm8, .pcm16, .pcm24, .pcm32, .float32, .float64], [1, 7, 1_000, 60_000])
    func everyCodingInPiecesOfAnySize(encoding: WAVFile.Encoding, pieces: Int) throws {
        let heard = try listen(WAVFile(tone, sampleRate: 22_050, encoding: encoding).bytes, pieces: pieces)
        #expect(heard.rate == 22_050)
        expectClose(heard.samples, tone, tolerance: max(encoding.tolerance, 1e-6), "samples")
    }

    @Test func rawSamples() throws {
        let bytes = WAVFile(tone, sampleRate: 16_000).data
        let heard = try listen(bytes, pieces: 333, raw: 8_000)
        #expect(heard.rate == 8_000)
        expectClose(heard.samples, tone, tolerance: 1.01 / 32_768, "samples")
        // Half a sample at the end is none, but all before it is heard.
        let cut = try listen(bytes + [1], raw: 8_000)
        #expect(cut.samples.count == tone.count)
        #expect(cut.complaint == .rawWithOddByteCount(file: "-", bytes: bytes.count + 1))
    }

    /// What recording programs write when they do not know how long they will run.
    @Test(arguments: [0, 0xffff_ffff, 0x7fff_ffff, 0x7fff_f000, 0x8000_0000]) func openSizes(size: Int) throws
    {
        var file = WAVFile(tone, sampleRate: 16_000)
        file.declaredDataSize = size
        file.declaredTotalSize = size
        #expect(try listen(file.bytes).samples.count == tone.count)
    }

    @Test func whatFollowsTheSamplesIsNotHeard() throws {
        var file = WAVFile(tone, sampleRate: 16_000)
        file.chunksBeforeData = WAVFile.chunk("LIST", [UInt8](repeating: 7, count: 33))
        file.trailer = WAVFile.chunk("LIST", [UInt8](repeating: 9, count: 4_000))
        #expect(try listen(file.bytes, pieces: 17).samples.count == tone.count)
    }

    @Test func channels() throws {
        let stereo = tone.flatMap { [$0, -0.5 * $0] }
        let bytes = WAVFile(stereo, sampleRate: 16_000, channels: 2, encoding: .float32).bytes
        expectClose(try listen(bytes).samples, tone.map { $0 / 4 }, tolerance: 1e-6, "mean")
        expectClose(
            try listen(bytes, channel: .channel(2)).samples, tone.map { -$0 / 2 }, tolerance: 1e-6, "second")
        #expect(message(bytes, channel: .channel(3)) == "-: has no channel 3; its channels are 1 to 2")
    }

    @Test func brokenNumbersAreCountedAndSilent() throws {
        let bytes = WAVFile([0.5, .nan, .infinity, 3, -0.5], sampleRate: 16_000, encoding: .float32).bytes
        let heard = try listen(bytes)
        #expect(heard.samples == [0.5, 0, 0, 1, -0.5])
        #expect(heard.broken == 2)
    }

    @Test func otherInputs() {
        let other =
            "-: is no WAV of plain samples, the only format that can be heard as it arrives; "
            + "pipe it through ffmpeg -f wav, or give raw samples"
        #expect(message([]) == "-: is empty (0 bytes)")
        #expect(message(Array("fLaC0123456789".utf8)) == other)
        #expect(message(Array("RIFF".utf8)) == other)
        #expect(message(WAVFile(tone, sampleRate: 16_000, encoding: .muLaw).bytes) == nil)
        var coded = WAVFile(tone, sampleRate: 16_000)
        coded.formatTag = 0x11
        #expect(message(coded.bytes) == other)
        #expect(
            message(WAVFile(tone, sampleRate: 100).bytes)
                == "-: has a sample rate of 100 Hz; 4000 to 384000 Hz are supported")
        var noFormat = WAVFile(tone, sampleRate: 16_000).bytes
        noFormat[12] = 0x7a
        #expect(message(noFormat)?.hasPrefix("-: begins like WAV, but is damaged") == true)
        var endless = WAVFile(tone, sampleRate: 16_000)
        endless.chunksBeforeData = Array("LIST".utf8) + [0xff, 0xff, 0xff, 0x7f]
        #expect(
            message(endless.bytes + [UInt8](repeating: 0, count: 2 << 20))?.contains("is cut off") == true)
    }

    /// A sound with a header is no raw samples, whatever is said of it.
    @Test func rawWithHeader() {
        let wave = WAVFile(tone + tone, sampleRate: 48_000, channels: 2).bytes
        #expect(message(wave, raw: 16_000) == "-: is not raw samples, but begins like WAV")
        #expect(message(Array("OggS".utf8), raw: 16_000) == "-: is not raw samples, but begins like Ogg")
        #expect(message([], raw: 16_000) == "-: is empty (0 bytes)")
        #expect(message([1, 2], raw: 16_000) == nil)
    }

    /// What is wrong is told at the end, and all before it is heard.
    @Test func complaintsComeAtTheEnd() throws {
        let whole = WAVFile(tone, sampleRate: 16_000).bytes
        let cut = try listen(Array(whole.dropLast(100)))
        #expect(cut.samples.count == tone.count - 50)
        #expect(
            cut.complaint
                == .truncated(file: "-", expectedBytes: whole.count, actualBytes: whole.count - 100))
        let two = try listen(whole + whole)
        #expect(two.samples.count == tone.count)
        #expect(two.complaint == .severalStreams(file: "-", byte: whole.count))
        let integers = WAVFile(tone + [20_000], sampleRate: 16_000, encoding: .float32)
        let scaled = try listen(integers.bytes)
        #expect(scaled.samples == tone)
        #expect(scaled.complaint == .wrongScale(file: "-", sample: tone.count, value: 20_000))
    }

    @Test func durationIsCounted() throws {
        let heard = try listen(WAVFile(tone, sampleRate: 22_050).bytes)
        #expect(heard.duration == Double(tone.count) / 22_050)
    }

    @Test func nothingYet() throws {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        var pipe = try LivePipe(rawSampleRate: 16_000, descriptor: ends[0])
        var samples: [Float] = []
        guard case .nothingYet = try pipe.read(appendingTo: &samples, timeoutMilliseconds: 5) else {
            Issue.record("an empty pipe gave something")
            return
        }
    }
}
