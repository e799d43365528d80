import MynahBase

/// The words that are spoken in a recording, as a table of tab-separated text.
///
/// The first line is `start`, `end`, `word`; each line after it is one event, in seconds, in order of their starts.
/// Empty lines and lines that begin with `#` are passed over.
package struct TruthTable: Hashable, Sendable {
    /// Largest table that is read, in bytes: about a million events.
    package static let maximumByteCount = 64 << 20

    private static let header = ["start", "end", "word"]

    /// The events, in order of their starts.
    package let events: [TruthEvent]

    /// Wraps events; traps unless they are in order.
    package init(events: [TruthEvent]) {
        for (earlier, later) in zip(events, events.dropFirst()) {
            precondition(earlier.start <= later.start, "events at \(earlier.start) s and \(later.start) s")
        }
        self.events = events
    }

    /// Reads the table in a file of at most ``maximumByteCount`` bytes.
    ///
    /// - Throws: ``EvaluationError/unreadableTruth(file:reason:)`` for what is no text in UTF-8,
    ///   ``EvaluationError/badTruth(file:line:reason:)`` with the first line that is not as it should be.
    package init(contentsOf path: String) throws(EvaluationError) {
        let text: TextLines
        do {
            text = try TextLines(contentsOf: path, limitBytes: Self.maximumByteCount)
        } catch {
            throw .unreadableTruth(file: path, reason: "\(error)")
        }
        try self.init(text.lines, name: path)
    }

    /// Reads a table; `name` stands for it in errors.
    ///
    /// - Throws: as ``init(contentsOf:)`` does.
    package init(parsing text: String, name: String) throws(EvaluationError) {
        let lines: TextLines
        do {
            lines = try TextLines(bytes: Array(text.utf8))
        } catch {
            throw .unreadableTruth(file: name, reason: "\(error)")
        }
        try self.init(lines.lines, name: name)
    }

    private init(_ lines: [TextLines.Line], name: String) throws(EvaluationError) {
        var events: [TruthEvent] = []
        var hasHeader = false
        for line in lines {
            if line.text.first == "#" || line.text.allSatisfy(\.isWhitespace) { continue }
            // Blanks at the ends of a word are never meant.
            let fields = line.text.split(separator: "\t", omittingEmptySubsequences: false)
                .map { String($0).trimmed }
            func fault(_ reason: String) -> EvaluationError {
                .badTruth(file: name, line: line.number, reason: reason)
            }
            if !hasHeader {
                guard fields == Self.header else {
                    throw fault("expected the columns start, end and word, separated by tabs")
                }
                hasHeader = true
                continue
            }
            guard fields.count == Self.header.count else {
                throw fault("has \(fields.count) columns separated by tabs, expected \(Self.header.count)")
            }
            let times = try Self.times(fields, fault)
            let word = fields[2]
            guard !word.isEmpty, word.isPrintable, word.utf8.count <= 128 else {
                throw fault("the word is \(word.quoted), expected 1 to 128 printable bytes")
            }
            if let last = events.last, last.start > times.start {
                throw fault("starts at \(times.start) s, before the event above it (\(last.start) s)")
            }
            events.append(TruthEvent(start: times.start, end: times.end, word: word))
        }
        guard hasHeader else { throw .badTruth(file: name, line: 1, reason: "the table is empty") }
        self.events = events
    }

    private static func times(
        _ fields: [String], _ fault: (String) -> EvaluationError
    ) throws(EvaluationError) -> (start: Double, end: Double) {
        // A day has 86,400 s; ten years of audio are no time at which a word is spoken.
        let allowed = 0.0...3e8
        var times: [Double] = []
        for (name, field) in zip(header, fields.prefix(2)) {
            guard let time = Double(field), allowed.contains(time) else {
                throw fault("\(name) is \(field.quoted), expected seconds")
            }
            times.append(time)
        }
        guard times[0] < times[1] else {
            throw fault("ends at \(times[1]) s, not after its start at \(times[0]) s")
        }
        return (times[0], times[1])
    }

    /// The table as text, times in steps of a millisecond.
    package var text: String {
        var lines = [Self.header.joined(separator: "\t")]
        lines += events.map {
            [
                NumberText.fixed($0.start, decimals: 3), NumberText.fixed($0.end, decimals: 3), $0.word,
            ].joined(separator: "\t")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// A word that is spoken in a recording, and when.
package struct TruthEvent: Hashable, Sendable {
    /// Where the word begins, in seconds from the start of the recording.
    package let start: Double

    /// Where the word ends, in seconds from the start of the recording; more than ``start``.
    package let end: Double

    /// The word; one that the model does not know is a distractor, which must not be detected.
    package let word: String

    /// Wraps an event; traps unless `0 ≤ start < end`.
    package init(start: Double, end: Double, word: String) {
        precondition(start >= 0 && start < end, "an event from \(start) s to \(end) s")
        self.start = start
        self.end = end
        self.word = word
    }
}
