/// What the model heard in one clip, for lists of clips worth listening to.
public struct ClipOutcome: Codable, Hashable, Sendable {
    /// Where the clip lies.
    public let path: String

    /// Who speaks, or nil where it is not known.
    public let speaker: String?

    /// The true label.
    public let label: String

    /// The most probable label.
    public let heard: String

    /// The probability of `heard`, in `0 ... 1`.
    public let confidence: Float

    /// The probability of `label`, in `0 ... 1`.
    public let labelProbability: Float

    init(_ clip: ScoredClip, labels: [String]) {
        path = clip.path
        speaker = clip.speaker
        label = labels[clip.label]
        heard = labels[clip.heard]
        confidence = clip.posteriors[clip.heard]
        labelProbability = clip.posteriors[clip.label]
    }
}
