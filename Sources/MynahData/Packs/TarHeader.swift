import MynahBase

/// What stands before a file in a tar archive (POSIX.1-2024, `pax`, ustar interchange format): one block, or three where the name
/// does not fit.
///
/// It is written here, and not by a library of archives, because a pack has to know at which byte each file begins, so that it can
/// be read without all before it.
struct TarHeader {
    /// Archives are made of blocks of so many bytes.
    static let blockSize = 512

    /// What an archive ends with.
    static let end = [UInt8](repeating: 0, count: 2 * blockSize)

    /// Bytes of a name at most, and of a size: 11 octal digits.
    private static let nameLimit = 100
    private static let sizeLimit = 1 << 33

    /// The blocks.
    let bytes: [UInt8]

    /// The header of a file; traps for one of 8 GiB or more.
    init(path: String, byteCount: Int) {
        precondition(
            (0..<Self.sizeLimit).contains(byteCount), "a file of \(byteCount) bytes in a tar archive")
        let name = path.pathBytes
        guard name.count > Self.nameLimit else {
            bytes = Self.block(name: name, byteCount: byteCount, type: "0")
            return
        }
        // A record of the pax format has the whole name, and counts its own length.
        let text = Array(" path=".utf8) + name + Array("\n".utf8)
        var length = text.count + 1
        while String(length).utf8.count + text.count != length { length += 1 }
        let record = Array(String(length).utf8) + text
        bytes =
            Self.block(name: Array("PaxHeader".utf8), byteCount: record.count, type: "x") + record
            + Self.padding(behind: record.count)
            + Self.block(name: Array(name.prefix(Self.nameLimit)), byteCount: byteCount, type: "0")
    }

    /// What fills the last block of a file of so many bytes.
    static func padding(behind byteCount: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: (blockSize - byteCount % blockSize) % blockSize)
    }

    private static func block(name: [UInt8], byteCount: Int, type: Character) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: blockSize)
        func set(_ place: Int, _ text: [UInt8]) {
            block.replaceSubrange(place..<place + text.count, with: text)
        }
        func octal(_ value: Int, digits: Int) -> [UInt8] {
            let text = String(value, radix: 8)
            return Array((String(repeating: "0", count: digits - text.count) + text).utf8)
        }
        set(0, name)
        set(100, octal(0o644, digits: 7))
        set(108, octal(0, digits: 7))
        set(116, octal(0, digits: 7))
        set(124, octal(byteCount, digits: 11))
        // The time of the file is none, so that the same recordings make the same archive.
        set(136, octal(0, digits: 11))
        set(148, Array("        ".utf8))
        set(156, Array(String(type).utf8))
        set(257, Array("ustar\u{0}00".utf8))
        set(148, octal(block.reduce(0) { $0 + Int($1) }, digits: 6) + [0, UInt8(ascii: " ")])
        return block
    }
}
