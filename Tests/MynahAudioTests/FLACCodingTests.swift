import MynahAudio
import MynahBase
import Testing

@Suite struct FLACCodingTests {
    private func encoded(_ samples: [Int16], blockSize: Int = 1_000) throws -> [UInt8] {
        let encoder = try FLACCoding.Encoder(sampleRate: 16_000)
        for start in stride(from: 0, to: samples.count, by: blockSize) {
            try encoder.append(Array(samples[start..<min(samples.count, start + blockSize)]))
        }
        return encoder.finish()
    }

    private var samples: [Int16] {
        var generator = SeededGenerator(seed: 1)
        return (0..<16_000).map { _ in Int16(truncatingIfNeeded: generator.next() >> 52) } + [
            -32768, 32767, 0,
        ]
    }

    @Test func nothingIsLost() throws {
        let bytes = try encoded(samples)
        let decoded = try #require(FLACCoding.decode(bytes, sampleCount: samples.count))
        #expect(decoded.samples == samples && decoded.sampleRate == 16_000)
    }

    @Test func whatIsNotAsExpectedIsRefused() throws {
        let bytes = try encoded(samples)
        #expect(FLACCoding.decode(bytes, sampleCount: samples.count - 1) == nil)
        #expect(FLACCoding.decode(Array(bytes.dropLast(2_000)), sampleCount: samples.count) == nil)
        #expect(FLACCoding.decode([], sampleCount: 1) == nil)
        #expect(FLACCoding.decode(Array("fLaC".utf8), sampleCount: 1) == nil)
    }

    /// The checksums of frames find a flipped bit.
    @Test func flippedBitsAreFound() throws {
        let bytes = try encoded(samples)
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<60 {
            var damaged = bytes
            // Behind the header, of which not all matters.
            let place = 200 + Int(generator.next() % UInt64(bytes.count - 200))
            damaged[place] ^= 1 << UInt8(generator.next() % 8)
            #expect(
                FLACCoding.decode(damaged, sampleCount: samples.count)?.samples != samples || damaged == bytes
            )
            #expect(FLACCoding.decode(damaged, sampleCount: samples.count) == nil, "byte \(place)")
        }
    }
}
