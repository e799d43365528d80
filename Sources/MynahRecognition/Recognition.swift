import MynahBase

/// What a recognizer heard in a clip.
public struct Recognition: Sendable, Equatable {
    /// A label and its posterior probability.
    public struct Candidate: Sendable, Equatable {
        /// One of the model's labels.
        public let label: String

        /// `0 ... 1`.
        public let probability: Float
    }

    /// The model's labels, `[C]`.
    public let labels: [String]

    /// Posterior probability of each label, `[C]`, of sum 1.
    public let posteriors: [Float]

    /// Where in the clip the window begins that decided, in seconds; 0 unless the clip is longer than the window.
    public let windowStart: Double

    /// Length of the clip, in seconds.
    public let duration: Double

    /// Wraps a result; traps unless there is one posterior per label.
    package init(labels: [String], posteriors: [Float], windowStart: Double, duration: Double) {
        precondition(
            labels.count == posteriors.count && !labels.isEmpty,
            "\(posteriors.count) posteriors for \(labels.count) labels")
        self.labels = labels
        self.posteriors = posteriors
        self.windowStart = windowStart
        self.duration = duration
    }

    /// The most probable labels, most probable first; of equals the one that comes first among the labels.
    ///
    /// - Parameter count: how many, 0 or more; traps otherwise. There are never more than ``labels``.
    public func top(_ count: Int) -> [Candidate] {
        posteriors.indices
            .sorted { (posteriors[$1], $0) < (posteriors[$0], $1) }
            .prefix(count)
            .map { Candidate(label: labels[$0], probability: posteriors[$0]) }
    }

    /// The most probable label.
    public var best: Candidate { Candidate(label: labels[bestIndex], probability: posteriors[bestIndex]) }

    /// Index of the most probable label; of equals, the first one.
    package var bestIndex: Int { posteriors.indexOfLargest ?? 0 }
}
