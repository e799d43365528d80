import Glibc
import MynahBase

/// Sound from a pipe as it arrives: WAV or raw samples, read without waiting for the end.
///
/// `AudioReader` keeps a pipe until it ends, since most formats cannot be read otherwise. This reads what programs that
/// record or convert write while they run. Sizes in the header are not believed when they say that they were not known
/// yet, as `arecord`, `ffmpeg` and `sox` have it.
public struct LivePipe: ~Copyable {
    /// What a read gave.
    public enum Progress: Sendable {
        /// Samples were appended.
        case samples
        /// Nothing came in the time given.
        case nothingYet
        /// The pipe ended, or the sound in it.
        case end
    }

    /// From this size on, a size means "not known yet".
    private static let smallestOpenSize = 0x7eff_0000

    /// Most bytes before the samples.
    private static let longestHeader = 1 << 20

    /// Bytes read at once.
    private static let blockLength = 1 << 16

    /// The name for messages.
    private static let name = "-"

    /// Samples per second, in Hz; nil as long as the header has not arrived.
    public var sampleRate: Int? { format?.sampleRate }

    /// Samples so far that were not finite numbers, and became 0.
    public private(set) var brokenSampleCount = 0

    private let descriptor: Int32
    private let channel: ChannelSelection
    private var format: PCMFormat?
    private var pending: [UInt8] = []
    private var block: [UInt8]

    /// Bytes of samples that are still to come; nil where the header leaves that open.
    private var remaining: Int?

    /// Reads standard input, or another descriptor, which stays open.
    ///
    /// - Parameters:
    ///   - rawSampleRate: rate in Hz of 16-bit signed little-endian mono samples without a header; nil for WAV.
    ///   - channel: how several channels become one.
    /// - Throws: `AudioError.standardInputIsTerminal`, `.sampleRateOutOfRange`.
    public init(
        rawSampleRate: Int?, channel: ChannelSelection = .average, descriptor: Int32 = 0
    ) throws(AudioError) {
        guard isatty(descriptor) == 0 else { throw .standardInputIsTerminal }
        let format = rawSampleRate.map { PCMFormat.raw(sampleRate: $0) }
        if let format { try Self.check(format, channel) }
        self.format = format
        self.descriptor = descriptor
        self.channel = channel
        block = [UInt8](repeating: 0, count: Self.blockLength)
    }

    /// Appends the samples that are there, within ±1, or waits up to so many milliseconds for some.
    ///
    /// - Throws: `AudioError` when the pipe cannot be read, or carries no WAV of plain samples.
    public mutating func read(
        appendingTo samples: inout [Float], timeoutMilliseconds: Int32
    ) throws(AudioError) -> Progress {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let isReady = poll(&request, 1, timeoutMilliseconds)
        guard isReady > 0 else {
            if isReady < 0, errno != EINTR {
                throw .cannotRead(file: Self.name, reason: systemMessage(errno))
            }
            return .nothingYet
        }
        let count = Glibc.read(descriptor, &block, block.count)
        if count < 0 {
            if errno == EINTR || errno == EAGAIN { return .nothingYet }
            throw .cannotRead(file: Self.name, reason: systemMessage(errno))
        }
        if count == 0 {
            guard format != nil else {
                throw pending.isEmpty ? .emptyFile(file: Self.name) : .notWAVStream(file: Self.name)
            }
            return .end
        }
        pending += block[..<count]
        if format == nil { try readHeader() }
        return decode(appendingTo: &samples)
    }

    private mutating func decode(appendingTo samples: inout [Float]) -> Progress {
        guard let format else { return .nothingYet }
        let available = min(pending.count, remaining ?? .max) / format.bytesPerFrame * format.bytesPerFrame
        brokenSampleCount += format.decode(pending[..<available], channel: channel, appendingTo: &samples)
        pending.removeFirst(available)
        if let left = remaining {
            remaining = left - available
            // What follows the samples is no sound.
            if left - available < format.bytesPerFrame { return available > 0 ? .samples : .end }
        }
        return available > 0 ? .samples : .nothingYet
    }

    /// Looks for the samples in what has arrived; leaves `format` nil if more is needed.
    private mutating func readHeader() throws(AudioError) {
        guard pending.count >= 12 else { return }
        guard pending.has("WAVE", at: 8), pending.has("RIFF", at: 0) || pending.has("RF64", at: 0) else {
            throw .notWAVStream(file: Self.name)
        }
        var position = 12
        var found: PCMFormat?
        while position + 8 <= pending.count {
            let size = pending.littleEndian32(at: position + 4)
            if pending.has("data", at: position) {
                guard let found else { throw .malformed(file: Self.name, format: "WAV") }
                format = found
                remaining = size == 0 || size >= Self.smallestOpenSize ? nil : size
                pending.removeFirst(position + 8)
                return
            }
            guard size <= Self.longestHeader, position + 8 + size <= pending.count else { break }
            if pending.has("fmt ", at: position) {
                let chunk = [UInt8](pending[position + 8..<position + 8 + size])
                guard let format = PCMFormat(chunk: chunk) else { throw .notWAVStream(file: Self.name) }
                try Self.check(format, channel)
                found = format
            }
            position += 8 + size + size % 2
        }
        guard pending.count <= Self.longestHeader else { throw .malformed(file: Self.name, format: "WAV") }
    }

    private static func check(_ format: PCMFormat, _ channel: ChannelSelection) throws(AudioError) {
        guard AudioReader.supportedChannelCounts.contains(format.channelCount) else {
            throw .channelCountOutOfRange(
                file: Self.name, channels: format.channelCount, supported: AudioReader.supportedChannelCounts)
        }
        guard AudioReader.supportedSampleRates.contains(format.sampleRate) else {
            throw .sampleRateOutOfRange(
                file: Self.name, sampleRate: format.sampleRate, supported: AudioReader.supportedSampleRates)
        }
        if case .channel(let number) = channel, !(1...format.channelCount).contains(number) {
            throw .noSuchChannel(file: Self.name, channel: number, channelCount: format.channelCount)
        }
    }
}
