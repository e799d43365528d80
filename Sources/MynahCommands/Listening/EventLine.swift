import MynahBase
import MynahRecognition

/// One line of `mynah listen --json`.
struct EventLine: Encodable {
    /// The word that was heard.
    let word: String

    /// When its smoothed probability reached the threshold, in seconds of sound since the start.
    let start: Double

    /// When it was sure enough to be told, in seconds of sound since the start.
    let end: Double

    /// The highest smoothed probability between the two, `0 ... 1`.
    let confidence: Float

    init(_ detection: Detection) {
        word = detection.label
        start = (detection.start * 1e6).rounded() / 1e6
        end = (detection.end * 1e6).rounded() / 1e6
        confidence = detection.confidence
    }

    /// The same for people.
    var text: String {
        "\(NumberText.fixed(end, decimals: 2)) s: \(word.printable) \(NumberText.percent(Double(confidence)))"
    }
}
