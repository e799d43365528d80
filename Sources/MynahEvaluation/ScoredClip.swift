import MynahBase

/// A clip with the label it has and the probabilities that a model gave it.
package struct ScoredClip: Codable, Hashable, Sendable {
    /// Where the clip lies, as the report shall name it.
    package var path: String

    /// Who speaks, or nil where nobody does or where it is not known.
    package var speaker: String?

    /// The index of the true label, in `0 ..< C`.
    package var label: Int

    /// The probability of each label, `[C]`, each in `0 ... 1`, summing to 1.
    package var posteriors: [Float]

    /// Processor time that the model took, features included, in seconds.
    package var processingSeconds: Double

    /// Length of the audio, in seconds.
    package var audioSeconds: Double

    /// A clip scored by a model; `ClosedSetEvaluation` checks its values.
    package init(
        path: String,
        speaker: String?,
        label: Int,
        posteriors: [Float],
        processingSeconds: Double,
        audioSeconds: Double
    ) {
        self.path = path
        self.speaker = speaker
        self.label = label
        self.posteriors = posteriors
        self.processingSeconds = processingSeconds
        self.audioSeconds = audioSeconds
    }

    /// The index of the most probable label; of equally probable ones the lowest.
    ///
    /// `posteriors` must not be empty.
    package var heard: Int { posteriors.indexOfLargest ?? 0 }

    /// Whether the most probable label is the true one.
    package var isCorrect: Bool {
        heard == label
    }

    /// The same clip in another order of labels: label `i` of the result is label `places[i]` here.
    package func reordered(by places: [Int]) -> ScoredClip {
        precondition(
            Set(places) == Set(posteriors.indices), "\(places) is no order of \(posteriors.count) labels")
        var clip = self
        clip.posteriors = places.map { posteriors[$0] }
        clip.label = places.firstIndex(of: label) ?? label
        return clip
    }

    /// Checks the clip against a model's labels: programming errors trap, values that a model computed throw.
    func validate(labels: [String]) throws(EvaluationError) {
        precondition(
            posteriors.count == labels.count,
            "\(path): \(posteriors.count) posteriors for \(labels.count) labels")
        precondition(labels.indices.contains(label), "\(path): label \(label) of \(labels.count)")
        precondition(
            processingSeconds.isFinite && processingSeconds >= 0 && audioSeconds.isFinite
                && audioSeconds >= 0,
            "\(path): \(audioSeconds) s of audio processed in \(processingSeconds) s")
        for (name, posterior) in zip(labels, posteriors) where !(0...1).contains(posterior) {
            throw .invalidPosterior(path: path, label: name, value: posterior)
        }
        let sum = posteriors.reduce(0, +)
        guard abs(sum - 1) <= 1e-3 else { throw .posteriorsNotNormalized(path: path, sum: sum) }
    }
}
