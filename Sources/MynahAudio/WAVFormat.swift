/// What the chunk `fmt ` of a WAV file says: how the samples that follow are coded.
///
/// libsndfile is given a header made from this in place of the one that arrived. So a file and a pipe come to the same
/// decoder with the same words, whatever stands before the samples, and however the length is left open.
struct WAVFormat: Sendable, Equatable {
    /// The registered number of the coding; that of the sub-format where the chunk is of the extensible kind.
    let codec: Int

    /// Channels that the samples are interleaved for; not checked.
    let channelCount: Int

    /// Frames per second, in Hz; not checked.
    let sampleRate: Int

    /// Bytes from one sample of a channel to the next of the same frame, for plain samples; else `nil`.
    ///
    /// Plain are integers of up to 32 bits, IEEE 754 numbers, A-law and µ-law: one number a sample, so that a pipe can be
    /// decoded at every point.
    let plainSampleLength: Int?

    /// Whether integers of 17 to 24 bits stand in 4 bytes, at whose upper end the standard puts them and ALSA the lower.
    let isPadded: Bool

    private let isBigEndian: Bool
    private let chunk: [UInt8]

    /// `WAVE_FORMAT_EXTENSIBLE`: the number of the coding is the start of a GUID, which ends in `guidTail`.
    private static let extensible = 0xfffe
    private static let guidTail: [UInt8] = [
        0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71,
    ]

    /// 16-bit mono samples without a header.
    static func raw(sampleRate: Int) -> WAVFormat { WAVFormat(rawSampleRate: sampleRate) }

    private init(rawSampleRate: Int) {
        codec = 1
        channelCount = 1
        sampleRate = rawSampleRate
        plainSampleLength = 2
        isPadded = false
        isBigEndian = false
        chunk = []
    }

    /// Reads the body of the chunk, at least 16 bytes of it.
    init(chunk: [UInt8], isBigEndian: Bool) {
        precondition(chunk.count >= 16, "a format chunk of \(chunk.count) bytes")
        func short(_ offset: Int) -> Int {
            isBigEndian ? chunk.bigEndian16(at: offset) : chunk.littleEndian16(at: offset)
        }
        let channelCount = short(2)
        let blockLength = short(12)
        let bits = short(14)
        var codec = short(0)
        if codec == Self.extensible, chunk.count >= 40, Array(chunk[26..<40]) == Self.guidTail {
            codec = short(24)
        }
        isPadded = codec == 1 && 17...24 ~= bits && blockLength == 4 * channelCount
        plainSampleLength =
            switch (codec, bits) {
            case (1, 1...32): isPadded ? 4 : (bits + 7) / 8
            case (3, 32), (3, 64): bits / 8
            case (6, _), (7, _): 1
            default: nil
            }
        self.codec = codec
        self.channelCount = channelCount
        self.sampleRate = isBigEndian ? chunk.bigEndian32(at: 4) : chunk.littleEndian32(at: 4)
        self.isBigEndian = isBigEndian
        self.chunk = chunk
    }

    /// Whether libsndfile would misread the samples: it takes IEEE 754 numbers of any width but 64 bits for 32.
    var isUnsupported: Bool { codec == 3 && plainSampleLength == nil }

    /// A frame of plain samples, in bytes.
    var plainFrameLength: Int? { plainSampleLength.map { $0 * channelCount } }

    /// All that libsndfile needs before the samples; they last until its file ends.
    ///
    /// Sizes of 8 for the whole and 0 for the samples are what a program leaves that was stopped, and libsndfile takes
    /// all that follows, also beyond 4 GiB.
    var header: [UInt8] {
        func number(_ value: Int, _ byteCount: Int) -> [UInt8] {
            let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return isBigEndian ? bytes.reversed() : bytes
        }
        var body = chunk
        if let plainSampleLength {
            let frameLength = plainSampleLength * channelCount
            body = number(codec, 2) + number(channelCount, 2) + number(sampleRate, 4)
            body += number(sampleRate * frameLength, 4) + number(frameLength, 2)
            body += number(8 * plainSampleLength, 2)
        }
        let padding: [UInt8] = body.count.isMultiple(of: 2) ? [] : [0]
        return Array((isBigEndian ? "RIFX" : "RIFF").utf8) + number(8, 4) + Array("WAVEfmt ".utf8)
            + number(body.count, 4) + body + padding + Array("data".utf8) + number(0, 4)
    }
}
