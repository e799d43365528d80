/// The four bytes before each frame of MPEG audio (MP3, and the older layers I and II).
///
/// Source: ISO/IEC 11172-3, section 2.4.1.3, and 13818-3 for the lower sample rates.
struct MPEGFrameHeader {
    /// The whole frame with its header, in bytes.
    let byteCount: Int
    let sampleCount: Int
    let sampleRate: Int
    private let version: Int
    private let layer: Int
    private let isMono: Bool

    /// Reads the header at `offset`, or returns `nil` if there is none.
    init?(_ bytes: [UInt8], at offset: Int) {
        guard offset >= 0, offset + 4 <= bytes.count else { return nil }
        let word = bytes.bigEndian32(at: offset)
        let versionBits = word >> 19 & 3
        let layerBits = word >> 17 & 3
        let bitRateIndex = word >> 12 & 15
        let rateIndex = word >> 10 & 3
        // Bit rate 0 ("free") leaves the length of frames to be guessed, and nothing writes it.
        guard word >> 21 == 0x7ff, versionBits != 1, layerBits != 0, 1...14 ~= bitRateIndex, rateIndex < 3
        else { return nil }

        version = versionBits == 3 ? 1 : 2
        layer = 4 - layerBits
        isMono = word >> 6 & 3 == 3
        sampleRate = [44_100, 48_000, 32_000][rateIndex] >> (versionBits == 3 ? 0 : versionBits == 2 ? 1 : 2)
        let kilobits: [Int] =
            switch (version, layer) {
            case (1, 1): [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448]
            case (1, 2): [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384]
            case (1, _): [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
            case (_, 1): [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256]
            case (_, _): [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
            }
        let bitRate = kilobits[bitRateIndex - 1] * 1_000
        let padding = word >> 9 & 1
        if layer == 1 {
            sampleCount = 384
            byteCount = (12 * bitRate / sampleRate + padding) * 4
        } else {
            sampleCount = layer == 3 && version == 2 ? 576 : 1_152
            byteCount = sampleCount / 8 * bitRate / sampleRate + padding
        }
    }

    /// Whether `next` can follow in the same stream, whose decoder keeps its rate and channels.
    func isContinued(by next: MPEGFrameHeader) -> Bool {
        next.version == version && next.layer == layer && next.sampleRate == sampleRate
            && next.isMono == isMono
    }

    /// Where in the first frame the header "Xing" or "Info" lies that some encoders put there.
    var offsetOfEncoderHeader: Int {
        switch (version, isMono) {
        case (1, false): 4 + 32
        case (2, true): 4 + 9
        default: 4 + 17
        }
    }
}

/// Walks over the frames of an MP3 file from the `first`, to see that they join up to the end of the file.
///
/// The decoder behind libsndfile would search for the next frame after a gap and write remarks about it to standard
/// error.
///
/// - Returns: The bytes from the first frame to the end of the last, without the tags that may follow; and the size
///   that the encoder's header should state, which the decoder would remark on if it included those tags.
func extentOfMPEGFrames(
    in file: borrowing OpenFile, start: Int, first: MPEGFrameHeader
) throws(AudioError) -> (range: Range<Int>, correction: (offset: Int, bytes: [UInt8])?) {
    var reader = ForwardReader()
    var position = start
    var frameCount = 0
    while position < file.byteCount {
        let header = try reader.bytes(of: file, at: position, count: 12)
        guard let frame = MPEGFrameHeader(header, at: 0), first.isContinued(by: frame) else {
            if isTagAfterFrames(header) { break }
            // A single header may be chance; text and noise then are no damaged MP3.
            if frameCount < 2 { throw .notAudio(file: file.name) }
            throw .damaged(file: file.name, format: "MP3", byte: position)
        }
        guard position + frame.byteCount <= file.byteCount else {
            if frameCount == 0 && start == 0 { throw .notAudio(file: file.name) }
            throw .truncated(
                file: file.name, expectedBytes: position + frame.byteCount, actualBytes: file.byteCount)
        }
        position += frame.byteCount
        frameCount += 1
    }

    let tagStart = start + first.offsetOfEncoderHeader
    let tag = try file.bytes(at: tagStart, count: 16)
    guard tag.count == 16, tag.has("Xing", at: 0) || tag.has("Info", at: 0) else {
        return (start..<position, nil)
    }
    let hasFrameCount = tag[7] & 1 != 0
    let hasByteCount = tag[7] & 2 != 0
    // Encoders differ in whether they count the frame of this header, so one frame may be missing.
    if hasFrameCount, tag.bigEndian32(at: 8) > frameCount {
        throw .incomplete(
            file: file.name, expectedSamples: tag.bigEndian32(at: 8) * first.sampleCount,
            actualSamples: frameCount * first.sampleCount)
    }
    guard hasByteCount else { return (start..<position, nil) }
    let byteCount = position - start
    let correction = (0..<4).map { UInt8(truncatingIfNeeded: byteCount >> (24 - 8 * $0)) }
    return (start..<position, (tagStart + (hasFrameCount ? 12 : 8), correction))
}

/// Whether these bytes begin one of the tags that players put after the last frame, or nothing but zeros.
private func isTagAfterFrames(_ bytes: [UInt8]) -> Bool {
    bytes.has("TAG", at: 0) || bytes.has("APETAGEX", at: 0) || bytes.has("LYRICSBEGIN", at: 0)
        || bytes.has("ID3", at: 0) || bytes.allSatisfy { $0 == 0 }
}
