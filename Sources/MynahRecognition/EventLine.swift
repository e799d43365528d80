import MynahBase

/// A word that was found in a stream, as `mynah listen --json` and the server tell of it.
package struct EventLine: Encodable, Sendable {
    /// The word that was heard.
    package let word: String

    /// When its smoothed probability reached the threshold, in seconds of sound since the start.
    package let start: Double

    /// When it was sure enough to be told, in seconds of sound since the start.
    package let end: Double

    /// The highest smoothed probability between the two, `0 ... 1`.
    package let confidence: Float

    /// Rounds the times to millionths of a second.
    package init(_ detection: Detection) {
        word = detection.label
        start = (detection.start * 1e6).rounded() / 1e6
        end = (detection.end * 1e6).rounded() / 1e6
        confidence = detection.confidence
    }

    /// The same for people.
    package var text: String {
        "\(NumberText.fixed(end, decimals: 2)) s: \(word.printable) \(NumberText.percent(Double(confidence)))"
    }
}
