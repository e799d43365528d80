import Foundation
import MynahTestSupport
import Testing

@testable import MynahAudio

/// Pipes, which cannot be read backward, give the same as files.
struct StandardInputTests {
    /// Reads what a thread writes into a pipe, through the copy that standard input goes through.
    private func readPiped(
        _ bytes: [UInt8], rawSampleRate: Int? = nil,
        maximumByteCount: Int = StandardInputSpool.maximumByteCount
    ) throws -> [Float] {
        let pipe = Pipe()
        Thread.detachNewThread {
            try? pipe.fileHandleForWriting.write(contentsOf: Data(bytes))
            try? pipe.fileHandleForWriting.close()
        }
        let spooled = try StandardInputSpool.open(
            pipe.fileHandleForReading.fileDescriptor, maximumByteCount: maximumByteCount)
        var reader = try AudioReader(spooled, rawSampleRate: rawSampleRate)
        var samples: [Float] = []
        while try reader.read(5_000, appendingTo: &samples) > 0 {}
        return samples
    }

    @Test(arguments: ["ms.wav", "tone.flac", "streamed.flac", "tone.opus", "tone.mp3", "tone.aiff"])
    func pipedFileEqualsFile(name: String) throws {
        #expect(try readPiped(try fixtureBytes(name)) == (try read(try fixture(name))))
    }

    @Test func pipedWAVOfOpenLength() throws {
        let tone = SyntheticSignal.tone(frequency: 440, sampleCount: 100_000, sampleRate: 16_000)
        var file = WAVFile(tone, sampleRate: 16_000)
        file.declaredDataSize = 0xffff_ffff
        file.declaredTotalSize = 0xffff_ffff
        expectClose(try readPiped(file.bytes), tone, tolerance: WAVFile.Encoding.pcm16.tolerance)
    }

    @Test func pipedRawSamples() throws {
        let tone = SyntheticSignal.tone(frequency: 440, sampleCount: 4_000, sampleRate: 16_000)
        let data = WAVFile(tone, sampleRate: 16_000).data
        expectClose(
            try readPiped(data, rawSampleRate: 16_000), tone, tolerance: WAVFile.Encoding.pcm16.tolerance)
    }

    @Test func badPipes() throws {
        #expect(throws: AudioError.emptyFile(file: "-")) { try readPiped([]) }
        #expect(throws: AudioError.notAudio(file: "-")) { try readPiped(Array("some text".utf8)) }
        #expect(throws: AudioError.standardInputTooLarge(maximumBytes: 1_000)) {
            try readPiped([UInt8](repeating: 0, count: 1_001), maximumByteCount: 1_000)
        }
        #expect(throws: AudioError.cannotRead(file: "-", reason: "Bad file descriptor")) {
            _ = try StandardInputSpool.open(-1)
        }
    }
}
