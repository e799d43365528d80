/// Walks over the pages of an Ogg file, to see that they are whole, that they join, and that the last ends the stream.
///
/// Decoders pass over damaged and missing pages, and some take the first for the end, so checksums and numbers are compared
/// here. Source: RFC 3533, section 6.
///
/// - Returns: The bytes from the first page to the end of the last.
func rangeOfOggStream(in file: borrowing OpenFile, start: Int) throws(AudioError) -> Range<Int> {
    let headerLength = 27
    let beginsStream: UInt8 = 0x02
    let endsStream: UInt8 = 0x04
    var reader = ForwardReader()
    var position = start
    var hasEnded = false
    var hasContent = false
    var streams: [Int: LogicalStream] = [:]
    while position < file.byteCount {
        let header = try reader.bytes(of: file, at: position, count: headerLength)
        guard header.has("OggS", at: 0) || header.count < 4 else {
            // Bytes after the end of the stream do no harm; bytes instead of a page do.
            if hasEnded { break }
            throw .damaged(file: file.name, format: "Ogg", byte: position)
        }
        guard header.count == headerLength else {
            if hasEnded { break }
            throw .truncated(
                file: file.name, expectedBytes: position + headerLength, actualBytes: file.byteCount)
        }
        if header[5] & beginsStream != 0 {
            if hasContent { throw .severalStreams(file: file.name, byte: position) }
        } else {
            hasContent = true
        }
        let segments = try reader.bytes(of: file, at: position + headerLength, count: Int(header[26]))
        let end = position + headerLength + Int(header[26]) + segments.reduce(0) { $0 + Int($1) }
        guard end <= file.byteCount else {
            throw .truncated(file: file.name, expectedBytes: end, actualBytes: file.byteCount)
        }
        let page = try reader.bytes(of: file, at: position, count: end - position)
        guard pageChecksum(page) == UInt32(page.littleEndian32(at: 22)) else {
            throw .damaged(file: file.name, format: "Ogg", byte: position)
        }
        hasEnded = header[5] & endsStream != 0
        let follows = streams[header.littleEndian32(at: 14), default: LogicalStream()]
            .take(header, endsPacket: segments.contains { $0 < 255 }, isLast: hasEnded)
        guard follows else { throw .damaged(file: file.name, format: "Ogg", byte: position) }
        position = end
    }
    guard hasEnded else { throw .missingEndOfStream(file: file.name, actualBytes: file.byteCount) }
    return start..<position
}

/// How far the pages of one serial number have come.
///
/// Where numbers or times leap, libsndfile 1.2 works out a length of its own for the last packet of an Opus stream, and hands
/// out memory that was never set as the rest of it.
private struct LogicalStream {
    /// The number that the next page should have; `nil` before the first.
    private var nextNumber: UInt32?

    /// Where the last packet ended that ended on a page, in samples.
    private var granule: Int64 = 0

    /// Whether a page follows those before: it has the next number, and its time does not run backwards.
    ///
    /// A broadcast that was recorded from its middle leaves out the pages between its headers and its first sound.
    mutating func take(_ header: [UInt8], endsPacket: Bool, isLast: Bool) -> Bool {
        let number = UInt32(header.littleEndian32(at: 18))
        let leaps = nextNumber.map { $0 != number } ?? false
        if leaps, granule > 0 || isLast { return false }
        nextNumber = number &+ 1
        // A page on which no packet ends has no time.
        guard endsPacket else { return true }
        let time = Int64(truncatingIfNeeded: header.littleEndian64(at: 6))
        guard time >= granule else { return false }
        granule = time
        return true
    }
}

/// The cyclic redundancy check of a page, in which its own four bytes count as 0.
private func pageChecksum(_ page: [UInt8]) -> UInt32 {
    var checksum: UInt32 = 0
    for index in page.indices {
        let byte = (22..<26).contains(index) ? 0 : page[index]
        checksum = checksum << 8 ^ checksumTable[Int(checksum >> 24) ^ Int(byte)]
    }
    return checksum
}

/// Remainders of all bytes for the generator polynomial 0x04c11db7, highest bit first.
private let checksumTable: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte) << 24) { remainder, _ in
        remainder & 0x8000_0000 != 0 ? remainder << 1 ^ 0x04c1_1db7 : remainder << 1
    }
}
