import MynahBase
import MynahModel

/// Which of several answers about one clip counts.
///
/// It is that of the moment at which the network is surest of a command; where it hears none, of `_unknown_`; and else of
/// `_silence_`. Of equals, the first.
struct SurestAnswer {
    private let labels: [String]

    /// What counts, `[C]`; nil as long as nothing was said.
    private(set) var posteriors: [Float]?
    private var best: (rank: Int, probability: Float)?

    init(labels: [String]) {
        self.labels = labels
    }

    /// Takes what the network says at a further moment, `[C]`.
    ///
    /// - Returns: whether that counts more than all before it.
    @discardableResult mutating func consider(_ posteriors: [Float]) -> Bool {
        guard let top = posteriors.indexOfLargest else { return false }
        let rank =
            switch labels[top] {
            case StandardLabel.silence: 0
            case StandardLabel.unknown: 1
            default: 2
            }
        if let best, (best.rank, best.probability) >= (rank, posteriors[top]) { return false }
        best = (rank, posteriors[top])
        self.posteriors = posteriors
        return true
    }
}
