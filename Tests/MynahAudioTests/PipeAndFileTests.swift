import Glibc
import MynahBase
import MynahTestSupport
import Testing

@testable import MynahAudio

/// The same bytes, as a file and from a pipe that is heard while it is written: the same samples, or the same error.
struct PipeAndFileTests {
    /// The samples, or the error without the name of the file.
    private func fromFile(_ bytes: [UInt8], channel: ChannelSelection) throws -> Result<[Float], AudioError> {
        let folder = try TemporaryFolder()
        let written = try folder.writeSource(bytes, to: "-")
        // A relative name would be the pipe's.
        do throws(AudioError) {
            var reader = try AudioReader(try OpenFile(renamed: written.name), channel: channel)
            var samples: [Float] = []
            while try reader.read(5_000, appendingTo: &samples) > 0 {}
            return .success(samples)
        } catch {
            return .failure(error)
        }
    }

    private func fromPipe(_ bytes: [UInt8], pieces: Int, channel: ChannelSelection) -> Result<
        [Float], AudioError
    > {
        do throws(AudioError) {
            let heard = try listen(bytes, pieces: pieces, channel: channel)
            return heard.complaint.map { .failure($0) } ?? .success(heard.samples)
        } catch {
            return .failure(error)
        }
    }

    @Test(arguments: WaveShape.valid, [997, 60_000]) func validShapes(shape: WaveShape, pieces: Int) throws {
        for channel in [ChannelSelection.average, .channel(1)] {
            let file = try fromFile(shape.bytes, channel: channel)
            let pipe = fromPipe(shape.bytes, pieces: pieces, channel: channel)
            #expect(file == pipe)
            guard case .success(let samples) = file, !samples.isEmpty else {
                Issue.record("\(shape) was refused: \(file)")
                continue
            }
        }
    }

    @Test(arguments: WaveShape.refused, [997, 60_000]) func refusedShapes(shape: WaveShape, pieces: Int)
        throws
    {
        let file = try fromFile(shape.bytes, channel: .average)
        #expect(file == fromPipe(shape.bytes, pieces: pieces, channel: .average))
        guard case .failure = file else {
            Issue.record("\(shape) was read")
            return
        }
    }

    /// Bytes one by one, with every border between two reads.
    @Test func byteByByte() throws {
        let tone = Array(WaveShape.tone.prefix(40))
        let short = WAVFile(tone, sampleRate: 16_000, encoding: .float32).bytes
        for bytes in [short, short + short, Array(short.dropLast())] {
            let file = try fromFile(bytes, channel: .average)
            #expect(file == fromPipe(bytes, pieces: 1, channel: .average))
        }
    }

    /// Damaged WAV files: where both readers take one, they hear the same.
    @Test(.timeLimit(.minutes(2)), arguments: 1...4 as ClosedRange<UInt64>)
    func damagedFiles(seed: UInt64) throws {
        let short = Array(WaveShape.tone.prefix(600))
        let mutator = FileMutator(
            originals: WAVFile.Encoding.allCases.map {
                WAVFile(short, sampleRate: 16_000, encoding: $0).bytes
            }
                + [0, 24 + 1_200].map {
                    WaveShape.w64(
                        format: WaveShape.format(bits: 16, container: 2),
                        data: WaveShape.integers(short, bits: 16, container: 2), size: $0)
                })
        var bothCount = 0
        for number in 0..<500 {
            var generator = SeededGenerator(seed: seed, number)
            let bytes = mutator.mutatedFile(using: &generator)
            let file = try fromFile(bytes, channel: .average)
            let pipe = fromPipe(bytes, pieces: 4_000, channel: .average)
            guard case .success(let expected) = file, case .success(let heard) = pipe else { continue }
            bothCount += 1
            #expect(expected == heard, "file \(number)")
        }
        #expect(bothCount > 50)
    }
}

extension OpenFile {
    /// Opens a file under the name that a pipe has in messages.
    fileprivate init(renamed path: String) throws(AudioError) {
        try self.init(owning: open(path, O_RDONLY), name: "-")
    }
}

/// What a pipe gave.
struct Heard {
    var samples: [Float] = []
    var rate: Int?
    var duration: Double?
    var broken = 0
    /// What was wrong, as told at the end.
    var complaint: AudioError?
}

/// Writes bytes into a pipe piece by piece and listens after each piece.
func listen(
    _ bytes: [UInt8], pieces: Int = 1_000, raw: Int? = nil, channel: ChannelSelection = .average
) throws(AudioError) -> Heard {
    var ends: [Int32] = [0, 0]
    precondition(pipe(&ends) == 0)
    defer { close(ends[0]) }
    var pipe = try LivePipe(rawSampleRate: raw, channel: channel, descriptor: ends[0])
    var heard = Heard()
    var start = 0
    var isOpen = true
    defer { if isOpen { close(ends[1]) } }
    while true {
        if start < bytes.count {
            let piece = Array(bytes[start..<min(bytes.count, start + pieces)])
            precondition(write(ends[1], piece, piece.count) == piece.count)
            start += piece.count
        } else if isOpen {
            close(ends[1])
            isOpen = false
        }
        if case .end = try pipe.read(appendingTo: &heard.samples, timeoutMilliseconds: 1_000) { break }
    }
    heard.rate = pipe.sampleRate
    heard.duration = pipe.duration
    heard.broken = pipe.brokenSampleCount
    do throws(AudioError) { try pipe.checkEnd() } catch { heard.complaint = error }
    return heard
}
