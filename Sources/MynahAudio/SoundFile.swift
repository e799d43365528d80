import CSndFile
import Glibc
import MynahBase

/// libsndfile at work on the sound within an open file, which must stay open longer, or on what a pipe has brought.
struct SoundFile: ~Copyable {
    /// Interleaved channels, as the header states.
    let channelCount: Int

    /// Frames per second in Hz, as the header states.
    let sampleRate: Int

    /// Frames that the header promises; `nil` if it leaves that open.
    let declaredFrameCount: Int?

    /// Whether libsndfile would read the bytes as samples without a header.
    let isRaw: Bool

    private let handle: OpaquePointer
    private let bytes: SoundBytes
    private var padding: SamplePadding?

    /// Opens what lies within `extent`.
    init(_ file: borrowing OpenFile, extent: AudioExtent) throws(AudioError) {
        let bytes = SoundBytes(header: extent.header, descriptor: file.descriptor, range: extent.body)
        bytes.watch = extent.isOpen ? HeaderWatch() : nil
        try self.init(bytes, name: file.name, format: extent.format, isPadded: extent.isPadded)
    }

    /// Opens what is still to come: plain samples of a format.
    init(arriving format: WAVFormat, name: String) throws(AudioError) {
        try self.init(
            SoundBytes(arrivingBehind: format.header), name: name, format: "WAV", isPadded: format.isPadded)
    }

    private init(_ bytes: SoundBytes, name: String, format: String?, isPadded: Bool) throws(AudioError) {
        var information = SF_INFO()
        var callbacks = SoundBytes.callbacks
        guard let handle = sf_open_virtual(&callbacks, Int32(SFM_READ), &information, bytes.pointer) else {
            if bytes.failure != 0 { throw .cannotRead(file: name, reason: systemMessage(bytes.failure)) }
            // The reason that libsndfile has is shared between threads, hence not asked for.
            guard let format else { throw .notAudio(file: name) }
            throw .malformed(file: name, format: format)
        }
        self.handle = handle
        self.bytes = bytes
        padding = isPadded ? SamplePadding() : nil
        let type = information.format & Int32(SF_FORMAT_TYPEMASK)
        let coding = information.format & Int32(SF_FORMAT_SUBMASK)
        let mpegCodings = [SF_FORMAT_MPEG_LAYER_I, SF_FORMAT_MPEG_LAYER_II, SF_FORMAT_MPEG_LAYER_III]
        // Of MPEG frames, in a file of their own or in a WAV, libsndfile only guesses the length; for one left open it
        // states the largest number.
        let isKnown = !mpegCodings.contains { Int32($0) == coding } && information.frames != .max
        declaredFrameCount = isKnown ? Int(information.frames) : nil
        channelCount = Int(information.channels)
        sampleRate = Int(information.samplerate)
        isRaw = type == SF_FORMAT_RAW
    }

    deinit { sf_close(handle) }

    /// Decodes at most `count` frames into `samples`, which must have room for them from `start` on.
    ///
    /// - Returns: The number of frames decoded, 0 at the end or on failure.
    mutating func decode(_ count: Int, into samples: inout [Float], at start: Int) -> Int {
        precondition(
            start + count * channelCount <= samples.count,
            "\(count) frames of \(channelCount) channels at \(start) exceed \(samples.count) samples")
        let decoded = samples.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            return max(0, Int(sf_readf_float(handle, base + start, sf_count_t(count))))
        }
        padding?.remove(from: &samples, in: start..<start + decoded * channelCount)
        return decoded
    }

    /// Takes bytes of samples that have arrived.
    func append(_ arrived: ArraySlice<UInt8>) { bytes.append(arrived) }

    /// The first `errno` of a failed read, else 0.
    var readFailure: Int32 { bytes.failure }

    /// Where a second sound begins within one of open length, as far as it was read.
    var secondSound: Int? { bytes.watch?.found }

    /// Why the last `decode` stopped, if not at the end.
    var decodingFailure: String? {
        guard sf_error(handle) != SF_ERR_NO_ERROR else { return nil }
        return sf_strerror(handle).map { String(cString: $0) } ?? "unknown error"
    }
}

