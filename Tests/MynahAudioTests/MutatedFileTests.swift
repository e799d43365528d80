import MynahAudio
import MynahBase
import MynahNetwork
import MynahTestSupport
import Testing

/// Whatever is done to the bytes of a file, reading it ends soon, with samples in range or with an error.
///
/// `make fuzz` does the same with many more files and under the address sanitizer.
struct MutatedFileTests {
    private static let filesPerSeed = 500

    private static let originals = [
        "ima.wav", "ms.wav", "tone.aiff", "tone.au", "tone.caf", "tone.w64", "tone.flac", "streamed.flac",
        "tone.ogg", "tone.opus", "tone.mp3", "noheader.mp3",
    ]

    @Test(.timeLimit(.minutes(1)), arguments: 1...8 as ClosedRange<UInt64>)
    func readingEnds(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        let tone = SyntheticSignal.tone(frequency: 440, sampleCount: 500, sampleRate: 16_000)
        let waves = WAVFile.Encoding.allCases.map { WAVFile(tone, sampleRate: 16_000, encoding: $0).bytes }
        let mutator = FileMutator(originals: try Self.originals.map { try fixtureBytes($0) } + waves)
        var counts = (read: 0, refused: 0)
        for number in 0..<Self.filesPerSeed {
            var generator = SeededGenerator(seed: seed, number)
            let source = try folder.writeSource(mutator.mutatedFile(using: &generator), to: "mutated")
            do throws(AudioError) {
                let samples = try read(source)
                #expect(!samples.isEmpty && samples.allSatisfy { abs($0) <= 1 }, "file \(number)")
                counts.read += 1
            } catch {
                #expect(!error.description.contains { $0.isNewline }, "file \(number)")
                counts.refused += 1
            }
        }
        // A mutator that spoils every file, or none, would test nothing.
        #expect(counts.read > Self.filesPerSeed / 20 && counts.refused > Self.filesPerSeed / 20)
    }

    /// The mutator reaches the sizes that a reader of Wave-64, CAF and RF64 computes with, in their order of bytes.
    @Test func mutatorReachesLongSizes() throws {
        func count(_ name: String, field: String, distance: Int, isBigEndian: Bool) throws -> Int {
            let original = try fixtureBytes(name)
            let mutator = FileMutator(originals: [original])
            return (0..<20_000).filter { number in
                var generator = SeededGenerator(seed: 7, number)
                let bytes = mutator.mutatedFile(using: &generator)
                guard let mark = bytes.indices.first(where: { bytes[$0...].starts(with: Array(field.utf8)) }),
                    mark + distance + 8 <= bytes.count
                else { return false }
                let size = Array(bytes[mark + distance..<mark + distance + 8])
                return (isBigEndian ? size[0] : size[7]) & 0x80 != 0
            }.count
        }
        #expect(try count("tone.w64", field: "data", distance: 16, isBigEndian: false) > 20)
        #expect(try count("tone.w64", field: "fmt ", distance: 16, isBigEndian: false) > 20)
        #expect(try count("tone.caf", field: "data", distance: 4, isBigEndian: true) > 20)
        #expect(try count("tone.caf", field: "caff", distance: 4, isBigEndian: true) > 20)
    }

    /// A rate so high that less than half a sample is left at the rate that is asked for.
    @Test(arguments: [1, 2, 23]) func shortestSound(sampleCount: Int) throws {
        let folder = try TemporaryFolder()
        let bytes = [UInt8](repeating: 0x40, count: 2 * sampleCount)
        let source = try folder.writeSource(bytes, to: "short.raw", rawSampleRate: 384_000)
        #expect(try read(source, sampleRate: 8_000).count == 1)
    }
}
