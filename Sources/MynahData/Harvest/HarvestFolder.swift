import MynahBase

/// The folder of a harvest: clips, and a table of what was kept and dropped.
package struct HarvestFolder: Sendable {
    /// Where it lies.
    package let path: String

    /// What the table of an earlier harvest says.
    package let records: [HarvestRecord]

    /// The name of the table.
    package static let tableName = "harvest.tsv"

    /// Where the table lies.
    package var tablePath: String { path.pathOf(Self.tableName) }

    /// Looks at what an earlier harvest has left; nothing where there is no folder yet.
    ///
    /// - Throws: `DataError.badTable`, or `.notAFolder` when a file stands there.
    package init(at path: String) throws(DataError) {
        if let kind = FileKind(at: path), kind != .folder { throw .notAFolder(path: path) }
        self.path = path
        records = try HarvestRecord.read(path.pathOf(Self.tableName))
    }

    /// Whether a clip lies there.
    func holds(_ clip: String) -> Bool { fileExists(path.pathOf(clip)) }
}

/// What an earlier harvest has done, to be found by recording, word and time.
struct EarlierHarvest {
    private let folder: HarvestFolder
    private var isLeft: [Bool]
    private var places: [Key: [Int]] = [:]

    private struct Key: Hashable {
        let word: String
        let speaker: String
        let recording: String
    }

    init(_ folder: HarvestFolder) {
        self.folder = folder
        isLeft = Array(repeating: true, count: folder.records.count)
        for (index, record) in folder.records.enumerated() {
            let key = Key(word: record.word, speaker: record.speaker, recording: record.recording)
            places[key, default: []].append(index)
        }
    }

    /// Lets a cut of a recording be what an earlier harvest has made of it.
    mutating func settle(_ cut: inout HarvestPlan.Cut, of recording: String, by speaker: String) {
        let key = Key(word: cut.word, speaker: speaker, recording: recording)
        guard let candidates = places[key] else { return }
        let own = candidates.filter { index in
            let record = folder.records[index]
            return isLeft[index]
                && Self.overlap(
                    record.start..<max(record.start, record.end), cut.start..<max(cut.start, cut.end))
        }
        for index in own { isLeft[index] = false }
        guard let index = own.first(where: { folder.records[$0].outcome != .dropped }) else {
            let isRemoved = own.contains { folder.records[$0].reason == HarvestDrop.removed.reason }
            if isRemoved { cut.fate = .dropped(.removed) }
            return
        }
        let record = folder.records[index]
        if folder.holds(record.clip) {
            cut.fate = .there(clip: record.clip)
        } else if record.outcome == .kept {
            cut.fate = .dropped(.removed)
        } else if cut.fate == .cut(clip: "") {
            cut.fate = .cut(clip: record.clip)
        }
    }

    /// What is said of words and recordings that were not settled.
    var others: [HarvestRecord] { zip(folder.records, isLeft).filter(\.1).map(\.0) }

    /// Whether two stretches of time share more than half of the shorter one.
    private static func overlap(_ one: Range<Double>, _ other: Range<Double>) -> Bool {
        let shared = min(one.upperBound, other.upperBound) - max(one.lowerBound, other.lowerBound)
        return shared > 0.5 * min(one.upperBound - one.lowerBound, other.upperBound - other.lowerBound)
    }
}

/// Names for clips, none of which any file has yet.
struct HarvestNames {
    private let folder: String
    private var taken: Set<String>
    private var nextTakes: [String: Int] = [:]
    private var listed: Set<String> = []

    /// For the folder of a harvest, some of whose clips may have names but not lie there yet.
    init(of folder: HarvestFolder, planned: some Sequence<String>) {
        self.folder = folder.path
        taken = Set(planned.map { String($0.withoutFileExtension) })
    }

    /// The first name that is left for a take of a speaker, `<inner>/<speaker>_nohash_<take>.wav`.
    mutating func next(in inner: String, speaker: String) -> String {
        let start = inner.isEmpty ? "" : inner + "/"
        if listed.insert(inner).inserted {
            // Nothing is there where the folder cannot be listed; then no clip can be written, either.
            let names = (try? namesInFolder(inner.isEmpty ? folder : folder.pathOf(inner))) ?? []
            taken.formUnion(names.map { start + $0.withoutFileExtension })
        }
        let stem = "\(start)\(Self.fileName(of: speaker))\(SpeakerSplit.separator)"
        var take = nextTakes[stem] ?? 0
        while taken.contains("\(stem)\(take)") { take += 1 }
        nextTakes[stem] = take + 1
        return "\(stem)\(take).wav"
    }

    /// A speaker as the beginning of a file name, different for different speakers.
    ///
    /// It is the speaker's name where that can be. Otherwise what cannot stand in a file name, or would be taken for its end, is
    /// written in percent signs (RFC 3986, section 2.1), and of a name that is too long there is a beginning with a digest.
    static func fileName(of speaker: String) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var name = ""
        let isPlain =
            speaker.utf8.first != UInt8(ascii: ".") && !speaker.contains(SpeakerSplit.separator)
            && !speaker.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "%") }
        if isPlain {
            name = speaker
        } else {
            for scalar in speaker.unicodeScalars {
                guard scalar == "/" || scalar == "%" || scalar == "." || scalar == "_" else {
                    name.unicodeScalars.append(scalar)
                    continue
                }
                name += "%"
                name.unicodeScalars.append(digits[Int(scalar.value >> 4)])
                name.unicodeScalars.append(digits[Int(scalar.value & 15)])
            }
        }
        guard name.utf8.count > longestName else { return name }
        var start = ""
        for scalar in name.unicodeScalars where start.utf8.count < longestName / 2 {
            start.unicodeScalars.append(scalar)
        }
        return "\(start)-\(SHA256.hexDigest(of: speaker).prefix(32))"
    }

    /// The longest part of a file name that a speaker takes, in bytes: a system allows 255 for all of it.
    private static let longestName = 200
}
