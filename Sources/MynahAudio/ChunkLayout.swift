/// How the formats that consist of chunks lay them out: each an identifier, a size, and that many bytes.
///
/// Sources: Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0" (RIFF); EBU Tech 3306
/// (RF64); Sonic Foundry's Wave-64; Apple, "Audio Interchange File Format 1.3" and "Core Audio Format".
struct ChunkLayout {
    let format: String
    private let firstChunk: Int
    private let identifierLength: Int
    private let sizeLength: Int
    private let isBigEndian: Bool
    /// Wave-64 counts the chunk's header in its size.
    private let sizeIncludesHeader: Bool
    private let alignment: Int

    /// From this size on, a 32-bit size means "not known yet": programs that write to a pipe put there the largest
    /// number, or that less a header (SoX: 0x7f000000 less a frame).
    private static let smallestOpenSize = 0x7eff_0000

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

    /// Walks to the chunk of samples and compares its size with the file.
    ///
    /// - Returns: The bytes to put in place of an open size that libsndfile would misread.
    func check(
        _ file: borrowing OpenFile, start: Int, format: inout String?
    ) throws(AudioError) -> (offset: Int, bytes: [UInt8])? {
        let chunkHeaderLength = identifierLength + sizeLength
        var position = start + firstChunk
        var longSize: (offset: Int, size: Int)?
        var foundFormat = false
        // More chunks than this before the samples are an attack.
        for _ in 0..<10_000 {
            let chunk = try file.bytes(at: position, count: chunkHeaderLength + 40)
            guard chunk.count >= chunkHeaderLength else { break }
            let sizeOffset = position + identifierLength
            let size = number(in: chunk, at: identifierLength) - (sizeIncludesHeader ? chunkHeaderLength : 0)
            let bodyStart = position + chunkHeaderLength
            let body = [UInt8](chunk[chunkHeaderLength...])

            if chunk.has("fmt ", at: 0), body.count >= 16 {
                foundFormat = true
                let codec = isBigEndian ? body.bigEndian16(at: 0) : body.littleEndian16(at: 0)
                format = "\(self.format), codec 0x" + String(codec, radix: 16)
                try checkChannelsAndRate(
                    of: file.name,
                    channels: isBigEndian ? body.bigEndian16(at: 2) : body.littleEndian16(at: 2),
                    sampleRate: isBigEndian ? body.bigEndian32(at: 4) : body.littleEndian32(at: 4))
            } else if chunk.has("COMM", at: 0), body.count >= 2 {
                foundFormat = true
                try checkChannelsAndRate(
                    of: file.name, channels: body.bigEndian16(at: 0), sampleRate: nil)
            } else if chunk.has("desc", at: 0), body.count >= 32 {
                foundFormat = true
                try checkChannelsAndRate(
                    of: file.name, channels: body.bigEndian32(at: 24), sampleRate: nil)
            } else if chunk.has("ds64", at: 0), body.count >= 16 {
                longSize = (bodyStart + 8, body.littleEndian64(at: 8))
            } else if chunk.has("data", at: 0) || chunk.has("SSND", at: 0) {
                let isLong = size == 0xffff_ffff && longSize != nil
                return try checkSamples(
                    of: file, start: start, bodyStart: bodyStart,
                    size: isLong ? longSize?.size ?? size : size,
                    sizeOffset: isLong ? longSize?.offset ?? sizeOffset : sizeOffset,
                    sizeLength: isLong ? 8 : sizeLength)
            }
            guard size >= 0 else { throw .malformed(file: file.name, format: self.format) }
            guard size <= file.byteCount - bodyStart else {
                throw .truncated(
                    file: file.name, expectedBytes: bodyStart.saturatingAdd(size), actualBytes: file.byteCount
                )
            }
            position = bodyStart + size
            // Positions count from the start of the format, which tags may precede.
            position += (alignment - (position - start) % alignment) % alignment
        }
        guard foundFormat else { throw .malformed(file: file.name, format: self.format) }
        throw .noSamples(file: file.name)
    }

    private func checkSamples(
        of file: borrowing OpenFile, start: Int, bodyStart: Int, size: Int, sizeOffset: Int, sizeLength: Int
    ) throws(AudioError) -> (offset: Int, bytes: [UInt8])? {
        let present = max(0, file.byteCount - bodyStart)
        // AIFF and CAF count a few bytes of their own among the samples.
        let overhead = format == "AIFF" ? 8 : format == "CAF" ? 4 : 0
        if size > overhead, size <= present { return nil }

        let isOpen =
            size <= overhead || sizeLength == 4 && size >= Self.smallestOpenSize || size == Int.max
        guard isOpen else {
            throw .truncated(
                file: file.name, expectedBytes: bodyStart.saturatingAdd(size), actualBytes: file.byteCount)
        }
        guard present > overhead else { throw .noSamples(file: file.name) }
        if size == overhead || size == 0 {
            // No samples and then other chunks, or samples of unknown number? In the first case the size of the
            // whole, which stands before the chunks, agrees with the file.
            let head = try file.bytes(at: start, count: 24)
            let whole = format == "W64" ? head.littleEndian64(at: 16) : 8 + number(in: head, at: 4)
            if format != "CAF", whole >= file.byteCount - start - 1, whole <= file.byteCount - start + 1 {
                throw .noSamples(file: file.name)
            }
        }
        if format == "W64" || sizeLength == 4 && size >= Self.smallestOpenSize { return nil }

        let bytes = (0..<sizeLength).map { index in
            UInt8(truncatingIfNeeded: present >> (8 * (isBigEndian ? sizeLength - 1 - index : index)))
        }
        return (sizeOffset, bytes)
    }

    private func number(in bytes: [UInt8], at offset: Int) -> Int {
        switch (sizeLength, isBigEndian) {
        case (4, false): bytes.littleEndian32(at: offset)
        case (4, true): bytes.bigEndian32(at: offset)
        case (_, false): bytes.littleEndian64(at: offset)
        case (_, true): bytes.bigEndian64(at: offset)
        }
    }
}
