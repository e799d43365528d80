extension SeededGenerator {
    /// A number drawn uniformly from `0 ..< bound`.
    ///
    /// The standard library does not promise that its own `random(in:using:)` stays the same from version to version.
    package mutating func index(below bound: Int) -> Int {
        precondition(bound > 0, "bound must be positive, got \(bound)")
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number drawn uniformly from `-limit ... limit`.
    package mutating func symmetric(_ limit: Float) -> Float {
        (2 * uniform() - 1) * limit
    }

    /// Puts the elements into a random order (Fisher and Yates).
    package mutating func shuffle<Element>(_ elements: inout [Element]) {
        for last in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(last, index(below: last + 1))
        }
    }
}
