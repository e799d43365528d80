/// Damages valid files in the ways in which files are damaged, and in those in which an attacker would.
///
/// What comes out depends on the originals and the random numbers alone.
package struct FileMutator: Sendable {
    /// No mutation makes a file longer than this, in bytes.
    package static let maximumByteCount = 1 << 17

    /// The valid files; at least one, none empty.
    package let originals: [[UInt8]]

    /// Takes the valid files; traps if there is none, or an empty one.
    package init(originals: [[UInt8]]) {
        precondition(!originals.isEmpty, "there is no file to damage")
        precondition(originals.allSatisfy { !$0.isEmpty }, "an empty file cannot be damaged")
        self.originals = originals
    }

    /// A damaged copy of one of the originals.
    package func mutatedFile(using generator: inout some RandomNumberGenerator) -> [UInt8] {
        var bytes = originals[Int.random(in: originals.indices, using: &generator)]
        for _ in 0..<[1, 1, 2, 3, 6][Int.random(in: 0..<5, using: &generator)] {
            damage(&bytes, using: &generator)
        }
        if bytes.count > Self.maximumByteCount { bytes.removeLast(bytes.count - Self.maximumByteCount) }
        // A wrong checksum gets a page refused before its contents are looked at.
        if Bool.random(using: &generator) { repairOggChecksums(&bytes) }
        return bytes
    }

    private func damage(_ bytes: inout [UInt8], using generator: inout some RandomNumberGenerator) {
        switch Int.random(in: 0..<11, using: &generator) {
        case 0, 1: flipBits(&bytes, using: &generator)
        case 2: replaceBytes(&bytes, using: &generator)
        case 3, 4: lie(&bytes, using: &generator)
        case 5: truncate(&bytes, using: &generator)
        case 6: copyRun(&bytes, using: &generator)
        case 7: removeRun(&bytes, using: &generator)
        case 8: insertRun(&bytes, using: &generator)
        case 9: repeatRun(&bytes, using: &generator)
        default: splice(&bytes, using: &generator)
        }
    }

    /// An offset, half of the time near the start, where headers are.
    private func offset(in bytes: [UInt8], using generator: inout some RandomNumberGenerator) -> Int {
        let limit = Bool.random(using: &generator) ? min(200, bytes.count) : bytes.count
        return limit > 0 ? Int.random(in: 0..<limit, using: &generator) : 0
    }

    /// Bytes that lie next to each other, from one to all of them.
    private func run(of bytes: [UInt8], using generator: inout some RandomNumberGenerator) -> Range<Int> {
        let start = offset(in: bytes, using: &generator)
        let longest = Bool.random(using: &generator) ? min(64, bytes.count - start) : bytes.count - start
        return start..<start + (longest > 0 ? Int.random(in: 1...longest, using: &generator) : 0)
    }

    private func flipBits(_ bytes: inout [UInt8], using generator: inout some RandomNumberGenerator) {
        guard !bytes.isEmpty else { return }
        for _ in 0..<Int.random(in: 1...16, using: &generator) {
            bytes[offset(in: bytes, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
    }

    private func replaceBytes(_ bytes: inout [UInt8], using generator: inout some RandomNumberGenerator) {
        guard !bytes.isEmpty else { return }
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
            let edges: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, UInt8.random(in: 0...255, using: &generator)]
            bytes[offset(in: bytes, using: &generator)] =
                edges[Int.random(in: edges.indices, using: &generator)]
        }
    }

    /// Places of fields behind the start of a mark: sizes stand at 4 in most formats, at 16 in Wave-64, and counts of 8 bytes
    /// at 8 and 16 in RF64.
    private static let fieldDistances = [4, 4, 4, 8, 12, 16, 16, 20, 24]

    /// Writes a number that a reader may believe: a size, an offset or a count, of two, four or eight bytes, in either order
    /// of bytes; often one at which arithmetic overflows once a header is added or taken off.
    private func lie(_ bytes: inout [UInt8], using generator: inout some RandomNumberGenerator) {
        let width = [2, 4, 4, 8, 8][Int.random(in: 0..<5, using: &generator)]
        guard bytes.count >= width else { return }
        let numbers: [UInt64] = [
            0, 1, 2, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff, 1 << 40,
            1 << 62, UInt64(Int64.max) - UInt64.random(in: 0...64, using: &generator), UInt64(Int64.max),
            1 << 63, (1 << 63) + UInt64.random(in: 0...64, using: &generator),
            .max - UInt64.random(in: 0...64, using: &generator), .max, UInt64(bytes.count),
            UInt64(bytes.count) + 1,
            UInt64(bytes.count) * 2, UInt64.random(in: 0...UInt64(bytes.count), using: &generator),
            UInt64.random(in: 0...(.max), using: &generator),
        ]
        let number = numbers[Int.random(in: numbers.indices, using: &generator)]
        let isBigEndian = Bool.random(using: &generator)
        // Fields of headers lie at even places, and often at some distance behind a mark of four letters.
        var place = offset(in: bytes, using: &generator) & ~1
        if Int.random(in: 0..<3, using: &generator) > 0, let mark = mark(in: bytes, from: place) {
            place = mark + Self.fieldDistances[Int.random(in: Self.fieldDistances.indices, using: &generator)]
        }
        place = min(place, bytes.count - width)
        for index in 0..<width {
            bytes[place + index] = UInt8(
                truncatingIfNeeded: number >> (8 * (isBigEndian ? width - 1 - index : index)))
        }
    }

    /// Where the next four letters, digits or spaces in a row begin.
    private func mark(in bytes: [UInt8], from start: Int) -> Int? {
        var length = 0
        for index in start..<bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "):
                length += 1
                if length == 4 { return index - 3 }
            default:
                length = 0
            }
        }
        return nil
    }

    private func truncate(_ bytes: inout [UInt8], using generator: inout some RandomNumberGenerator) {
        bytes.removeLast(bytes.count - offset(in: bytes, using: &generator))
    }

    private func copyRun(_ bytes: inout [UInt8], using generator: inout some RandomNumberGenerator) {
        let copied = Array(bytes[run(of: bytes, using: &generator)])
        guard bytes.count + copied.count <= Self.maximumByteCount else { return }
        bytes.insert(contentsOf: copied, at: offset(in: bytes, using: &generator))
    }

    /// Says something short again and again, as a chain of empty chunks or tags does.
    private func repeatRun(_ bytes: inout [UInt8], using generator: inout some RandomNumberGenerator) {
        let start = offset(in: bytes, using: &generator)
        let repeated = Array(
            bytes[start..<min(bytes.count, start + Int.random(in: 1...48, using: &generator))])
        guard !repeated.isEmpty else { return }
        let count = min(
            1 << Int.random(in: 1...12, using: &generator),
            (Self.maximumByteCount - min(bytes.count, Self.maximumByteCount)) / repeated.count)
        bytes.insert(contentsOf: (0..<max(0, count)).flatMap { _ in repeated }, at: start)
    }

    private func removeRun(_ bytes: inout [UInt8], using generator: inout some RandomNumberGenerator) {
        bytes.removeSubrange(run(of: bytes, using: &generator))
    }

    private func insertRun(_ bytes: inout [UInt8], using generator: inout some RandomNumberGenerator) {
        let length = Int.random(in: 1...256, using: &generator)
        let isNoise = Bool.random(using: &generator)
        let inserted = (0..<length).map { _ in isNoise ? UInt8.random(in: 0...255, using: &generator) : 0 }
        bytes.insert(contentsOf: inserted, at: offset(in: bytes, using: &generator))
    }

    /// Continues with the end of another original.
    private func splice(_ bytes: inout [UInt8], using generator: inout some RandomNumberGenerator) {
        let other = originals[Int.random(in: originals.indices, using: &generator)]
        bytes.removeLast(bytes.count - offset(in: bytes, using: &generator))
        bytes += other[offset(in: other, using: &generator)...]
    }
}

/// Writes the right checksum into each page of an Ogg file, as far as pages follow on each other (RFC 3533, section 6).
package func repairOggChecksums(_ bytes: inout [UInt8]) {
    let (headerLength, checksumOffset) = (27, 22)
    var page = 0
    while page + headerLength <= bytes.count, bytes[page..<page + 4].elementsEqual("OggS".utf8) {
        let segmentsEnd = page + headerLength + Int(bytes[page + headerLength - 1])
        guard segmentsEnd <= bytes.count else { return }
        let end = bytes[page + headerLength..<segmentsEnd].reduce(segmentsEnd) { $0 + Int($1) }
        guard end <= bytes.count else { return }
        let field = page + checksumOffset
        bytes.replaceSubrange(field..<field + 4, with: [0, 0, 0, 0])
        var checksum: UInt32 = 0
        for byte in bytes[page..<end] {
            checksum ^= UInt32(byte) << 24
            for _ in 0..<8 {
                checksum = checksum << 1 ^ (checksum >> 31 == 1 ? 0x04c1_1db7 : 0)
            }
        }
        for index in 0..<4 { bytes[field + index] = UInt8(truncatingIfNeeded: checksum >> (8 * index)) }
        page = end
    }
}
