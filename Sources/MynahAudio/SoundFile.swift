import CSndFile
import Glibc
import MynahBase

/// libsndfile at work on the sound within an open file, which must stay open longer.
struct SoundFile: ~Copyable {
    /// Interleaved channels, as the header states.
    let channelCount: Int

    /// Frames per second in Hz, as the header states.
    let sampleRate: Int

    /// Frames that the header promises; `nil` if it leaves that open.
    let declaredFrameCount: Int?

    /// Whether the bytes are read as samples without a header, which libsndfile may also decide by itself.
    let isRaw: Bool

    private let handle: OpaquePointer
    private let view: UnsafeMutablePointer<FileView>

    /// Opens what lies within `extent`: an audio file, or 16-bit mono samples at `rawSampleRate` Hz if that is given.
    init(_ file: borrowing OpenFile, extent: AudioExtent, rawSampleRate: Int?) throws(AudioError) {
        var information = SF_INFO()
        if let rawSampleRate {
            information.samplerate = Int32(rawSampleRate)
            information.channels = 1
            information.format = Int32(SF_FORMAT_RAW | SF_FORMAT_PCM_16) | Int32(SF_ENDIAN_LITTLE)
        }
        let view = UnsafeMutablePointer<FileView>.allocate(capacity: 1)
        view.initialize(to: FileView(descriptor: file.descriptor, extent: extent))
        var callbacks = fileViewCallbacks
        guard let handle = sf_open_virtual(&callbacks, Int32(SFM_READ), &information, view) else {
            let failure = view.pointee.failure
            view.deinitialize(count: 1)
            view.deallocate()
            if failure != 0 { throw .cannotRead(file: file.name, reason: systemMessage(failure)) }
            // The reason that libsndfile has is shared between threads, hence not asked for.
            guard let format = extent.format else { throw .notAudio(file: file.name) }
            throw .malformed(file: file.name, format: format)
        }
        self.handle = handle
        self.view = view
        let majorFormat = information.format & Int32(SF_FORMAT_TYPEMASK)
        // Of an MP3 file libsndfile only guesses the length; for one left open it states the largest number.
        let isKnown = majorFormat != SF_FORMAT_MPEG && information.frames != .max
        declaredFrameCount = isKnown ? Int(information.frames) : nil
        channelCount = Int(information.channels)
        sampleRate = Int(information.samplerate)
        isRaw = majorFormat == SF_FORMAT_RAW
    }

    deinit {
        sf_close(handle)
        view.deinitialize(count: 1)
        view.deallocate()
    }

    /// Decodes at most `count` frames into `samples`, which must have room for them from `start` on.
    ///
    /// - Returns: The number of frames decoded, 0 at the end or on failure.
    func decode(_ count: Int, into samples: inout [Float], at start: Int) -> Int {
        precondition(
            start + count * channelCount <= samples.count,
            "\(count) frames of \(channelCount) channels at \(start) exceed \(samples.count) samples")
        return samples.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            return max(0, Int(sf_readf_float(handle, base + start, sf_count_t(count))))
        }
    }

    /// The first `errno` of a failed read, else 0.
    var readFailure: Int32 { view.pointee.failure }

    /// Why the last `decode` stopped, if not at the end.
    var decodingFailure: String? {
        guard sf_error(handle) != SF_ERR_NO_ERROR else { return nil }
        return sf_strerror(handle).map { String(cString: $0) } ?? "unknown error"
    }
}
/// What libsndfile sees of a file: the extent of the sound, with the header corrected.
private struct FileView {
    let descriptor: Int32
    let extent: AudioExtent
    var position = 0
    /// The first `errno` of a failed read, else 0.
    var failure: Int32 = 0

    mutating func seek(_ offset: Int, _ whence: Int32) -> Int {
        let origin =
            switch whence {
            case SEEK_SET: 0
            case SEEK_CUR: position
            default: extent.range.count
            }
        let (target, overflow) = origin.addingReportingOverflow(offset)
        guard !overflow, target >= 0 else { return -1 }
        position = target
        return position
    }

    mutating func read(_ count: Int, into destination: UnsafeMutableRawPointer) -> Int {
        let start = extent.range.lowerBound.saturatingAdd(position)
        let wanted = max(0, min(count, extent.range.upperBound - start))
        let buffer = UnsafeMutableRawBufferPointer(start: destination, count: wanted)
        let filled = readFully(descriptor, into: buffer, at: start, failure: &failure)
        if let (offset, bytes) = extent.correction {
            for index in bytes.indices where (start..<start + filled).contains(offset + index) {
                buffer[offset + index - start] = bytes[index]
            }
        }
        position += filled
        return filled
    }
}

private let fileViewCallbacks = SF_VIRTUAL_IO(
    get_filelen: { view in sf_count_t(fileView(view)?.pointee.extent.range.count ?? 0) },
    seek: { offset, whence, view in
        sf_count_t(fileView(view)?.pointee.seek(Int(offset), whence) ?? -1)
    },
    read: { destination, count, view in
        guard let destination, let view = fileView(view) else { return 0 }
        return sf_count_t(view.pointee.read(Int(count), into: destination))
    },
    write: { _, _, _ in 0 },
    tell: { view in sf_count_t(fileView(view)?.pointee.position ?? 0) })

private func fileView(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<FileView>? {
    pointer?.assumingMemoryBound(to: FileView.self)
}
