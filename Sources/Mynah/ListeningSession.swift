import MynahBase
package import MynahCapture
import MynahModel
package import MynahRecognition

/// A sound and the recognizer that follows it, block by block: what `Detections` and `mynah listen` have in common.
package struct ListeningSession: ~Copyable {
    /// The word that is the most probable at the moment, whether or not it counts.
    package struct Leader: Sendable {
        /// Its label.
        package let word: String

        /// Its posterior at the last decision, `0 ... 1`.
        package let probability: Float
    }

    /// The sound: what was lost of it, and the recording of it.
    package var sound: ListeningSound

    /// The samples that came last, at the model's rate.
    package private(set) var block: [Float] = []

    /// Nil before the first decision.
    package var leader: Leader? {
        leading.map { Leader(word: recognizer.model.labels[$0.label], probability: $0.probability) }
    }

    /// When a word began that may be detected soon, in seconds of sound; nil where there is none.
    package var pendingStart: Double? { recognizer.pendingStart }

    private let recognizer: StreamingRecognizer

    /// The labels that are words, and the first of them at the last decision.
    private let words: [Int]
    private var leading: (label: Int, probability: Float)?

    /// Prepares to follow a sound at the rate of the recognizer's model, from its start.
    package init(_ sound: consuming ListeningSound, recognizer: StreamingRecognizer) {
        let model = recognizer.model
        precondition(
            sound.sampleRate == model.sampleRate,
            "a sound at \(sound.sampleRate) Hz, a model for \(model.sampleRate) Hz")
        self.sound = consume sound
        self.recognizer = recognizer
        words = model.labels.indices.filter { StandardLabel.isWord(model.labels[$0]) }
    }

    /// Reads what comes next, and follows it.
    ///
    /// - Parameters:
    ///   - detections: replaced by the words that became sure in it, possibly none.
    ///   - onAverage: called for each word at each decision: its label, its posterior averaged as thresholds have it, and the time,
    ///     in seconds of sound.
    /// - Throws: ``ListeningError`` when the sound cannot be read further.
    package mutating func hear(
        _ detections: inout [Detection],
        onAverage: (_ label: Int, _ average: Float, _ time: Double) -> Void = { _, _, _ in }
    ) throws(ListeningError) -> ListeningSound.Progress {
        detections.removeAll(keepingCapacity: true)
        let progress = try sound.read(into: &block)
        let words = words
        var leading = leading
        recognizer.push(
            block.span,
            onPosteriors: { time, posteriors in
                for label in words { onAverage(label, recognizer.smoothedPosterior(of: label), time) }
                guard let best = words.indexOfLargest(by: { posteriors[$0] }) else { return }
                leading = (best, posteriors[best])
            },
            onDetection: { detections.append($0) })
        if progress == .end { recognizer.finish(onDetection: { detections.append($0) }) }
        self.leading = leading
        return progress
    }
}
