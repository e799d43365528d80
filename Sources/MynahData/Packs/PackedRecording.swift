import MynahBase

/// A recording in a pack, as a line of its table has it.
struct PackedRecording: Hashable, Sendable {
    /// The columns of the table; the first ones are those of a table of recordings (`LabelTable`), so that a pack that was
    /// unpacked is a labelled folder.
    static let columns = [
        "path", "label", "speaker", "split", "source", "key", "bytes", "samples", "shard", "offset", "length",
        "sha256",
    ]

    /// Its path in the archive.
    var path: String

    /// What is said: the name of the folder.
    var word: String

    /// Who speaks, and what it is for, where a folder or a table says so.
    var speaker: String?
    var split: DataSplit?

    /// Its path in the folder that was packed.
    var source: String

    /// `word/file`, as lists of splits name it.
    var key: String

    /// Size of the file that was packed, in bytes.
    var byteCount: Int

    /// Length, at the rate of the pack.
    var sampleCount: Int

    /// Which archive it is in, from which byte on, and how many bytes it has there.
    var shard: Int
    var offset: Int
    var length: Int

    /// SHA-256 of these bytes, 64 lower-case hexadecimal digits.
    var digest: String

    /// The line, without its end.
    var line: [UInt8] {
        let fields: [[UInt8]] = [
            path.pathBytes, word.pathBytes, speaker?.pathBytes ?? [],
            split.map { Array($0.rawValue.utf8) } ?? [],
            source.pathBytes, key == source ? [] : key.pathBytes, Array("\(byteCount)".utf8),
            Array("\(sampleCount)".utf8), Array("\(shard)".utf8), Array("\(offset)".utf8),
            Array("\(length)".utf8), Array(digest.utf8),
        ]
        return Array(fields.joined(separator: [UInt8(ascii: "\t")]))
    }

    /// Whether a name can stand in the table.
    static func canHold(_ name: String) -> Bool {
        !name.utf8.contains {
            $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
        }
    }

    init(
        path: String, word: String, speaker: String?, split: DataSplit?, source: String, key: String,
        byteCount: Int, sampleCount: Int, shard: Int, offset: Int, length: Int, digest: String
    ) {
        (self.path, self.word, self.speaker, self.split) = (path, word, speaker, split)
        (self.source, self.key, self.byteCount, self.sampleCount) = (source, key, byteCount, sampleCount)
        (self.shard, self.offset, self.length, self.digest) = (shard, offset, length, digest)
    }

    /// Reads a line; nil where it is none.
    init?(line: ArraySlice<UInt8>) {
        let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        guard fields.count == Self.columns.count else { return nil }
        func number(_ field: Int) -> Int? {
            Int(String(decoding: fields[field], as: UTF8.self)).flatMap {
                (0...1 << 48).contains($0) ? $0 : nil
            }
        }
        let splitText = String(decoding: fields[3], as: UTF8.self)
        guard let byteCount = number(6), let sampleCount = number(7), let shard = number(8),
            let offset = number(9), let length = number(10), fields[11].count == 64,
            !fields[0].isEmpty, !fields[1].isEmpty, !fields[4].isEmpty,
            splitText.isEmpty || DataSplit(rawValue: splitText) != nil
        else { return nil }
        let source = String(path: fields[4])
        self.init(
            path: String(path: fields[0]), word: String(path: fields[1]),
            speaker: fields[2].isEmpty ? nil : String(path: fields[2]),
            split: DataSplit(rawValue: splitText), source: source,
            key: fields[5].isEmpty ? source : String(path: fields[5]), byteCount: byteCount,
            sampleCount: sampleCount, shard: shard, offset: offset, length: length,
            digest: String(decoding: fields[11], as: UTF8.self))
    }
}
