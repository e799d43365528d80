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
