/// What was heard in a clip, as `mynah recognize --json` and the server tell of it.
package struct RecognitionLine: Encodable, Sendable {
    /// A label and its posterior probability.
    package struct Candidate: Encodable, Sendable {
        /// One of the model's labels.
        package let label: String

        /// `0 ... 1`.
        package let probability: Float
    }

    /// As it was given.
    package let file: String

    /// The most probable label.
    package let label: String

    /// Its posterior probability, `0 ... 1`.
    package let probability: Float

    /// The most probable labels, most probable first.
    package let top: [Candidate]

    /// Seconds that reading and recognizing took.
    package let seconds: Double

    /// How much of the clip was heard, and whether that was enough before its end; nil unless an early decision was asked for.
    package let heardMilliseconds: Double?
    package let early: Bool?

    /// Tells of a recognition.
    ///
    /// - Parameters:
    ///   - file: the name of the sound.
    ///   - top: how many labels to name, at least 1; traps otherwise.
    ///   - seconds: what reading and recognizing took.
    ///   - isEarly: whether the clip was left before its end; nil unless that was asked for.
    package init(
        _ recognition: Recognition, of file: String, top: Int, seconds: Double, isEarly: Bool? = nil
    ) {
        precondition(top >= 1, "the \(top) most probable labels")
        let candidates = recognition.top(top)
        self.file = file
        label = candidates[0].label
        probability = candidates[0].probability
        self.top = candidates.map { Candidate(label: $0.label, probability: $0.probability) }
        self.seconds = seconds
        heardMilliseconds = isEarly == nil ? nil : (1e6 * recognition.duration).rounded() / 1e3
        early = isEarly
    }
}
