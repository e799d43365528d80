/// Which bytes are handed to libsndfile, found by walking over the headers that say how long the sound is.
///
/// libsndfile takes a file that was cut off for a shorter one, and a length of 0, which programs write that do not
/// know it yet, for an empty one. Here a header that promises more than there is gets refused, and one that leaves
/// the length open is replaced.
struct AudioExtent {
    /// The name of the format, or `nil` for one that only libsndfile knows.
    var format: String?

    /// Bytes that stand in for those before ``body``.
    var header: [UInt8] = []

    /// The bytes of the file that follow, to the end of the sound; tags before and after it are left out.
    var body: Range<Int>

    /// Samples at the lower end of 4 bytes are to be found out.
    var isPadded = false

    /// Whether the length is open, so that nothing but its header would tell a second sound from the first.
    var isOpen = false

    /// More tags than this before the sound are an attack.
    private static let maximumTagCount = 64

    /// Longest header that is replaced, in bytes.
    private static let longestHeader = 1 << 20

    /// Looks at the headers of `file`, and refuses it when they promise what it does not hold.
    init(of file: borrowing OpenFile) throws(AudioError) {
        let start = try Self.endOfTags(in: file)
        let head = try file.bytes(at: start, count: 64)
        body = start..<file.byteCount

        if let layout = ChunkLayout(head: head) {
            try readChunks(of: file, layout, start: start, head: head)
        } else if head.has(".snd", at: 0) || head.has("dns.", at: 0) {
            format = "AU"
            try readSunHeader(head, of: file, start: start)
        } else if head.has("fLaC", at: 0) {
            format = "FLAC"
        } else if head.has("OggS", at: 0) {
            format = "Ogg"
            body = try rangeOfOggStream(in: file, start: start)
        } else if let frame = MPEGFrameHeader(head, at: 0) {
            format = "MP3"
            let extent = try extentOfMPEGFrames(in: file, start: start, first: frame)
            body = extent.range
            if let correction = extent.correction {
                try replaceHeader(of: file, start: start, correction.bytes, at: correction.offset)
            }
        } else if let foreign = try ForeignFormat.name(of: head, in: file, start: start) {
            throw .unsupportedFormat(file: file.name, format: foreign)
        } else if start > 0 {
            throw .notAudio(file: file.name)
        }
    }

    /// The whole of a file of raw 16-bit samples, which must not begin like an audio file.
    init(raw file: borrowing OpenFile, sampleRate: Int) throws(AudioError) {
        if let format = Self.format(of: try file.bytes(at: 0, count: 64)) {
            throw .rawWithHeader(file: file.name, format: format)
        }
        guard file.byteCount.isMultiple(of: 2) else {
            throw .rawWithOddByteCount(file: file.name, bytes: file.byteCount)
        }
        header = WAVFormat.raw(sampleRate: sampleRate).header
        body = 0..<file.byteCount
    }

    /// The format whose mark stands at the start of `head`, for telling raw samples from audio files.
    static func format(of head: [UInt8]) -> String? {
        if let layout = ChunkLayout(head: head) { return layout.format }
        if head.has(".snd", at: 0) || head.has("dns.", at: 0) { return "AU" }
        if head.has("fLaC", at: 0) { return "FLAC" }
        if head.has("OggS", at: 0) { return "Ogg" }
        if head.has("ID3", at: 0) { return "MP3" }
        return ForeignFormat.name(of: head)
    }

    /// Where the sound begins behind tags of ID3v2.
    private static func endOfTags(in file: borrowing OpenFile) throws(AudioError) -> Int {
        var start = 0
        for _ in 0..<maximumTagCount {
            let head = try file.bytes(at: start, count: 10)
            guard head.has("ID3", at: 0), head.count == 10 else { return start }
            // ID3v2.4, section 3.1: four bytes of seven bits, and a footer if bit 4 of the flags is set.
            let size = (6..<10).reduce(0) { $0 << 7 | Int(head[$1] & 0x7f) }
            start += 10 + size + (head[5] & 0x10 != 0 ? 10 : 0)
            guard start < file.byteCount else {
                throw .truncated(file: file.name, expectedBytes: start, actualBytes: file.byteCount)
            }
        }
        throw .malformed(file: file.name, format: "MP3")
    }

