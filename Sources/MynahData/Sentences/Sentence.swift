/// One recording of a transcribed folder: what is said in it, and by whom.
package struct Sentence: Hashable, Sendable {
    /// Where the file lies.
    package let path: String

    /// Its place inside its folder, free of where that lies.
    package let name: String

    /// Who speaks.
    package let speaker: String

    /// What is said, as ``TranscriptText`` has it.
    package let text: String

    /// Size of the file, in bytes.
    package let byteCount: Int

    /// The longest sentence that is used, in seconds.
    package static let maximumSeconds = 35.0
}

/// What of a folder is not used, and why, one line each, safe to print.
///
/// A folder may hold any number of such entries: the first ones are kept, and the others counted.
package struct PassedOver: Sendable {
    /// Lines that are kept at most.
    package static let limit = 200

    /// The first ones.
    package private(set) var lines: [String] = []

    /// All of them.
    package private(set) var count = 0

    package init() {}

    package mutating func add(_ line: String) {
        count += 1
        if lines.count < Self.limit { lines.append(line) }
    }

    package mutating func add(_ other: PassedOver) {
        let kept = other.lines.prefix(Self.limit - lines.count)
        lines += kept
        count += other.count
    }

    /// The first `limit` lines, and one for the others.
    package func told(limit: Int) -> [String] {
        let shown = Array(lines.prefix(limit))
        let rest = count - shown.count
        return rest == 0 ? shown : shown + ["… and \(rest) more"]
    }
}
