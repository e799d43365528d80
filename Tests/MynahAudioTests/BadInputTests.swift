import Foundation
import MynahTestSupport
import Testing

@testable import MynahAudio

/// Whatever is wrong with a file, one error names it.
struct BadInputTests {
    private let folder: TemporaryFolder
    private let tone = SyntheticSignal.tone(frequency: 440, sampleCount: 1_000, sampleRate: 16_000)

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    /// The error with which reading these bytes ends.
    private func errorReading(_ bytes: [UInt8], _ name: String = "bad.wav", raw: Int? = nil) throws
        -> AudioError?
    {
        MynahAudioTests.errorReading(try folder.writeSource(bytes, to: name, rawSampleRate: raw))
    }

    private func errorReading(_ file: WAVFile) throws -> AudioError? { try errorReading(file.bytes) }

    @Test func missing() {
        let source = AudioSource.file(path: path("missing.wav"))
        #expect(MynahAudioTests.errorReading(source) == .fileNotFound(file: source.name))
        #expect(MynahAudioTests.errorReading(.file(path: "")) == .fileNotFound(file: ""))
    }

    @Test func directory() {
        #expect(
            MynahAudioTests.errorReading(.file(path: folder.path)) == .isDirectory(file: folder.path))
    }

    @Test func pipeAndDevice() {
        #expect(mkfifo(path("pipe"), 0o600) == 0)
        #expect(
            MynahAudioTests.errorReading(.file(path: path("pipe")))
                == .notRegularFile(file: path("pipe"), kind: "a named pipe"))
        #expect(
            MynahAudioTests.errorReading(.file(path: "/dev/zero"))
                == .notRegularFile(file: "/dev/zero", kind: "a device"))
    }

    @Test(.enabled(if: getuid() != 0, "root may read everything"))
    func permissionDenied() throws {
        let source = try folder.writeSource(WAVFile(tone, sampleRate: 16_000).bytes, to: "secret.wav")
        #expect(chmod(source.name, 0) == 0)
        #expect(MynahAudioTests.errorReading(source) == .permissionDenied(file: source.name))
    }

    @Test func empty() throws {
        #expect(try errorReading([]) == .emptyFile(file: path("bad.wav")))
        #expect(try errorReading([], raw: 16_000) == .emptyFile(file: path("bad.wav")))
    }

    @Test(arguments: ["bad.wav", "bad.au", "bad.mp3", "bad.raw", "bad.vox", "bad.gsm", "bad.sds", "bad"])
    func text(name: String) throws {
        let text = Array(String(repeating: "This is no sound, but a text about sounds.\n", count: 40).utf8)
        #expect(try errorReading(text, name) == .notAudio(file: path(name)))
        #expect(try errorReading([65], name) == .notAudio(file: path(name)))
        #expect(try errorReading(Array("RIFF".utf8), name) == .notAudio(file: path(name)))
        #expect(try errorReading([0xff, 0xfb, 0x90, 0x00] + text, name) == .notAudio(file: path(name)))
        #expect(try errorReading([UInt8](repeating: 0, count: 5_000), name) == .notAudio(file: path(name)))
    }

    @Test func headerWithoutSamples() throws {
        var file = WAVFile([], sampleRate: 16_000)
        let error = AudioError.noSamples(file: path("bad.wav"))
        #expect(try errorReading(file) == error)
        #expect(try errorReading(Array(file.bytes.prefix(36))) == error)
        file.trailer = WAVFile.chunk("LIST", Array("INFO".utf8))
        #expect(try errorReading(file) == error)
        file = WAVFile([], sampleRate: 16_000)
        file.identifier = "RF64"
        #expect(try errorReading(file) == error)
        #expect(
            try errorReading(Array(try fixtureBytes("tone.au").prefix(24)).replacing(8, [0, 0, 0, 0]))
                == error)
        #expect(try errorReading(Array(try fixtureBytes("streamed.flac").prefix(42))) != nil)
    }

    @Test(arguments: WAVFile.Encoding.allCases) func truncatedWAV(encoding: WAVFile.Encoding) throws {
        var file = WAVFile(tone, sampleRate: 16_000, encoding: encoding)
        let bytes = file.bytes
        for missing in [1, 2, 100, file.data.count] {
            #expect(
                try errorReading(Array(bytes.dropLast(missing)))
                    == .truncated(
                        file: path("bad.wav"), expectedBytes: bytes.count, actualBytes: bytes.count - missing)
            )
        }
        file.declaredDataSize = 1 << 30
        #expect(
            try errorReading(file)
                == .truncated(
                    file: path("bad.wav"), expectedBytes: 44 + 1 << 30, actualBytes: bytes.count))
    }

    @Test func truncatedRF64() throws {
        for size in [5_000, 1 << 40, Int.max - 1] {
            var file = WAVFile(tone, sampleRate: 16_000)
            file.identifier = "RF64"
            file.declaredDataSize = size
            guard case .truncated = try errorReading(file) else {
                Issue.record("a size of \(size) was not noticed")
                continue
            }
        }
    }

    @Test(arguments: [
        "ima.wav", "ms.wav", "tone.aiff", "tone.au", "tone.caf", "tone.w64", "tone.flac", "tone.ogg",
        "tone.opus",
        "tone.mp3",
    ])
    func truncatedFixtures(name: String) throws {
        let bytes = try fixtureBytes(name)
        for count in [bytes.count - 1, bytes.count * 9 / 10, bytes.count * 3 / 4] {
            let error = try errorReading(Array(bytes.prefix(count)), name)
            switch error {
            case .truncated, .incomplete, .missingEndOfStream: break
            default: Issue.record("\(count) of \(bytes.count) bytes: \(String(describing: error))")
            }
        }
        // A cut through the header may show in other ways, but it must show.
        for count in stride(from: 1, to: bytes.count, by: 37) {
            #expect(try errorReading(Array(bytes.prefix(count)), name) != nil, "\(count) bytes")
        }
    }

    /// An Ogg file that stops between two pages, and two of them in a row.
    @Test(arguments: ["tone.ogg", "tone.opus"]) func oggStreams(name: String) throws {
        let bytes = try fixtureBytes(name)
        let starts = bytes.indices.filter { bytes[$0...].starts(with: Array("OggS".utf8)) }
        let last = try #require(starts.last)
        #expect(
            try errorReading(Array(bytes.prefix(last)))
                == .missingEndOfStream(file: path("bad.wav"), actualBytes: last))
        #expect(
            try errorReading(bytes + bytes) == .severalStreams(file: path("bad.wav"), byte: bytes.count))
        #expect(
            try errorReading(Array(bytes[..<last]) + Array("nonsense".utf8) + bytes[last...])
                == .damaged(file: path("bad.wav"), format: "Ogg", byte: last))
        #expect(try errorReading(bytes + Array("junk after the end".utf8)) == nil)
        #expect(
            try errorReading(bytes.replacing(last + 100, [~bytes[last + 100]]))
                == .damaged(file: path("bad.wav"), format: "Ogg", byte: last))
    }

    /// Numbers and times of pages that leap, where the decoder for Opus would hand out memory that was never set.
    @Test func pagesThatDoNotFollow() throws {
        let bytes = try fixtureBytes("tone.opus")
        let starts = bytes.indices.filter { bytes[$0...].starts(with: Array("OggS".utf8)) }
        let last = try #require(starts.last)
        let segments = Array(bytes[last + 27..<last + 27 + Int(bytes[last + 26])])
        let sound = Array(bytes[(last + 27 + segments.count)...])

        /// The two pages of headers, then the sound of the last on two pages; each of the four has a number, the last three
        /// a time.
        func file(numbers: [UInt8], times: [Int64]) -> [UInt8] {
            var file = Array(bytes[..<last])
            for (start, number) in zip(starts.dropLast(), numbers) { file[start + 18] = number }
            let half = segments.count / 2
            let split = segments[..<half].reduce(0) { $0 + Int($1) }
            for (page, number) in numbers[2...].enumerated() {
                let isLast = page == 1
                let lengths = isLast ? segments[half...] : segments[..<half]
                file += Array("OggS".utf8) + [0, isLast ? 4 : 0]
                file += (0..<8).map { UInt8(truncatingIfNeeded: times[page] >> (8 * $0)) }
                file += bytes[last + 14..<last + 18] + [number, 0, 0, 0] + [0, 0, 0, 0]
                file += [UInt8(lengths.count)] + lengths
                file += isLast ? sound[split...] : sound[..<split]
            }
            repairOggChecksums(&file)
            return file
        }
        let (middle, end): (Int64, Int64) = (6 * 960, 12_312)
        #expect(try errorReading(file(numbers: [0, 1, 2, 3], times: [middle, end])) == nil)
        // A broadcast from its middle.
        #expect(
            try errorReading(file(numbers: [0, 1, 7, 8], times: [500_000 + middle, 500_000 + end])) == nil)
        for (numbers, times) in [
            ([0, 1, 2, 4], [middle, end]), ([0, 1, 2, 2], [middle, end]), ([0, 1, 3, 2], [middle, end]),
            ([0, 1, 2, 3], [1 << 32, 1_000_000]), ([0, 1, 2, 3], [-1, end]),
            ([0, 1, 2, 3], [middle, middle - 1]), ([0, 1, 2, 3], [middle, .min]),
        ] as [([UInt8], [Int64])] {
            guard case .damaged = try errorReading(file(numbers: numbers, times: times)) else {
                Issue.record("pages \(numbers) at \(times) were not noticed")
                continue
            }
        }
        var leaping = bytes
        leaping[starts[1] + 18] = 17
        repairOggChecksums(&leaping)
        #expect(try errorReading(leaping) == .damaged(file: path("bad.wav"), format: "Ogg", byte: last))
    }

    @Test func damagedMP3() throws {
        let bytes = try fixtureBytes("tone.mp3")
        let junk = [UInt8](repeating: 0x55, count: 60)
        guard case .damaged = try errorReading(bytes + junk) else {
            Issue.record("junk after the frames was not noticed")
            return
        }
    }

    @Test(arguments: [0, 17, 1_024, 65_535]) func channelCount(channels: Int) throws {
        var file = WAVFile([Float](repeating: 0, count: 3_400), sampleRate: 16_000)
        file.channels = channels
        #expect(
            try errorReading(file)
                == .channelCountOutOfRange(file: path("bad.wav"), channels: channels, supported: 1...16))
        let au = try fixtureBytes("tone.au").replacing(
            20, [0, 0, UInt8(channels >> 8), UInt8(channels & 255)])
        #expect(
            try errorReading(au)
                == .channelCountOutOfRange(file: path("bad.wav"), channels: channels, supported: 1...16))
        let aiff = try fixtureBytes("tone.aiff")
        let common = try #require(aiff.indices.first { aiff[$0...].starts(with: Array("COMM".utf8)) })
        #expect(
            try errorReading(aiff.replacing(common + 8, [UInt8(channels >> 8), UInt8(channels & 255)]))
                == .channelCountOutOfRange(file: path("bad.wav"), channels: channels, supported: 1...16))
    }

    @Test(arguments: [0, 1, 3_999, 384_001, 10_000_000, 0xffff_ffff]) func sampleRate(rate: Int) throws {
        var file = WAVFile(tone, sampleRate: 16_000)
        file.sampleRate = rate
        let error = AudioError.sampleRateOutOfRange(
            file: path("bad.wav"), sampleRate: rate, supported: 4_000...384_000)
        #expect(try errorReading(file) == error)
        #expect(try errorReading(file.data, raw: rate) == error)
    }

    @Test(arguments: [WAVFile.Encoding.float32, .float64]) func notFinite(encoding: WAVFile.Encoding) throws {
        for value in [Float.nan, -.nan, .infinity, -.infinity, .signalingNaN] {
            for channels in [1, 2] {
                var samples = [Float](repeating: 0.1, count: 30_000)
                samples[20_001] = value
                let file = WAVFile(samples, sampleRate: 16_000, channels: channels, encoding: encoding)
                #expect(
                    try errorReading(file) == .notFinite(file: path("bad.wav"), sample: 20_001 / channels))
            }
        }
    }

    @Test func wrongScale() throws {
        let file = WAVFile([0, 1, -20_000], sampleRate: 16_000, encoding: .float32)
        #expect(try errorReading(file) == .wrongScale(file: path("bad.wav"), sample: 2, value: -20_000))
    }

    /// Sizes at which arithmetic overflows: of Wave-64 that count their own header, and in the first bytes of a CAF file.
    @Test func sizesAtTheLimit() throws {
        let format = WaveShape.format(bits: 16, container: 2)
        for size in [Int.min, Int.min + 1, Int.min + 24, Int.max - 1, Int.max - 24] {
            let file = WaveShape.w64(format: format, data: [1, 2, 3, 4], size: size)
            guard case .truncated = try errorReading(file) else {
                Issue.record("a size of \(size) was not noticed")
                continue
            }
        }
        let caf = try fixtureBytes("tone.caf")
        let limit: [UInt8] = [0x7f] + [UInt8](repeating: 0xff, count: 7)
        for place in [4, 8, 12, 16] {
            for bytes in [
                limit, [0x80] + [UInt8](repeating: 0, count: 7), [UInt8](repeating: 0xff, count: 8),
            ] {
                #expect(try errorReading(caf.replacing(place, bytes)) != nil, "\(bytes) at \(place)")
            }
        }
        let data = try #require(caf.indices.first { caf[$0...].starts(with: Array("data".utf8)) })
        #expect(try errorReading(caf.replacing(data + 4, limit)) == nil)
    }

    private static func repeated(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8]((0..<2_000_000).lazy.map { _ in bytes }.joined())
    }

    /// A chain of empty tags or chunks costs no more than a few reads, however long the file is.
    @Test(.timeLimit(.minutes(1))) func chainsOfNothing() throws {
        let tags = Self.repeated(Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 0])
        #expect(try errorReading(tags) == .malformed(file: path("bad.wav"), format: "MP3"))
        let chunks = Self.repeated(Array("junk".utf8) + [0, 0, 0, 0])
        let plain = WaveShape.format(bits: 16, container: 2)
        #expect(
            try errorReading(WaveShape.wave(format: plain, before: chunks, data: [1, 2]))
                == .malformed(file: path("bad.wav"), format: "WAV"))
        #expect(try errorReading(WaveShape.wave(format: plain, data: [1, 2], after: chunks)) == nil)
    }

    /// Only the first of several sounds would be heard.
    @Test(arguments: ["tone.aiff", "tone.au", "tone.w64", "tone.caf", "ima.wav", "ms.wav"])
    func soundsInARow(name: String) throws {
        let bytes = try fixtureBytes(name)
        #expect(
            try errorReading(bytes + bytes) == .severalStreams(file: path("bad.wav"), byte: bytes.count))
    }

    @Test(arguments: WaveShape.refused) func refusedShapes(shape: WaveShape) throws {
        #expect(try errorReading(shape.bytes) != nil)
    }

    private static let foreignHeads: [(String, [UInt8])] = [
        ("MPEG-4 (m4a, mp4)", [0, 0, 0, 0x20] + Array("ftypM4A \0\0\0\0".utf8)),
        ("3GP", [0, 0, 0, 0x1c] + Array("ftyp3gp4".utf8)),
        ("a QuickTime film", [0, 0, 0, 0x14] + Array("ftypqt  ".utf8)),
        ("Matroska or WebM (mka, mkv, webm)", [0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x86, 0x81]),
        (
            "Windows Media (wma, wmv, asf)",
            [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0, 0xaa]
        ),
        ("AMR", Array("#!AMR\n".utf8)),
        ("an AVI film", Array("RIFF0000AVI LIST".utf8)),
        (
            "AAC",
            [UInt8](
                (0..<4).map { _ in
                    [0xff, 0xf1, 0x50, 0x80, 0x02, 0x1f, 0xfc] + [UInt8](repeating: 5, count: 9)
                }.joined())
        ),
    ]

    /// What phones and browsers record is named, with the line that converts it.
    @Test(arguments: foreignHeads) func foreignFormats(format: String, head: [UInt8]) throws {
        let bytes = head + [UInt8](repeating: 1, count: 300)
        let error = AudioError.unsupportedFormat(file: path("it's a clip"), format: format)
        #expect(try errorReading(bytes, "it's a clip") == error)
        #expect(
            error.description.hasSuffix(
                "it\'s a clip: is \(format), which cannot be read here; convert it: ffmpeg -i '\(folder.path)/it'\\''s a clip' "
                    + "-ac 1 -ar 16000 -f wav - | mynah recognize -; or keep it: "
                    + "ffmpeg -i '\(folder.path)/it'\\''s a clip' -ac 1 -ar 16000 '\(folder.path)/it'\\''s a clip.wav'"
            ))
    }

    @Test func conversions() {
        #expect(ForeignFormat.conversion(of: "10:30.m4a").hasPrefix("ffmpeg -i file:10:30.m4a -ac 1"))
        #expect(
            ForeignFormat.conversion(of: "-") == "ffmpeg -i - -ac 1 -ar 16000 -f wav - | mynah recognize -")
        for (file, wave) in [
            ("a.b/yes.m4a", "a.b/yes.wav"), ("a.b/yes", "a.b/yes.wav"), (".m4a", ".m4a.wav"),
        ] {
            #expect(ForeignFormat.conversion(of: file).hasSuffix(" \(wave)"))
        }
    }

    @Test func unknownCodec() throws {
        var file = WAVFile(tone, sampleRate: 16_000)
        file.formatTag = 0x161
        #expect(try errorReading(file) == .malformed(file: path("bad.wav"), format: "WAV, codec 0x161"))
    }

    @Test func raw() throws {
        let file = WAVFile(tone, sampleRate: 44_100)
        #expect(
            try errorReading(file.bytes, raw: 16_000) == .rawWithHeader(file: path("bad.wav"), format: "WAV"))
        #expect(
            try errorReading([1, 2, 3], raw: 16_000) == .rawWithOddByteCount(file: path("bad.wav"), bytes: 3))
    }

    @Test func messagesAreOneLine() {
        let error = AudioError.fileNotFound(file: "a\nb\u{1b}[31m.wav")
        #expect(error.description == "a\\nb\\u{1B}[31m.wav: no such file")
        #expect(
            AudioError.truncated(file: "a.wav", expectedBytes: 44, actualBytes: 40).description
                == "a.wav: is cut off: its header promises 44 bytes, it has 40")
        #expect(
            AudioError.channelCountOutOfRange(file: "a.wav", channels: 0, supported: 1...16).description
                == "a.wav: has 0 channels; 1 to 16 are supported")
    }
}

extension [UInt8] {
    /// These bytes with others from `offset` on.
    fileprivate func replacing(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
        var result = self
        result.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        return result
    }
}
