/// What of a folder is not used, and why, one line each, safe to print.
///
/// A folder may hold any number of such entries: the first ones are kept, and the others counted.
package struct PassedOver: Codable, Hashable, Sendable {
    /// Lines that are kept at most.
    package static let limit = 200

    /// How many there are, with those that have no line.
    package private(set) var count = 0

    /// The first ones.
    package private(set) var lines: [String] = []

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
