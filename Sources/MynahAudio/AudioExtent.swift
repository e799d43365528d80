/// Which bytes of a file are handed to libsndfile, found by walking over the headers that say how long the sound is.
///
/// libsndfile takes a file that was cut off for a shorter one, and a length of 0, which programs write that do not
/// know it yet, for an empty one. Here a header that promises more than there is gets refused, and one that leaves
/// the length open gets the true one.
struct AudioExtent {
    /// The name of the format, or `nil` for one that only libsndfile knows.
    var format: String?

    /// The bytes from the first header to the end of the sound; tags before and after it are left out.
    var range: Range<Int>

    /// Bytes that stand in for those of the file, where a header leaves the length open.
    var correction: (offset: Int, bytes: [UInt8])?

    /// Looks at the headers of `file`, and refuses it when they promise what it does not hold.
    init(of file: borrowing OpenFile) throws(AudioError) {
        var start = 0
        var head = try file.bytes(at: 0, count: 64)
        while head.has("ID3", at: 0), head.count >= 10 {
            // ID3v2.4, section 3.1: four bytes of seven bits, and a footer if bit 4 of the flags is set.
            let size = (6..<10).reduce(0) { $0 << 7 | Int(head[$1] & 0x7f) }
            start += 10 + size + (head[5] & 0x10 != 0 ? 10 : 0)
            guard start < file.byteCount else {
                throw .truncated(file: file.name, expectedBytes: start, actualBytes: file.byteCount)
            }
            head = try file.bytes(at: start, count: 64)
        }
        range = start..<file.byteCount

        if let layout = ChunkLayout(head: head) {
            format = layout.format
            correction = try layout.check(file, start: start, format: &format)
        } else if head.has(".snd", at: 0) || head.has("dns.", at: 0) {
            format = "AU"
            correction = try checkSunHeader(head, of: file, start: start)
        } else if head.has("fLaC", at: 0) {
            format = "FLAC"
        } else if head.has("OggS", at: 0) {
            format = "Ogg"
            range = try rangeOfOggStream(in: file, start: start)
        } else if let frame = MPEGFrameHeader(head, at: 0) {
            format = "MP3"
            (range, correction) = try extentOfMPEGFrames(in: file, start: start, first: frame)
        } else if start > 0 {
            throw .notAudio(file: file.name)
        }
    }

    /// The whole of a file of raw 16-bit samples, which must not begin like an audio file.
    init(raw file: borrowing OpenFile) throws(AudioError) {
        if let format = Self.format(of: try file.bytes(at: 0, count: 64)) {
            throw .rawWithHeader(file: file.name, format: format)
        }
        guard file.byteCount.isMultiple(of: 2) else {
            throw .rawWithOddByteCount(file: file.name, bytes: file.byteCount)
        }
        range = 0..<file.byteCount
    }

    /// The format whose mark stands at the start of `head`, for telling raw samples from audio files.
    static func format(of head: [UInt8]) -> String? {
        if let layout = ChunkLayout(head: head) { return layout.format }
        if head.has(".snd", at: 0) || head.has("dns.", at: 0) { return "AU" }
        if head.has("fLaC", at: 0) { return "FLAC" }
        if head.has("OggS", at: 0) { return "Ogg" }
        if head.has("ID3", at: 0) { return "MP3" }
        return nil
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

/// The header of an AU file: mark, offset of the data, its size (2³²−1 if unknown), encoding, rate, channels.
private func checkSunHeader(
    _ head: [UInt8], of file: borrowing OpenFile, start: Int
) throws(AudioError) -> (offset: Int, bytes: [UInt8])? {
    guard head.count >= 24 else { throw .malformed(file: file.name, format: "AU") }
    let isBigEndian = head.has(".snd", at: 0)
    func field(_ offset: Int) -> Int {
        isBigEndian ? head.bigEndian32(at: offset) : head.littleEndian32(at: offset)
    }
    try checkChannelsAndRate(of: file.name, channels: field(20), sampleRate: field(16))
    let dataStart = start + field(4)
    let size = field(8)
    let present = max(0, file.byteCount - dataStart)
    if size == 0xffff_ffff || size <= present && size > 0 { return nil }
    guard size == 0 else {
        throw .truncated(
            file: file.name, expectedBytes: dataStart + size, actualBytes: file.byteCount)
    }
    guard present > 0 else { throw .noSamples(file: file.name) }
    return (start + 8, [UInt8](repeating: 0xff, count: 4))
}
