import Glibc
import MynahBase

/// Sound from a pipe as it arrives: WAV or raw samples, read without waiting for the end.
///
/// `AudioReader` keeps a pipe until it ends, since most formats cannot be read otherwise. This reads what programs that
/// record or convert write while they run, with the same walk over headers and the same decoder, so that both refuse the
/// same inputs and hear the same samples of the others. Two things are told apart later: what is missing, at the end
/// (``checkEnd()``), and a size that stands for "not known yet", which is believed even if the pipe holds as much.
package struct LivePipe: ~Copyable {
    /// What a read gave.
    package enum Progress: Sendable {
        /// Samples were appended.
        case samples
        /// Nothing came in the time given.
        case nothingYet
        /// The pipe ended, or the sound in it.
        case end
    }

    private enum Stage {
        case header, samples, trailer, ended
    }

    /// Bytes read at once.
    private static let blockLength = 1 << 16

    /// Bytes that tell one format from another; no WAV file is shorter.
    private static let headLength = 44

    /// Frames decoded at once.
    private static let decodingLength = 8_192

    /// The name for messages.
    private static let name = "-"

    /// Samples per second, in Hz; nil as long as the header has not arrived.
    package var sampleRate: Int? { format?.sampleRate }

    /// Samples heard so far.
    package private(set) var position = 0

    /// Seconds of sound heard so far; nil before the first sample.
    package var duration: Double? {
        position > 0 ? sampleRate.map { Double(position) / Double($0) } : nil
    }

    /// Samples so far that were not finite numbers, and became 0.
    package private(set) var brokenSampleCount = 0

    private let descriptor: Int32
    private let channel: ChannelSelection
    private let isRaw: Bool
    private var stage = Stage.header
    private var block: [UInt8]

    /// Bytes that have arrived and were not used yet, the offset of the first of them, and whether more will come.
    private var pending: [UInt8] = []
    private var pendingStart = 0
    private var hasEnded = false

    /// The first bytes of the pipe, which state the size of the whole.
    private var firstBytes: [UInt8] = []

    /// How many of the pending bytes were searched for another header already.
    private var watchedCount = 0

    private var walk: ChunkWalk?
    private var format: WAVFormat?
    private var sound: SoundFile?
    private var mixer: ChannelMixer?
    private var watch: HeaderWatch?
    private var isCancellationKnown = false

    /// The samples as the header states them; without a header, or with an open length, they last as long as the pipe.
    private var chunk: SampleChunk?

    /// What was wrong with the sound, to be told at its end.
    private var complaint: AudioError?

    /// Reads standard input, or another descriptor, which stays open.
    ///
    /// - Parameters:
    ///   - rawSampleRate: rate in Hz of 16-bit signed little-endian mono samples without a header; nil for WAV.
    ///   - channel: how several channels become one.
    /// - Throws: `AudioError.standardInputIsTerminal`, `.sampleRateOutOfRange`, `.noSuchChannel`.
    package init(
        rawSampleRate: Int?, channel: ChannelSelection = .average, descriptor: Int32 = 0
    ) throws(AudioError) {
        let format = try Self.checkedFormat(
            rawSampleRate: rawSampleRate, channel: channel, descriptor: descriptor)
        self.format = format
        self.descriptor = descriptor
        self.channel = channel
        isRaw = rawSampleRate != nil
        block = [UInt8](repeating: 0, count: Self.blockLength)
    }

    /// The format of raw samples; nil for WAV.
    private static func checkedFormat(
        rawSampleRate: Int?, channel: ChannelSelection, descriptor: Int32
    ) throws(AudioError) -> WAVFormat? {
        guard isatty(descriptor) == 0 else { throw .standardInputIsTerminal }
        guard let rawSampleRate else { return nil }
        try checkChannelsAndRate(of: name, channels: nil, sampleRate: rawSampleRate)
        let format = WAVFormat.raw(sampleRate: rawSampleRate)
        try check(channel, of: format)
        return format
    }

    /// Appends the samples that are there, within ±1, or waits up to so many milliseconds for some.
    ///
    /// - Throws: `AudioError` when the pipe cannot be read, or carries no WAV of plain samples.
    package mutating func read(
        appendingTo samples: inout [Float], timeoutMilliseconds: Int32
    ) throws(AudioError) -> Progress {
        if stage == .ended { return .end }
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
        if count == 0 { hasEnded = true }
        pending += block[..<count]

        let start = samples.count
        if stage == .header { try readHeader() }
        if stage == .samples { try decode(appendingTo: &samples) }
        if stage == .trailer { readTrailer() }
        if hasEnded, stage != .ended { end() }
        noteCancellation()
        if samples.count > start { return .samples }
        return stage == .ended ? .end : .nothingYet
    }

    /// Tells, once the sound has ended, what was wrong with it: it was cut off or without samples, held numbers beyond full
    /// scale, or another sound follows that was not heard.
    package func checkEnd() throws(AudioError) {
        if let complaint { throw complaint }
    }

    /// Looks for the samples in what has arrived.
    private mutating func readHeader() throws(AudioError) {
        if walk == nil {
            guard pending.count >= Self.headLength || hasEnded else { return }
            guard !pending.isEmpty else { throw .emptyFile(file: Self.name) }
            firstBytes = Array(pending.prefix(Self.headLength))
            if isRaw {
                if let found = AudioExtent.format(of: firstBytes) {
                    throw .rawWithHeader(file: Self.name, format: found)
                }
                return try openSound()
            }
            guard let layout = ChunkLayout(head: firstBytes), layout.isWAV else {
                throw .notWAVStream(file: Self.name)
            }
            walk = ChunkWalk(layout, name: Self.name, start: 0)
        }
        while let bytes = nextBytes() {
            let received = pendingStart + pending.count
            if let next = walk?.position, next > received {
                throw .truncated(file: Self.name, expectedBytes: next, actualBytes: received)
            }
            guard case .samples(let chunk)? = try walk?.step(bytes, byteCount: nil) else { continue }
            format = walk?.wavFormat
            self.chunk = chunk
            // A stub of a header says that nothing follows it, an empty file that something else does.
            if chunk.size == 0, let whole = walk?.layout.wholeLength(head: firstBytes), whole > chunk.start,
                whole < ChunkLayout.smallestOpenSize
            {
                throw .noSamples(file: Self.name)
            }
            discard(before: chunk.start)
            return try openSound()
        }
    }

    /// The bytes at the walk's position; nil where they have not all arrived.
    private mutating func nextBytes() -> [UInt8]? {
        guard let walk else { return nil }
        discard(before: walk.position)
        guard pendingStart == walk.position || hasEnded else { return nil }
        guard pending.count >= walk.wantedCount || hasEnded else { return nil }
        return pendingStart == walk.position ? Array(pending.prefix(walk.wantedCount)) : []
    }

    private mutating func discard(before offset: Int) {
        let count = min(pending.count, max(0, offset - pendingStart))
        pending.removeFirst(count)
        pendingStart += count
    }

    private mutating func openSound() throws(AudioError) {
        guard let format, format.plainSampleLength != nil else { throw .notWAVStream(file: Self.name) }
        try Self.check(channel, of: format)
        sound = try SoundFile(arriving: format, name: Self.name)
        mixer = ChannelMixer(channelCount: format.channelCount, selection: channel)
        watch = chunk?.mayBeOpen == true ? HeaderWatch() : nil
        stage = .samples
    }

    private mutating func decode(appendingTo samples: inout [Float]) throws(AudioError) {
        guard let frameLength = format?.plainFrameLength, frameLength > 0 else { return }
        var limit = Int.max
        if let chunk, !chunk.mayBeOpen { limit = chunk.start.saturatingAdd(chunk.size) }
        if watch != nil {
            let offset = pendingStart + watchedCount
            pending.withUnsafeBytes {
                watch?.look(at: UnsafeRawBufferPointer(rebasing: $0[watchedCount...]), offset: offset)
            }
            if let found = watch?.found {
                complaint = .severalStreams(file: Self.name, byte: found)
                limit = found
            }
        }
        // What could be the start of another header waits for the rest of it.
        let kept = watch == nil || watch?.found != nil || hasEnded ? 0 : HeaderWatch.length - 1
        let available = max(0, min(pending.count - kept, limit - pendingStart))
        let byteCount = available / frameLength * frameLength
        sound?.append(pending[..<byteCount])
        pending.removeFirst(byteCount)
        pendingStart += byteCount
        watchedCount = pending.count
        decodeFrames(byteCount / frameLength, appendingTo: &samples)

        if complaint != nil {
            stage = .ended
        } else if limit - pendingStart < frameLength {
            guard let chunk else { return }
            walk?.skipSamples(chunk, size: chunk.size)
            stage = .trailer
        }
    }

    private mutating func decodeFrames(_ count: Int, appendingTo samples: inout [Float]) {
        guard let channelCount = format?.channelCount else { return }
        var left = count
        var frames: [Float] = []
        while left > 0 {
            let wanted = min(left, Self.decodingLength)
            frames.removeAll(keepingCapacity: true)
            frames.append(contentsOf: repeatElement(0, count: wanted * channelCount))
            let decoded = sound?.decode(wanted, into: &frames, at: 0) ?? 0
            guard decoded > 0 else { return }
            frames.removeLast((wanted - decoded) * channelCount)
            left -= decoded
            let isUsable = repair(&frames, channelCount: channelCount)
            mixer?.mix(frames.span, appendingTo: &samples)
            position += frames.count / channelCount
            if !isUsable { return }
        }
    }

    /// Tells once that the channels cancel each other: after a second, so that it is no matter of a click, or at the end.
    private mutating func noteCancellation() {
        guard !isCancellationKnown, let mixer, mixer.channelsCancel,
            stage == .ended || position >= sampleRate ?? 0
        else { return }
        isCancellationKnown = true
        AudioNotice.channelsCancel(source: Self.name, channelCount: mixer.channelCount).send()
    }

    /// Makes 0 of what is no number and holds the rest within ±1.
    ///
    /// - Returns: false where the numbers are no samples, which are left out.
    private mutating func repair(_ frames: inout [Float], channelCount: Int) -> Bool {
        var isUsable = true
        let magnitude = largestMagnitude(of: frames.span, from: 0)
        if !(magnitude <= AudioReader.largestOvershoot) {
            for index in frames.indices {
                if !frames[index].isFinite {
                    frames[index] = 0
                    brokenSampleCount += 1
                } else if abs(frames[index]) > AudioReader.largestOvershoot {
                    let frame = index / channelCount
                    complaint = .wrongScale(file: Self.name, sample: position + frame, value: frames[index])
                    frames.removeLast(frames.count - frame * channelCount)
                    isUsable = false
                    break
                }
            }
        }
        clampToFullScale(&frames, from: 0)
        return isUsable
    }

    /// Looks whether another sound follows the samples.
    private mutating func readTrailer() {
        while let bytes = nextBytes() {
            do throws(AudioError) {
                guard case .end? = try walk?.step(bytes, byteCount: nil) else { continue }
            } catch {
                complaint = error
            }
            stage = .ended
            return
        }
    }

    /// The pipe has ended.
    private mutating func end() {
        let received = pendingStart + pending.count
        if stage == .samples {
            if let chunk, !chunk.mayBeOpen {
                complaint = .truncated(
                    file: Self.name, expectedBytes: chunk.start.saturatingAdd(chunk.size),
                    actualBytes: received)
            } else if position == 0 {
                complaint = .noSamples(file: Self.name)
            } else if isRaw, !received.isMultiple(of: 2) {
                complaint = .rawWithOddByteCount(file: Self.name, bytes: received)
            }
        }
        stage = .ended
    }

    private static func check(_ channel: ChannelSelection, of format: WAVFormat) throws(AudioError) {
        if case .channel(let number) = channel, !(1...format.channelCount).contains(number) {
            throw .noSuchChannel(file: Self.name, channel: number, channelCount: format.channelCount)
        }
    }
}
