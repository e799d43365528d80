/// Numbers in the headers of files. Whoever calls has checked that the bytes are there.
extension [UInt8] {
    func littleEndian16(at offset: Int) -> Int { Int(self[offset]) | Int(self[offset + 1]) << 8 }

    func littleEndian32(at offset: Int) -> Int {
        littleEndian16(at: offset) | littleEndian16(at: offset + 2) << 16
    }

    func bigEndian16(at offset: Int) -> Int { Int(self[offset]) << 8 | Int(self[offset + 1]) }

    func bigEndian32(at offset: Int) -> Int {
        bigEndian16(at: offset) << 16 | bigEndian16(at: offset + 2)
    }

    /// 64 bits, which no `Int` can hold all of.
    func littleEndian64(at offset: Int) -> UInt64 {
        UInt64(littleEndian32(at: offset)) | UInt64(littleEndian32(at: offset + 4)) << 32
    }

    /// 64 bits, which no `Int` can hold all of.
    func bigEndian64(at offset: Int) -> UInt64 {
        UInt64(bigEndian32(at: offset)) << 32 | UInt64(bigEndian32(at: offset + 4))
    }

    /// Whether the ASCII characters of `tag` stand at `offset`; false if the bytes end before.
    func has(_ tag: StaticString, at offset: Int) -> Bool {
        guard offset >= 0, offset + tag.utf8CodeUnitCount <= count else { return false }
        return tag.withUTF8Buffer { characters in
            characters.indices.allSatisfy { self[offset + $0] == characters[$0] }
        }
    }
}

extension Int {
    /// The sum, or the largest number where the sum is larger still, as with sizes that a header makes up.
    func saturatingAdd(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? Int.max : sum
    }
}

/// Reads a file forwards through one block of memory, for walking over many small headers.
struct ForwardReader {
    private var block: [UInt8] = []
    private var blockStart = 0

    /// `count` bytes at `offset`, or fewer at the end of the file; offsets must not fall by more than a block.
    mutating func bytes(
        of file: borrowing OpenFile, at offset: Int, count: Int
    ) throws(AudioError) -> [UInt8] {
        if offset < blockStart || offset + count > blockStart + block.count {
            block = try file.bytes(at: offset, count: max(count, 1 << 16))
            blockStart = offset
        }
        let start = offset - blockStart
        return [UInt8](block[min(start, block.count)..<min(start + count, block.count)])
    }
}
