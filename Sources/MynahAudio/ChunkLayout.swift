/// How the formats that consist of chunks lay them out: each an identifier, a size, and that many bytes.
///
/// Read by hand, since libsndfile does not tell that a chunk of samples promises more than the file has.
///
/// Sources: Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0" (RIFF); EBU Tech 3306
/// (RF64); Sonic Foundry's Wave-64; Apple, "Audio Interchange File Format 1.3" and "Core Audio Format".
struct ChunkLayout: Sendable {
    let format: String
    let firstChunk: Int
    let identifierLength: Int
    let sizeLength: Int
    let isBigEndian: Bool
    /// Wave-64 counts the chunk's header in its size.
    let sizeIncludesHeader: Bool
    let alignment: Int

    /// A 32-bit size from here on, 2,130,640,896 bytes, may mean "not known yet": programs that write to a pipe put there
    /// the largest number, or that less a header (SoX: 0x7f000000 less a frame).
    static let smallestOpenSize = 0x7eff_0000

    /// Recognizes the format by its first bytes.
    init?(head: [UInt8]) {
        if head.has("WAVE", at: 8), head.has("RIFF", at: 0) || head.has("RF64", at: 0) {
            self.init(format: "WAV", firstChunk: 12)
        } else if head.has("WAVE", at: 8), head.has("RIFX", at: 0) {
            self.init(format: "WAV", firstChunk: 12, isBigEndian: true)
        } else if head.has("AIFF", at: 8) || head.has("AIFC", at: 8), head.has("FORM", at: 0) {
            self.init(format: "AIFF", firstChunk: 12, isBigEndian: true)
        } else if head.has("riff", at: 0), head.has("wave", at: 24) {
            self.init(
                format: "W64", firstChunk: 40, identifierLength: 16, sizeLength: 8, sizeIncludesHeader: true,
                alignment: 8)
        } else if head.has("caff", at: 0) {
            self.init(format: "CAF", firstChunk: 8, sizeLength: 8, isBigEndian: true, alignment: 1)
        } else {
            return nil
        }
    }

    private init(
        format: String, firstChunk: Int, identifierLength: Int = 4, sizeLength: Int = 4,
        isBigEndian: Bool = false, sizeIncludesHeader: Bool = false, alignment: Int = 2
    ) {
        self.format = format
        self.firstChunk = firstChunk
        self.identifierLength = identifierLength
        self.sizeLength = sizeLength
        self.isBigEndian = isBigEndian
        self.sizeIncludesHeader = sizeIncludesHeader
        self.alignment = alignment
    }

    /// Whether the samples are described by a chunk `fmt `.
    var isWAV: Bool { format == "WAV" || format == "W64" }

    var chunkHeaderLength: Int { identifierLength + sizeLength }

    /// Bytes of their own that AIFF and CAF count among the samples.
    var overhead: Int { format == "AIFF" ? 8 : format == "CAF" ? 4 : 0 }

    /// The size in the header of a chunk, as it stands there.
    func statedSize(in chunk: [UInt8]) -> UInt64 {
        switch (sizeLength, isBigEndian) {
        case (4, false): UInt64(chunk.littleEndian32(at: identifierLength))
        case (4, true): UInt64(chunk.bigEndian32(at: identifierLength))
        case (_, false): chunk.littleEndian64(at: identifierLength)
        case (_, true): chunk.bigEndian64(at: identifierLength)
        }
    }

    /// Where the format would end by the size of the whole in `head`, in bytes from its start; `nil` for CAF, which
    /// states none.
    func wholeLength(head: [UInt8]) -> Int? {
        switch format {
        case "W64": head.count >= 24 ? Int(clamping: head.littleEndian64(at: 16)) : nil
        case "CAF": nil
        default:
            head.count < 8
                ? nil : 8 + (isBigEndian ? head.bigEndian32(at: 4) : head.littleEndian32(at: 4))
        }
    }
}

/// The samples of a file of chunks, as their header states them.
struct SampleChunk {
    /// Offset of the first byte of samples.
    let start: Int

    /// Bytes of samples, without the header; up to the largest number.
    let size: Int

