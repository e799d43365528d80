import Glibc

/// Looks for the header of a WAV file among samples whose number is left open.
///
/// Two recordings of a program that writes to a pipe, one behind the other, differ in nothing else from a long one. What is
/// looked for, `RIFF`, four bytes, `WAVEfmt `, does not come about by chance.
struct HeaderWatch {
    /// Bytes of a header that are looked for.
    static let length = 16

    private static let mark = Array("WAVEfmt ".utf8)

    /// Offset at which such a header begins, once it has been seen.
    private(set) var found: Int?

    /// The last bytes that were looked at, and the offset behind them.
    private var tail: [UInt8] = []
    private var end = 0

    /// Takes the bytes at `offset`, which should follow those before.
    mutating func look(at bytes: UnsafeRawBufferPointer, offset: Int) {
        guard found == nil, !bytes.isEmpty else { return }
        if offset != end { tail = [] }
        end = offset + bytes.count
        // Across the border between two blocks.
        let border = tail + bytes.prefix(Self.length)
        if let place = border.withUnsafeBytes(Self.search) {
            found = offset - tail.count + place
            return
        }
        if let place = Self.search(bytes) { found = offset + place }
        tail = Array((tail + bytes.suffix(Self.length - 1)).suffix(Self.length - 1))
    }

    /// The place of a header in `bytes`.
    private static func search(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= length, let base = bytes.baseAddress else { return nil }
        var place = 8
        while place + mark.count <= bytes.count,
            let hit = memchr(base + place, Int32(mark[0]), bytes.count - place - mark.count + 1)
        {
            place = UnsafeRawPointer(hit) - base
            if bytes[place..<place + mark.count].elementsEqual(mark),
                bytes[place - 8..<place - 5].elementsEqual("RIF".utf8)
            {
                return place - 8
            }
            place += 1
        }
        return nil
    }
}
