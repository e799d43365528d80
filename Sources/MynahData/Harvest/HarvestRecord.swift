package import MynahBase

/// A line of the table of a harvest: one word or stretch of speech, and what became of it.
package struct HarvestRecord: Hashable, Sendable {
    /// What became of it.
    package enum Outcome: String, Sendable {
        /// It is to be cut, or was when the harvest was cut short.
        case planned

        /// It has been cut.
        case kept

        /// It was not taken.
        case dropped
    }

    package let outcome: Outcome

    /// Why it was dropped, in words; empty otherwise.
    package let reason: String

    /// The clip within the folder of the harvest; empty where it was dropped.
    package let clip: String

    /// The word, or which words a stretch of speech lacks.
    package let word: String

    /// Who speaks.
    package let speaker: String

    /// Where the recording lies, links followed.
    package let recording: String

    /// Where in the recording it is cut out, in seconds.
    package let start: Double
    package let end: Double

    /// That of the word; 1 for a stretch.
    package let confidence: Double

    /// The columns of the table.
    private static let columns = [
        "outcome", "reason", "clip", "word", "speaker", "path", "start", "end", "confidence",
    ]

    /// The first line of the table.
    package static let header = columns.joined(separator: "\t") + "\n"

    /// The line of the table.
    package var line: String {
        [
            outcome.rawValue, reason.printable, clip.printable, word, speaker.printable, recording.printable,
            NumberText.fixed(start, decimals: 3), NumberText.fixed(end, decimals: 3),
            NumberText.fixed(confidence, decimals: 4),
        ].joined(separator: "\t") + "\n"
    }

    /// Wraps the values.
    init(
        outcome: Outcome, reason: String = "", clip: String = "", word: String, speaker: String,
        recording: String, start: Double, end: Double, confidence: Double
    ) {
        self.outcome = outcome
        self.reason = reason
        self.clip = clip
        self.word = word
        self.speaker = speaker
        self.recording = recording
        self.start = start
        self.end = end
        self.confidence = confidence
    }

    /// Takes a line of the table apart; nil where it is none.
    private init?(line: String) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == Self.columns.count, let outcome = Outcome(rawValue: fields[0]),
            let start = Double(fields[6]), let end = Double(fields[7]), let confidence = Double(fields[8]),
            start.isFinite, end.isFinite, confidence.isFinite
        else { return nil }
        // What lies elsewhere is no clip of this folder.
        let parts = fields[2].split(separator: "/", omittingEmptySubsequences: false)
        let isInside = (1...2).contains(parts.count) && !parts.contains(where: { $0.isEmpty || $0 == ".." })
        guard outcome == .dropped || isInside else { return nil }
        self.init(
            outcome: outcome, reason: fields[1], clip: fields[2], word: fields[3], speaker: fields[4],
            recording: fields[5], start: start, end: end, confidence: confidence)
    }

    /// The longest table that is read, in bytes: some ten million words.
    private static let maximumByteCount = 1 << 30

    /// The table that an earlier harvest has left; empty where there is none.
    ///
    /// - Throws: `DataError.badTable` when something else stands there.
    package static func read(_ path: String) throws(DataError) -> [HarvestRecord] {
        guard FileStatus(of: path, followsLinks: false) != nil else { return [] }
        let lines: [TextLines.Line]
        do throws(TextFault) {
            lines = try TextLines(contentsOf: path, limitBytes: maximumByteCount).lines
        } catch {
            throw .badTable(path: path, reason: error.description)
        }
        guard let first = lines.first, first.text + "\n" == header else {
            throw .badTable(path: path, reason: "is no table of an earlier harvest, and is not replaced")
        }
        var records: [HarvestRecord] = []
        for line in lines.dropFirst() where !line.text.isEmpty {
            guard let record = HarvestRecord(line: line.text) else {
                throw .badTable(
                    path: path, reason: "line \(line.number) is none of the table of an earlier harvest")
            }
            records.append(record)
        }
        return records
    }

    /// Writes a table; it appears when it is complete.
    package static func write(_ records: some Sequence<HarvestRecord>, to path: String) throws(FileError) {
        let file = try AtomicFile(replacing: path)
        var block = Array(header.utf8)
        for record in records {
            block += record.line.escapingUndecodedBytes.utf8
            if block.count >= 1 << 16 {
                try file.append(block)
                block.removeAll(keepingCapacity: true)
            }
        }
        try file.append(block)
        try file.commit()
    }
}
