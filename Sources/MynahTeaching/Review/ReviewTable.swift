package import MynahBase

/// What a person said of a kept moment.
package enum ReviewAnswer: Hashable, Sendable {
    /// The word was said.
    case right

    /// Something else was said: a word of the model, or nil for any other.
    case wrongWord(String?)

    /// Nobody spoke, or nobody said a word.
    case nobody

    /// How the table has it.
    var columns: (answer: String, word: String) {
        switch self {
        case .right: ("right", "")
        case .wrongWord(let word): ("wrong-word", word ?? "")
        case .nobody: ("nobody", "")
        }
    }

    init?(_ answer: String, word: String) {
        switch answer {
        case "right": self = .right
        case "wrong-word": self = .wrongWord(word.isEmpty ? nil : word)
        case "nobody": self = .nobody
        default: return nil
        }
    }
}

/// The answers to kept moments: a table of tab-separated text beside them, to which lines are only ever added.
///
/// Each answer is on the disk before the next moment is asked for, so that nothing is lost however a review ends. The last
/// line of a moment counts; `undone` takes the answer back. A line that was cut by a loss of power is passed over.
package struct ReviewTable: Sendable {
    /// Its name within the folder of what was kept.
    package static let fileName = "review.tsv"

    private static let header = ["clip", "answer", "word", "time"]
    private static let undone = "undone"

    /// The most bytes that are read: some millions of answers.
    private static let byteLimit = 256 << 20

    /// What counts for each moment, by its name.
    package private(set) var answers: [String: ReviewAnswer] = [:]

    /// Lines that were passed over.
    package private(set) var unreadableCount = 0

    private let path: String
    private var endsWithinLine = false
    private var isEmpty = true

    /// Reads the table of a folder; there may be none yet.
    ///
    /// - Throws: ``ReviewError/badTable(path:reason:)``.
    package init(in folder: String) throws(ReviewError) {
        path = folder.pathOf(Self.fileName)
        guard fileExists(path) else { return }
        let text: TextLines
        do throws(TextFault) {
            text = try TextLines(contentsOf: path, limitBytes: Self.byteLimit)
        } catch {
            throw .badTable(path: path, reason: "\(error)")
        }
        guard let first = text.lines.first else { return }
        isEmpty = false
        guard first.text == Self.header.joined(separator: "\t") else {
            throw .badTable(
                path: path,
                reason: "expected the columns \(Self.header.joined(separator: ", ")), separated by tabs")
        }
        endsWithinLine = text.bytes.last != UInt8(ascii: "\n")
        for line in text.lines.dropFirst() {
            let fields = line.text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == Self.header.count else {
                unreadableCount += 1
                continue
            }
            if fields[1] == Self.undone {
                answers[fields[0]] = nil
            } else if let answer = ReviewAnswer(fields[1], word: fields[2]) {
                answers[fields[0]] = answer
            } else {
                unreadableCount += 1
            }
        }
    }

    /// Writes an answer down; nil takes back what was answered.
    ///
    /// - Throws: `FileError.unwritable`.
    package mutating func answer(
        _ clip: String, _ answer: ReviewAnswer?, at time: KeptTime = .now
    ) throws(FileError) {
        let (name, word) = answer?.columns ?? (Self.undone, "")
        var text = ""
        if isEmpty { text += Self.header.joined(separator: "\t") + "\n" }
        if endsWithinLine { text += "\n" }
        text += [clip, name, word, time.text].joined(separator: "\t") + "\n"
        // Several may review at a time.
        try appendToFile(Array(text.utf8), at: path)
        (isEmpty, endsWithinLine) = (false, false)
        answers[clip] = answer
    }
}
