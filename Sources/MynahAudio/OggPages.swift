/// Walks over the pages of an Ogg file, to see that they join and that the last one ends the stream.
///
/// Source: RFC 3533, section 6. The content of the pages is libsndfile's affair.
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
        hasEnded = header[5] & endsStream != 0
        position = end
    }
    guard hasEnded else { throw .missingEndOfStream(file: file.name, actualBytes: file.byteCount) }
    return start..<position
}
