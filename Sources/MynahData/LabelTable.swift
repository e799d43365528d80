import MynahBase

/// A table of recordings, `labels.csv` or `labels.tsv`: path, label, and where known the speaker and the split.
///
/// The columns of `.csv` are separated by commas, or by semicolons where the first line has no comma, and may be quoted
/// as in RFC 4180; those of `.tsv` are separated by tabs. A first line that names the columns may stand in any order
/// and name more than are used. Without it they are path, label, speaker and split; where there are three and the third
/// holds nothing but names of splits, it is that.
struct LabelTable {
    /// One recording.
    struct Row: Hashable {
        /// Its line in the file, counted from 1.
        let line: Int

        /// Where it lies within the folder of the table.
        let path: String

        /// What is said.
        let label: String

        /// Who says it; nil where the table does not tell.
        let speaker: String?

        /// What it is for; nil where the table does not tell.
        let split: DataSplit?
    }

    /// A line that cannot be understood, counted from 1.
    struct Fault: Error, Hashable, CustomStringConvertible {
        let line: Int
        let reason: String

        var description: String { "line \(line): \(reason)" }
    }

    /// The names that a table may have, the first one that is there being read.
    static let fileNames = ["labels.csv", "labels.tsv"]

    /// The recordings, in the order of the lines.
    let rows: [Row]

    /// Whether it says of any recording what it is for.
    let statesSplits: Bool

    private enum Column {
        case path, label, speaker, split
    }

    /// Reads the lines of a table.
    ///
    /// - Parameter isTabSeparated: whether tabs separate the columns.
    /// - Throws: `Fault`, the first one.
    init(lines: [(number: Int, text: String)], isTabSeparated: Bool) throws(Fault) {
        let filled = lines.filter { line in line.text.utf8.contains { $0 != UInt8(ascii: " ") } }
        let first = filled.first?.text ?? ""
        let separator: Character = isTabSeparated ? "\t" : first.contains(",") ? "," : ";"
        var table: [(line: Int, fields: [String])] = []
        for line in filled {
            let fields =
                isTabSeparated
                ? line.text.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
                : try Self.fields(of: line.text, separator: separator, line: line.number)
            table.append((line.number, fields.map(\.trimmed)))
        }
        let columns = table.first.map { Self.header($0.fields) } ?? nil
        if columns != nil { table.removeFirst() }
        let plain: [Column?] =
            table.allSatisfy { $0.fields.count == 3 && DataSplit(folderName: $0.fields[2]) != nil }
            ? [.path, .label, .split] : [.path, .label, .speaker, .split]
        let order = columns ?? plain

        var rows: [Row] = []
        var lines: [String: Int] = [:]
        for (line, fields) in table {
            func value(_ column: Column) -> String? {
                guard let index = order.firstIndex(of: column), index < fields.count else { return nil }
                return fields[index].isEmpty ? nil : fields[index]
            }
            guard let path = value(.path), let label = value(.label) else {
                throw Fault(
                    line: line,
                    reason: "expected a path and a label, separated by \(Self.name(of: separator))")
            }
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            guard !path.hasPrefix("/"), !parts.contains("..") else {
                throw Fault(line: line, reason: "\(path.quoted) lies outside the folder")
            }
            let inner = parts.filter { $0 != "." && !$0.isEmpty }.joined(separator: "/")
            if let other = lines.updateValue(line, forKey: inner) {
                throw Fault(line: line, reason: "\(path.quoted) stands in line \(other) already")
            }
            let split = try value(.split).map { text throws(Fault) in
                guard let split = DataSplit(folderName: text) else {
                    throw Fault(
                        line: line, reason: "\(text.quoted) is no split, expected train, validation or test")
                }
                return split
            }
            rows.append(
                Row(line: line, path: inner, label: label, speaker: value(.speaker), split: split))
        }
        self.rows = rows
        statesSplits = rows.contains { $0.split != nil }
    }

    /// Reads a table.
    init(contentsOf path: String) throws(DataError) {
        let text = try TextLines(listAt: path)
        do {
            try self.init(
                lines: text.lines.map { ($0.number, $0.text) }, isTabSeparated: path.hasSuffix(".tsv"))
        } catch {
            throw .badTable(path: path, reason: error.description)
        }
    }

    /// The columns that a first line names; nil when it names no path and label.
    private static func header(_ fields: [String]) -> [Column?]? {
        let columns = fields.map { field -> Column? in
            switch field.lowercased() {
            case "path", "file", "filename", "file_name", "filepath", "file_path", "audio", "clip", "wav",
                "fname":
                .path
            case "label", "labels", "word", "class", "category", "command", "keyword", "target": .label
            case "speaker", "speaker_id", "speakerid", "client_id", "user", "person": .speaker
            case "split", "set", "subset", "partition": .split
            default: nil
            }
        }
        return columns.contains(.path) && columns.contains(.label) ? columns : nil
    }

    /// The fields of a line of comma-separated values.
    private static func fields(of text: String, separator: Character, line: Int) throws(Fault) -> [String] {
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        var rest = text[...]
        while let character = rest.popFirst() {
            if isQuoted {
                if character != "\"" {
                    field.append(character)
                } else if rest.first == "\"" {
                    field.append("\"")
                    rest.removeFirst()
                } else {
                    isQuoted = false
                }
            } else if character == "\"", field.isEmpty {
                isQuoted = true
            } else if character == separator {
                fields.append(field)
                field = ""
            } else {
                field.append(character)
            }
        }
        if isQuoted { throw Fault(line: line, reason: "a quotation mark is not closed") }
        return fields + [field]
    }

    private static func name(of separator: Character) -> String {
        switch separator {
        case "\t": "a tab"
        case ",": "a comma"
        default: "a semicolon"
        }
    }
}

extension DataSplit {
    /// The split that a folder or a column of a data set names in one of the usual ways; nil for any other name.
    init?(folderName: String) {
        switch folderName.lowercased() {
        case "train", "training": self = .training
        case "val", "valid", "validation", "dev", "development": self = .validation
        case "test", "testing": self = .testing
        default: return nil
        }
    }
}
