import Foundation
import MynahAudio
import MynahTestSupport
import Testing

/// WAV files as they are written.
struct WAVEncodingTests {
    private let samples = SyntheticSignal.noise(sampleCount: 1_001, seed: 4)

    private func file(_ encoding: WAVEncoding) -> [UInt8] {
        encoding.header(sampleCount: samples.count, sampleRate: 22_050) + encoding.bytes(of: samples.span)
    }

    /// Chunks by name, as far as their sizes lead.
    private func chunks(_ bytes: [UInt8]) -> [String: ArraySlice<UInt8>] {
        var chunks: [String: ArraySlice<UInt8>] = [:]
        var place = 12
        while place + 8 <= bytes.count {
            let size = number(bytes[place + 4..<place + 8])
            chunks[String(decoding: bytes[place..<place + 4], as: UTF8.self)] =
                bytes[place + 8..<min(bytes.count, place + 8 + size)]
            place += 8 + size
        }
        return chunks
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// What is no integers states the size of its extension, and the number of samples.
    @Test func floatingPointIsExtended() throws {
        let bytes = file(.float32)
        let chunks = chunks(bytes)
        let format = try #require(chunks["fmt "])
        #expect(format.count == 18)
        #expect(number(format.prefix(2)) == 3)
        #expect(format.suffix(2) == [0, 0])
        #expect(number(try #require(chunks["fact"])) == samples.count)
        #expect(chunks["data"]?.count == 4 * samples.count)
        #expect(number(bytes[4..<8]) == bytes.count - 8)
        let folder = try TemporaryFolder()
        #expect(try read(try folder.writeSource(bytes, to: "a.wav"), sampleRate: 22_050) == samples)
    }

    @Test func integersArePlain() throws {
        let bytes = file(.integer16)
        #expect(chunks(bytes)["fmt "]?.count == 16)
        #expect(chunks(bytes)["fact"] == nil)
        #expect(number(bytes[4..<8]) == bytes.count - 8)
        let folder = try TemporaryFolder()
        expectClose(
            try read(try folder.writeSource(bytes, to: "a.wav"), sampleRate: 22_050), samples,
            tolerance: 1.01 / 65_536)
    }

    /// Six hours of 48 kHz fit into 32 bits, seven do not.
    @Test func longOnesHaveLongSizes() throws {
        let rate = 48_000
        let short = WAVEncoding.float32.header(sampleCount: 6 * 3_600 * rate, sampleRate: rate)
        #expect(short.starts(with: Array("RIFF".utf8)))
        let count = 7 * 3_600 * rate
        let header = WAVEncoding.float32.header(sampleCount: count, sampleRate: rate)
        #expect(header.starts(with: Array("RF64".utf8)))
        let folder = try TemporaryFolder()
        let source = try folder.writeSource(header, to: "a.wav")
        #expect(truncate(source.name, header.count + 4 * count) == 0)
        let reader = try AudioReader(source)
        #expect(reader.declaredSampleCount == count)
    }
}
