/// A word that was found in a stream.
public struct Detection: Sendable, Hashable {
    /// The word, one of the labels of the model.
    public let label: String

    /// Its index among the labels of the model.
    package let labelIndex: Int

    /// When the word's smoothed posterior reached its threshold, in seconds of audio since the stream began.
    public let start: Double

    /// When the word was sure enough to be reported, in seconds of audio since the stream began; at least ``start``.
    public let end: Double

    /// The highest smoothed posterior between the two, `0 ... 1`.
    public let confidence: Float

    /// Wraps a result.
    package init(label: String, labelIndex: Int, start: Double, end: Double, confidence: Float) {
        self.label = label
        self.labelIndex = labelIndex
        self.start = start
        self.end = end
        self.confidence = confidence
    }
}