    /// Whether the size is one that stands for "not known yet", if the file turns out not to have as much.
    let mayBeOpen: Bool

    /// Where the size stands, and its length in bytes.
    let sizeField: (offset: Int, length: Int)
}

/// A walk from chunk to chunk, which is told the bytes that it asks for: those of a file, or of a pipe as they arrive.
///
/// Each step takes one header or what is needed of one body, so its work is bounded by the bytes that it is given.
struct ChunkWalk {
    /// What a step came to.
    enum Step {
        /// More bytes are wanted, at ``position``.
        case goesOn
        case samples(SampleChunk)
        /// No chunk follows.
        case end
    }

    /// More chunks than this before the samples are an attack.
    private static let maximumChunkCount = 10_000

    /// Bytes of a body that are looked at, at most.
    private static let longestBody = 1_024

    /// Longest header that tells one sound from another, in bytes (Wave-64).
    private static let longestMark = 40

    let layout: ChunkLayout

    /// Offset of the bytes that the next step is to be given.
    private(set) var position: Int

    /// How many of them; fewer only where the sound ends.
    private(set) var wantedCount: Int

    /// What the chunk `fmt ` says, once it has come by.
    private(set) var wavFormat: WAVFormat?

    private let name: String
    private let start: Int
    private var chunkCount = 0
    private var hasFormat = false
    private var longSize: (offset: Int, size: UInt64)?
    /// The chunk before has an odd length, and the byte that should fill it up may be missing.
    private var mayLackPadding = false
    private var wantsBody = false
    private var isBehindSamples = false

    /// Begins at the start of the format, which is a file called `name` from its byte `start` on.
    init(_ layout: ChunkLayout, name: String, start: Int) {
        self.layout = layout
        self.name = name
        self.start = start
        position = start + layout.firstChunk
        wantedCount = layout.chunkHeaderLength
    }

    /// The format with its coding, for messages.
    var description: String {
        guard let wavFormat else { return layout.format }
        return "\(layout.format), codec 0x" + String(wavFormat.codec, radix: 16)
    }

    /// Takes the bytes at ``position``.
    ///
    /// - Parameter byteCount: Size of the file; `nil` in a pipe, where a chunk that is longer shows only later.
    mutating func step(_ given: [UInt8], byteCount: Int?) throws(AudioError) -> Step {
        var chunk = given
        if mayLackPadding {
            mayLackPadding = false
            if !Self.lacksPadding(chunk) {
                chunk.removeFirst(min(1, chunk.count))
                position += 1
            }
        }
        guard chunk.count >= layout.chunkHeaderLength else { return try end() }
        if isBehindSamples, AudioExtent.format(of: chunk) != nil {
            throw .severalStreams(file: name, byte: position)
        }

        let stated = layout.statedSize(in: chunk)
        let ownLength = layout.sizeIncludesHeader ? layout.chunkHeaderLength : 0
        let bodyStart = position + layout.chunkHeaderLength
        if !isBehindSamples, chunk.has("data", at: 0) || chunk.has("SSND", at: 0) {
            return try samples(stated, ownLength: ownLength, bodyStart: bodyStart)
        }
        guard stated >= UInt64(ownLength) else {
            return try refuse(.malformed(file: name, format: layout.format))
        }
        let size = Int(clamping: stated - UInt64(ownLength))
        if !wantsBody, !isBehindSamples, isOfInterest(chunk), size > 0 {
            wantsBody = true
            wantedCount = layout.chunkHeaderLength + min(size, Self.longestBody)
            return .goesOn
        }
        if wantsBody { try take(chunk, size: size) }
        wantsBody = false

        let end = bodyStart.saturatingAdd(size)
        if let byteCount, end > byteCount {
            return try refuse(.truncated(file: name, expectedBytes: end, actualBytes: byteCount))
        }
        chunkCount += 1
        guard chunkCount < Self.maximumChunkCount, end < Int.max - layout.alignment else {
            return try refuse(.malformed(file: name, format: layout.format))
        }
        advance(to: end)
        return .goesOn
    }

