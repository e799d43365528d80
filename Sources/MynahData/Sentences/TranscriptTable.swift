import MynahBase

/// A table of sentences with columns separated by tabs, without quotation marks: path, speaker, text.
struct TranscriptTable {
    /// The tables that are known, by their file names.
    enum Kind: String, CaseIterable {
        case plain = "transcripts.tsv"
        case commonVoice = "validated.tsv"

        /// Where the recording of a row may lie within the folder.
        func names(of path: String) -> [String] {
            switch self {
            case .plain: [path]
            // Early versions leave the extension out.
            case .commonVoice: ["clips/\(path)", "clips/\(path).mp3", path]
            }
        }
    }

    /// One sentence.
    struct Row: Hashable {
        /// Its line in the file, counted from 1.
        let line: Int

        /// Where the recording lies within the folder of the table.
        let path: String

        let speaker: String
        let text: String
    }

    /// A line that cannot be understood, counted from 1.
    struct Fault: Error, Hashable, CustomStringConvertible {
        let line: Int
        let reason: String

        var description: String { "line \(line): \(reason)" }
    }

    /// The sentences, in the order of the lines.
    private(set) var rows: [Row] = []

    /// The lines that are none.
    private(set) var faults: [Fault] = []

    private enum Column: CaseIterable {
        case path, speaker, text
    }

    /// Reads the lines of a table.
    ///
    /// - Throws: `Fault` when Common Voice's table does not name its columns.
    init(lines: [TextLines.Line], kind: Kind) throws(Fault) {
        let filled = lines.filter { line in line.text.utf8.contains { $0 != UInt8(ascii: " ") } }
        guard let first = filled.first else { return }
        let header = Self.header(Self.fields(of: first))
        guard header != nil || kind == .plain else {
            throw Fault(
                line: first.number,
                reason: "names no columns, expected path, client_id and sentence among them")
        }
        let columns = header ?? [.path, .speaker, .text]
        var lineOfPath: [String: Int] = [:]
        for line in filled.dropFirst(header == nil ? 0 : 1) {
            let fields = Self.fields(of: line)
            func value(_ column: Column) -> String? {
                guard let index = columns.firstIndex(of: column), index < fields.count else { return nil }
                return fields[index]
            }
            guard let path = value(.path), let speaker = value(.speaker), let text = value(.text),
                !path.isEmpty
            else {
                faults.append(
                    Fault(
                        line: line.number,
                        reason:
                            "\(counted(fields.count, "column")), expected path, speaker and text with tabs between"
                    ))
                continue
            }
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            guard !path.hasPrefix("/"), !parts.contains("..") else {
                faults.append(Fault(line: line.number, reason: "\(path.quoted) lies outside the folder"))
                continue
            }
            let inner = parts.filter { $0 != "." && !$0.isEmpty }.joined(separator: "/")
            if let other = lineOfPath.updateValue(line.number, forKey: inner) {
                faults.append(
                    Fault(line: line.number, reason: "\(path.quoted) stands in line \(other) already"))
                continue
            }
            rows.append(Row(line: line.number, path: inner, speaker: speaker, text: text))
        }
    }

    private static func fields(of line: TextLines.Line) -> [String] {
        line.text.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).trimmed }
    }

    /// The columns that a first line names; nil where it is a sentence.
    private static func header(_ fields: [String]) -> [Column?]? {
        let columns: [Column?] = fields.map { field in
            switch field.lowercased() {
            case "path", "file", "filename", "file_name", "audio": .path
            case "speaker", "speaker_id", "speakerid", "client_id", "user": .speaker
            case "text", "sentence", "transcript", "transcription": .text
            default: nil
            }
        }
        return Column.allCases.allSatisfy(columns.contains) ? columns : nil
    }
}
