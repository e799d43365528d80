import CSndFile
import Glibc

/// A code that sound is transmitted in and that loses some of it.
package enum SoundCodec: Hashable, Sendable {
    /// The µ-law code of telephony, 8 bits a sample (ITU-T G.711).
    case muLaw

    /// Opus (RFC 6716) at about so many kbit/s, 6 to 250.
    case opus(kilobitsPerSecond: Int)

    /// The rates at which Opus is encoded, in Hz.
    private static let opusSampleRates = [8_000, 12_000, 16_000, 24_000, 48_000]

    /// The bit rates for one channel at libsndfile's compression levels 1 and 0, in kbit/s.
    private static let opusBitRates = 6...250

    /// Encodes a waveform and decodes it again, all in memory; samples beyond ±1 are clipped.
    ///
    /// Where Opus has no such sample rate, it takes the next higher one of its own, and the result is converted back.
    ///
    /// - Returns: A waveform of the same length and sample rate.
    /// - Throws: `AudioError.codecFailed`, for instance when libsndfile was built without the encoder.
    package func roundTrip(_ waveform: Waveform) throws(AudioError) -> Waveform {
        guard !waveform.samples.isEmpty else { return waveform }
        let opusRate = Self.opusSampleRates.first { $0 >= waveform.sampleRate } ?? 48_000
        let codedRate = self == .muLaw ? waveform.sampleRate : opusRate
        let file = MemoryFile()
        let coded = waveform.resampled(to: codedRate)
        try encode(coded, to: file)
        let decoded = Waveform(
            samples: try decode(file, sampleCount: coded.samples.count), sampleRate: codedRate)
        return decoded.resampled(to: waveform.sampleRate).ofLength(waveform.samples.count)
    }

    private func encode(_ waveform: Waveform, to file: MemoryFile) throws(AudioError) {
        var information = SF_INFO()
        information.samplerate = Int32(waveform.sampleRate)
        information.channels = 1
        information.format =
            switch self {
            case .muLaw: Int32(SF_FORMAT_WAV | SF_FORMAT_ULAW)
            case .opus: Int32(SF_FORMAT_OGG | SF_FORMAT_OPUS)
            }
        let handle = try open(file, SFM_WRITE, &information)
        defer { sf_close(handle) }
        if case .opus(let kilobitsPerSecond) = self {
            let rates = Self.opusBitRates
            precondition(rates.contains(kilobitsPerSecond), "Opus at \(kilobitsPerSecond) kbit/s")
            var level =
                Double(rates.upperBound - kilobitsPerSecond) / Double(rates.upperBound - rates.lowerBound)
            sf_command(
                handle, Int32(SFC_SET_COMPRESSION_LEVEL), &level, Int32(MemoryLayout<Double>.size))
        }
        // libsndfile clips for other codes, but not for µ-law.
        var samples = waveform.samples
        clampToFullScale(&samples)
        let count = sf_count_t(samples.count)
        guard sf_writef_float(handle, samples, count) == count else {
            throw .codecFailed(codec: name, reason: "not all of it is written")
        }
    }

    /// `[sampleCount]`; a codec works in whole frames, so that there may be more in the file.
    private func decode(_ file: MemoryFile, sampleCount: Int) throws(AudioError) -> [Float] {
        var information = SF_INFO()
        _ = MemoryFile.callbacks.seek(0, 0, file.pointer)
        let handle = try open(file, SFM_READ, &information)
        defer { sf_close(handle) }
        return [Float](unsafeUninitializedCapacity: sampleCount) { buffer, count in
            count = max(0, Int(sf_readf_float(handle, buffer.baseAddress, sf_count_t(sampleCount))))
        }
    }

    private func open(
        _ file: MemoryFile, _ mode: Int, _ information: inout SF_INFO
    ) throws(AudioError) -> OpaquePointer {
        var callbacks = MemoryFile.callbacks
        guard let handle = sf_open_virtual(&callbacks, Int32(mode), &information, file.pointer) else {
            throw .codecFailed(codec: name, reason: "libsndfile cannot do that")
        }
        return handle
    }

    private var name: String { self == .muLaw ? "µ-law" : "Opus" }
}

/// A file in memory that libsndfile writes and then reads.
final class MemoryFile {
    /// All that is in it.
    private(set) var bytes: [UInt8]

    private var position = 0

    /// A file of some bytes.
    init(_ bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    /// The callbacks by which libsndfile works on a file; their last argument is ``pointer``.
    static let callbacks = SF_VIRTUAL_IO(
        get_filelen: { file in sf_count_t(memoryFile(file)?.bytes.count ?? 0) },
        seek: { offset, whence, file in sf_count_t(memoryFile(file)?.seek(Int(offset), whence) ?? -1) },
        read: { destination, count, file in
            guard let destination, let file = memoryFile(file) else { return 0 }
            return sf_count_t(file.read(Int(count), into: destination))
        },
        write: { source, count, file in
            guard let source, let file = memoryFile(file) else { return 0 }
            file.write(UnsafeRawBufferPointer(start: source, count: Int(count)))
            return count
        },
        tell: { file in sf_count_t(memoryFile(file)?.position ?? 0) })

    /// Stands for this file, which must outlive its use.
    var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    private func seek(_ offset: Int, _ whence: Int32) -> Int {
        let origin =
            switch whence {
            case SEEK_SET: 0
            case SEEK_CUR: position
            default: bytes.count
            }
        position = max(0, origin + offset)
        return position
    }

    private func read(_ count: Int, into destination: UnsafeMutableRawPointer) -> Int {
        let part = bytes[min(position, bytes.count)..<min(position + count, bytes.count)]
        UnsafeMutableRawBufferPointer(start: destination, count: count).copyBytes(from: part)
        position += part.count
        return part.count
    }

    private func write(_ source: UnsafeRawBufferPointer) {
        let end = position + source.count
        if end > bytes.count { bytes.append(contentsOf: repeatElement(0, count: end - bytes.count)) }
        bytes.replaceSubrange(position..<end, with: source)
        position = end
    }
}

private func memoryFile(_ pointer: UnsafeMutableRawPointer?) -> MemoryFile? {
    pointer.map { Unmanaged<MemoryFile>.fromOpaque($0).takeUnretainedValue() }
}