    /// Walks to the chunk of samples, compares its size with the file, and looks whether another sound follows.
    private mutating func readChunks(
        of file: borrowing OpenFile, _ layout: ChunkLayout, start: Int, head: [UInt8]
    ) throws(AudioError) {
        var walk = ChunkWalk(layout, name: file.name, start: start)
        format = layout.format
        while true {
            let bytes = try file.bytes(at: walk.position, count: walk.wantedCount)
            switch try walk.step(bytes, byteCount: file.byteCount) {
            case .goesOn: continue
            case .end: return
            case .samples(let chunk):
                format = walk.description
                let size = try sizeOfSamples(chunk, in: file, layout, start: start, head: head)
                if let wavFormat = walk.wavFormat {
                    header = wavFormat.header
                    body = chunk.start..<chunk.start + size
                    isPadded = wavFormat.isPadded
                } else if isOpen {
                    // Whatever is left belongs to the samples.
                    let bytes = (0..<chunk.sizeField.length).map {
                        UInt8(truncatingIfNeeded: size >> (8 * (chunk.sizeField.length - 1 - $0)))
                    }
                    try replaceHeader(of: file, start: start, bytes, at: chunk.sizeField.offset)
                }
                if isOpen { return }
                walk.skipSamples(chunk, size: size)
            }
        }
    }

    /// The number of bytes of samples; all up to the end where the header leaves it open.
    private mutating func sizeOfSamples(
        _ chunk: SampleChunk, in file: borrowing OpenFile, _ layout: ChunkLayout, start: Int, head: [UInt8]
    ) throws(AudioError) -> Int {
        let present = max(0, file.byteCount - chunk.start)
        let whole = layout.wholeLength(head: head) ?? 0
        let isWholeTrue = (file.byteCount - start - 1...file.byteCount - start + 1).contains(whole)
        // A size that stands for "not known yet" is another in a file that is longer still, unless that of the whole is true.
        if chunk.size > layout.overhead, chunk.size <= present, !chunk.mayBeOpen || isWholeTrue {
            return chunk.size
        }
        guard chunk.mayBeOpen else {
            throw .truncated(
                file: file.name, expectedBytes: chunk.start.saturatingAdd(chunk.size),
                actualBytes: file.byteCount)
        }
        guard present > layout.overhead else { throw .noSamples(file: file.name) }
        // No samples and then other chunks, or samples of unknown number? In the first case the size of the whole,
        // which stands before the chunks, agrees with the file.
        if chunk.size <= layout.overhead, isWholeTrue { throw .noSamples(file: file.name) }
        isOpen = true
        return present
    }

    /// The header of an AU file: mark, offset of the data, its size (2³²−1 if unknown), encoding, rate, channels.
    private mutating func readSunHeader(
        _ head: [UInt8], of file: borrowing OpenFile, start: Int
    ) throws(AudioError) {
        guard head.count >= 24 else { throw .malformed(file: file.name, format: "AU") }
        let isBigEndian = head.has(".snd", at: 0)
        func field(_ offset: Int) -> Int {
            isBigEndian ? head.bigEndian32(at: offset) : head.littleEndian32(at: offset)
        }
        try checkChannelsAndRate(of: file.name, channels: field(20), sampleRate: field(16))
        let dataStart = start + field(4)
        let size = field(8)
        let present = max(0, file.byteCount - dataStart)
        if size > 0, size <= present {
            let next = dataStart + size
            if Self.format(of: try file.bytes(at: next, count: 64)) != nil {
                throw .severalStreams(file: file.name, byte: next)
            }
            return
        }
        guard size == 0 || size == 0xffff_ffff else {
            throw .truncated(
                file: file.name, expectedBytes: dataStart + size, actualBytes: file.byteCount)
        }
        guard present > 0 else { throw .noSamples(file: file.name) }
        isOpen = true
        try replaceHeader(of: file, start: start, [UInt8](repeating: 0xff, count: 4), at: start + 8)
    }

    /// Puts bytes in place of some of the header.
    private mutating func replaceHeader(
        of file: borrowing OpenFile, start: Int, _ bytes: [UInt8], at offset: Int
    ) throws(AudioError) {
        let end = offset + bytes.count
        guard end - start <= Self.longestHeader else {
            throw .malformed(file: file.name, format: format ?? "")
        }
        header = try file.bytes(at: start, count: offset - start) + bytes
        body = end..<body.upperBound
    }
}

/// Refuses numbers of channels and sample rates that nothing here can use.
func checkChannelsAndRate(
    of file: String, channels: Int?, sampleRate: Int?
) throws(AudioError) {
    if let channels, !AudioReader.supportedChannelCounts.contains(channels) {
        throw .channelCountOutOfRange(
            file: file, channels: channels, supported: AudioReader.supportedChannelCounts)
    }
    if let sampleRate, !AudioReader.supportedSampleRates.contains(sampleRate) {
        throw .sampleRateOutOfRange(
            file: file, sampleRate: sampleRate, supported: AudioReader.supportedSampleRates)
    }
}