    /// Goes on behind samples of so many bytes, to see whether another sound follows.
    mutating func skipSamples(_ chunk: SampleChunk, size: Int) {
        isBehindSamples = true
        advance(to: chunk.start.saturatingAdd(size))
    }

    private mutating func advance(to end: Int) {
        position = end
        wantedCount = isBehindSamples ? Self.longestMark : layout.chunkHeaderLength
        // Positions count from the start of the format, which tags may precede.
        let surplus = (end - start) % layout.alignment
        if surplus != 0, layout.alignment == 2 {
            mayLackPadding = true
            wantedCount += 1
        } else if surplus != 0 {
            position = end.saturatingAdd(layout.alignment - surplus)
        }
    }

    private func isOfInterest(_ chunk: [UInt8]) -> Bool {
        chunk.has("fmt ", at: 0) || chunk.has("COMM", at: 0) || chunk.has("desc", at: 0)
            || chunk.has("ds64", at: 0)
    }

    private mutating func take(_ chunk: [UInt8], size: Int) throws(AudioError) {
        let body = [UInt8](chunk[layout.chunkHeaderLength...].prefix(size))
        if chunk.has("fmt ", at: 0), layout.isWAV, body.count >= 16 {
            let format = WAVFormat(chunk: body, isBigEndian: layout.isBigEndian)
            try checkChannelsAndRate(of: name, channels: format.channelCount, sampleRate: format.sampleRate)
            wavFormat = wavFormat ?? format
            hasFormat = true
            if format.isUnsupported { throw .malformed(file: name, format: description) }
        } else if chunk.has("COMM", at: 0), body.count >= 2 {
            hasFormat = true
            try checkChannelsAndRate(of: name, channels: body.bigEndian16(at: 0), sampleRate: nil)
        } else if chunk.has("desc", at: 0), body.count >= 32 {
            hasFormat = true
            try checkChannelsAndRate(of: name, channels: body.bigEndian32(at: 24), sampleRate: nil)
        } else if chunk.has("ds64", at: 0), body.count >= 16 {
            longSize = (position + layout.chunkHeaderLength + 8, body.littleEndian64(at: 8))
        }
    }

    private func samples(_ stated: UInt64, ownLength: Int, bodyStart: Int) throws(AudioError) -> Step {
        guard hasFormat || !layout.isWAV else { throw .malformed(file: name, format: layout.format) }
        var stated = stated
        var field = (offset: position + layout.identifierLength, length: layout.sizeLength)
        if stated == 0xffff_ffff, layout.sizeLength == 4, let longSize {
            stated = longSize.size
            field = (longSize.offset, 8)
        }
        let isUnknown =
            field.length == 4
            ? stated >= UInt64(ChunkLayout.smallestOpenSize)
            : stated == UInt64(Int64.max) || stated == UInt64.max
        let size = Int(clamping: stated - min(stated, UInt64(ownLength)))
        return .samples(
            SampleChunk(
                start: bodyStart, size: size, mayBeOpen: isUnknown || size <= layout.overhead,
                sizeField: field))
    }

    private func end() throws(AudioError) -> Step {
        if isBehindSamples { return .end }
        throw hasFormat ? .noSamples(file: name) : .malformed(file: name, format: layout.format)
    }

    /// Chunks before the samples must be in order; those behind them may be broken.
    private func refuse(_ error: AudioError) throws(AudioError) -> Step {
        if isBehindSamples { return .end }
        throw error
    }

    /// Whether a chunk begins at once where a byte should fill up the one before: the byte is 0 in all files that have it.
    private static func lacksPadding(_ bytes: [UInt8]) -> Bool {
        func isIdentifier(_ bytes: ArraySlice<UInt8>) -> Bool {
            bytes.count == 4 && bytes.allSatisfy { 0x20...0x7e ~= $0 }
        }
        guard let first = bytes.first, first != 0, isIdentifier(bytes.prefix(4)) else { return false }
        // Filled up with something else, as it seems, if a chunk of samples begins behind.
        return !bytes.has("data", at: 1) && !bytes.has("SSND", at: 1) && !bytes.has("fmt ", at: 1)
    }
}