/// Brings integers of 24 bits in 4 bytes to full scale.
///
/// By the standard they stand at the upper end, and the lowest byte is 0; ALSA (`S24_LE`) has them at the lower end, in a
/// header that says the same.
private struct SamplePadding {
    private var isAtLowerEnd = false

    /// Takes samples that were read as if all 32 bits counted, all of them in their order.
    mutating func remove(from samples: inout [Float], in range: Range<Int>) {
        for index in range {
            if !isAtLowerEnd {
                let value = samples[index] * 0x1p23
                isAtLowerEnd = value != value.rounded()
            }
            if isAtLowerEnd {
                // The topmost byte may be 0 where the sign should be.
                let value = samples[index] * 256
                samples[index] = value - 2 * ((value + 1) / 2).rounded(.down)
            }
        }
    }
}

/// What libsndfile sees: a header, and behind it bytes of a file or those that have arrived.
private final class SoundBytes {
    /// Longer than any sound, for one that is still going on.
    private static let endless = 1 << 62

    private let header: [UInt8]
    private let byteCount: Int
    private let descriptor: Int32?
    private let bodyStart: Int
    private var arrived: [UInt8] = []
    /// Bytes of the body before `arrived`, which were read.
    private var forgottenCount = 0
    private var position = 0

    /// The first `errno` of a failed read, else 0.
    private(set) var failure: Int32 = 0

    /// Looks for a second sound, if that is wanted.
    var watch: HeaderWatch?

    init(header: [UInt8], descriptor: Int32, range: Range<Int>) {
        self.header = header
        self.descriptor = descriptor
        bodyStart = range.lowerBound
        byteCount = header.count + range.count
    }

    init(arrivingBehind header: [UInt8]) {
        self.header = header
        descriptor = nil
        bodyStart = 0
        byteCount = Self.endless
    }

    /// Stands for this object, which must outlive its use.
    var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    func append(_ bytes: ArraySlice<UInt8>) {
        let readCount = min(arrived.count, max(0, position - header.count - forgottenCount))
        arrived.removeFirst(readCount)
        forgottenCount += readCount
        arrived += bytes
    }

    private func seek(_ offset: Int, _ whence: Int32) -> Int {
        let origin =
            switch whence {
            case SEEK_SET: 0
            case SEEK_CUR: position
            default: byteCount
            }
        let (target, overflow) = origin.addingReportingOverflow(offset)
        guard !overflow, target >= 0 else { return -1 }
        position = target
        return position
    }

    private func read(_ count: Int, into destination: UnsafeMutableRawPointer) -> Int {
        var filled = 0
        let wanted = max(0, min(count, byteCount - min(position, byteCount)))
        let buffer = UnsafeMutableRawBufferPointer(start: destination, count: wanted)
        if position < header.count {
            filled = min(wanted, header.count - position)
            buffer.copyBytes(from: header[position..<position + filled])
        }
        let offset = position + filled - header.count
        if filled < wanted {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            filled += readBody(into: rest, at: offset)
        }
        position += filled
        return filled
    }

    private func readBody(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        guard let descriptor else {
            let start = offset - forgottenCount
            guard start >= 0, start < arrived.count else { return 0 }
            let part = arrived[start..<min(arrived.count, start + buffer.count)]
            buffer.copyBytes(from: part)
            return part.count
        }
        let count = readFully(descriptor, into: buffer, at: bodyStart + offset, failure: &failure)
        watch?.look(at: UnsafeRawBufferPointer(rebasing: buffer[..<count]), offset: bodyStart + offset)
        return count
    }

    static let callbacks = SF_VIRTUAL_IO(
        get_filelen: { sf_count_t(soundBytes($0)?.byteCount ?? 0) },
        seek: { offset, whence, pointer in
            sf_count_t(soundBytes(pointer)?.seek(Int(offset), whence) ?? -1)
        },
        read: { destination, count, pointer in
            guard let destination, let bytes = soundBytes(pointer) else { return 0 }
            return sf_count_t(bytes.read(Int(count), into: destination))
        },
        write: { _, _, _ in 0 },
        tell: { sf_count_t(soundBytes($0)?.position ?? 0) })
}

private func soundBytes(_ pointer: UnsafeMutableRawPointer?) -> SoundBytes? {
    pointer.map { Unmanaged<SoundBytes>.fromOpaque($0).takeUnretainedValue() }
}
