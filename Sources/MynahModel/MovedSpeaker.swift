internal import MynahBase

/// A speaker who is in another split than the hash of the name says; kept in a model, so that nobody whom it has learnt from is
/// ever taken for a stranger.
package struct MovedSpeaker: Codable, Hashable, Sendable {
    /// The name.
    package let speaker: String

    /// `training`, `validation` or `testing`.
    package let split: String

    /// The longest name, in bytes.
    package static let maximumByteCount = 256

    /// Wraps the values.
    package init(speaker: String, split: String) {
        self.speaker = speaker
        self.split = split
    }

    /// Whether it can be printed, and names a split.
    var isSound: Bool {
        ["training", "validation", "testing"].contains(split) && speaker.escapingUndecodedBytes.isPrintable
            && (1...Self.maximumByteCount).contains(speaker.utf8.count)
    }
}
