/// When a stream of posteriors counts as a spoken word: smoothing, thresholds and times, all in audio time.
///
/// Thresholds are worth something only together with the smoothing and the network that they were chosen with, so a
/// model file holds all of them.
public struct DetectionSettings: Codable, Hashable, Sendable {
    /// Over how much audio posteriors are averaged, in seconds, `0 ... 5`; one frame at least.
    public var smoothingSeconds: Double

    /// How long a word's smoothed posterior must stay at its threshold or above, in seconds, `0 ... 5`.
    public var minimumSeconds: Double

    /// How long after a detection no other one is made, in seconds, `0 ... 60`.
    public var refractorySeconds: Double

    /// The threshold of words that have none of their own, above 0 and up to 1.
    public var threshold: Float

    /// Thresholds of single words, above 0 and up to 1.
    public var thresholds: [String: Float]

    /// Settings with the given values; those that are left out are Mynah's own.
    public init(
        smoothingSeconds: Double = 0.1, minimumSeconds: Double = 0.3, refractorySeconds: Double = 0.5,
        threshold: Float = 0.7, thresholds: [String: Float] = [:]
    ) {
        self.smoothingSeconds = smoothingSeconds
        self.minimumSeconds = minimumSeconds
        self.refractorySeconds = refractorySeconds
        self.threshold = threshold
        self.thresholds = thresholds
    }

    /// The threshold of a word.
    public func threshold(of word: String) -> Float { thresholds[word] ?? threshold }

    /// What is out of range, in one line, or which threshold belongs to no word of `labels`; nil if all is well.
    public func fault(labels: [String]) -> String? {
        for (name, value, limit) in [
            ("smoothingSeconds", smoothingSeconds, 5.0), ("minimumSeconds", minimumSeconds, 5.0),
            ("refractorySeconds", refractorySeconds, 60.0),
        ] where !(0...limit).contains(value) {
            return "\(name) is \(value), expected 0 to \(Int(limit))"
        }
        if !(threshold > 0 && threshold <= 1) {
            return "threshold is \(threshold), expected more than 0 and at most 1"
        }
        for (word, value) in thresholds.sorted(by: { $0.key < $1.key }) {
            guard labels.contains(word), StandardLabel.isWord(word) else {
                return "a threshold for '\(word)', which is no word of the model"
            }
            guard value > 0 && value <= 1 else {
                return "the threshold of '\(word)' is \(value), expected more than 0 and at most 1"
            }
        }
        return nil
    }
}
