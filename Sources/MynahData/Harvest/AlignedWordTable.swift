import MynahBase
import MynahModel

/// A table of words and the times at which they are said, as `mynah align` writes it.
///
/// Its first line names the columns, in any order, with tabs between: path, speaker, start and end in seconds, word, confidence.
/// A line that cannot be understood is passed over and told.
package struct AlignedWordTable: Sendable {
    /// The recordings in the order in which the table names them first, the words of each by the times at which they begin.
    package let sentences: [AlignedSentence]

    /// What is not used, and why.
    package let passedOver: PassedOver

    private enum Column: String, CaseIterable {
        case path, speaker, start, end, word, confidence
    }

    /// The longest table that is read, in bytes: some ten million words.
    private static let maximumByteCount = 1 << 29

    /// The latest time that is believed, in seconds: a day.
    private static let latest = 86_400.0

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - path: where it lies.
    ///   - recordings: the folder in which its recordings lie; nil to look for each of them where its path leads from here, and
    ///     then beside the table.
    /// - Throws: `DataError.badTable` when the columns are others, or none of the lines or of the recordings is any use.
    package init(contentsOf path: String, recordings: String? = nil) throws(DataError) {
        let lines: [TextLines.Line]
        do throws(TextFault) {
            lines = try TextLines(contentsOf: path, limitBytes: Self.maximumByteCount).lines
        } catch {
            throw .badTable(path: path, reason: error.description)
        }
        let filled = lines.filter { !$0.text.isEmpty }
        let names = filled.first.map(Self.fields) ?? []
        let places = Column.allCases.map { names.firstIndex(of: $0.rawValue) }
        guard !places.contains(nil) else {
            throw .badTable(
                path: path,
                reason: "is no table of words, expected a first line with the columns "
                    + listed(Column.allCases.map(\.rawValue), limit: .max))
        }
        let columns = Dictionary(
            zip(Column.allCases, places.compactMap(\.self)).map { ($0, $1) }, uniquingKeysWith: { $1 })
        var gathered = Gathered()
        var passedOver = PassedOver()
        for line in filled.dropFirst() {
            do throws(Fault) {
                try gathered.add(Row(Self.fields(of: line), columns, latest: Self.latest), line: line.number)
            } catch {
                passedOver.add("\(path.printable): line \(line.number): \(error.reason)")
            }
        }
        var sentences: [AlignedSentence] = []
        var firstMissing: String?
        for sentence in gathered.sentences {
            guard let file = Self.place(of: sentence.name, table: path, recordings: recordings) else {
                firstMissing = firstMissing ?? sentence.name
                passedOver.add("\(path.printable): its recording \(sentence.name.quoted) is not there")
                continue
            }
            sentences.append(
                AlignedSentence(
                    path: file, name: sentence.name, speaker: sentence.speaker,
                    words: sentence.words.sorted { ($0.start, $0.end) < ($1.start, $1.end) }))
        }
        guard !sentences.isEmpty else {
            let looked = recordings.map { "in \($0.printable)" } ?? "from here and beside the table"
            throw .badTable(
                path: path,
                reason: firstMissing.map {
                    "none of its \(counted(gathered.sentences.count, "recording")) is there, looked for \(looked); the first is \($0.quoted)"
                } ?? "holds no words\(passedOver.lines.first.map { "; \($0)" } ?? "")")
        }
        self.sentences = sentences
        self.passedOver = passedOver
    }

    private static func fields(of line: TextLines.Line) -> [String] {
        line.text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }

    /// Where a recording lies; nil where there is none.
    private static func place(of name: String, table: String, recordings: String?) -> String? {
        let isAbsolute = name.utf8.first == UInt8(ascii: "/")
        let places =
            isAbsolute
            ? [name] : recordings.map { [$0.pathOf(name)] } ?? [name, table.pathFolder.pathOf(name)]
        return places.first { FileKind(at: $0) == .regular }
    }

    // MARK: - Lines

    /// Why a line cannot be used.
    private struct Fault: Error {
        let reason: String
    }

    /// One line.
    private struct Row {
        let name: String
        let speaker: String
        let word: AlignedWord

        init(_ fields: [String], _ columns: [Column: Int], latest: Double) throws(Fault) {
            func text(_ column: Column) throws(Fault) -> String {
                guard let index = columns[column], index < fields.count, !fields[index].isEmpty else {
                    throw Fault(reason: "has no \(column.rawValue)")
                }
                return fields[index]
            }
            func number(_ column: Column, upTo limit: Double) throws(Fault) -> Double {
                let text = try text(column)
                guard let value = Double(text), (0...limit).contains(value) else {
                    throw Fault(
                        reason:
                            "its \(column.rawValue) is \(text.quoted), expected a number from 0 to \(NumberText.plain(limit))"
                    )
                }
                return value
            }
            name = try text(.path)
            speaker = try text(.speaker)
            if let fault = Sentence.fault(ofSpeaker: speaker) { throw Fault(reason: fault) }
            let (start, end) = (try number(.start, upTo: latest), try number(.end, upTo: latest))
            guard start <= end, end - start <= HarvestSettings.longestStretchSeconds else {
                throw Fault(
                    reason:
                        "its word goes from \(NumberText.plain(start)) to \(NumberText.plain(end)) s, expected at most "
                        + "\(NumberText.plain(HarvestSettings.longestStretchSeconds)) s")
            }
            let confidence = try number(.confidence, upTo: 1)
            let written = try text(.word)
            do throws(TranscriptText.Fault) {
                word = AlignedWord(
                    word: try TranscriptText(word: written).text, start: start, end: end,
                    confidence: confidence)
            } catch {
                throw Fault(reason: error.reason)
            }
        }
    }

    /// The rows of each recording.
    private struct Gathered {
        private(set) var sentences: [(name: String, speaker: String, line: Int, words: [AlignedWord])] = []
        private var places: [String: Int] = [:]

        mutating func add(_ row: Row, line: Int) throws(Fault) {
            guard let place = places[row.name] else {
                places[row.name] = sentences.count
                sentences.append((row.name, row.speaker, line, [row.word]))
                return
            }
            let known = sentences[place]
            guard known.speaker == row.speaker else {
                throw Fault(
                    reason:
                        "the speaker of the recording is \(row.speaker.quoted), expected \(known.speaker.quoted) as in line \(known.line)"
                )
            }
            sentences[place].words.append(row.word)
        }
    }
}
