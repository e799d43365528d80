/// What a trainer reports while it works.
package enum TrainingEvent {
    /// A step is done: so many of the epoch's clips have been heard.
    case step(epoch: Int, clipsDone: Int, clipCount: Int, checkpoint: Checkpoint)

    /// An epoch is done; `newBest` holds the weights when no earlier epoch was better.
    case epoch(EpochSummary, newBest: TrainedWeights?, checkpoint: Checkpoint)

    /// Training was asked to stop, and does.
    case stopped(checkpoint: Checkpoint)

    /// Copies the state of the training, which costs some milliseconds; to be called before the report returns.
    package typealias Checkpoint = () -> TrainingState
}

/// How an epoch went.
public struct EpochSummary: Codable, Hashable, Sendable {
    /// Counted from 0.
    public let epoch: Int

    /// Mean loss over the epoch's clips, with augmentation, dropout and label smoothing, in nats.
    public let trainingLoss: Double

    /// Mean loss over the validation clips, in nats; that of training where there are none.
    public let validationLoss: Double

    /// Validation clips named correctly.
    public let validationCorrect: Int

    /// Validation clips.
    public let validationTotal: Int

    /// Whether so many correct clips could as well have been `mostCorrect` of another choice of clips: they are fewer by a standard
    /// error at most (Breiman and others, Classification and Regression Trees, 1984, section 3.4.3).
    func isAsGood(as mostCorrect: Int) -> Bool {
        let share = Double(mostCorrect) / Double(max(1, validationTotal))
        return Double(mostCorrect - validationCorrect) <= (Double(mostCorrect) * (1 - share)).squareRoot()
    }
}

/// Weights that training found.
package struct TrainedWeights: Sendable {
    /// Flat, as the network's `parameterLayout` says.
    package let parameters: [Float]

    /// The epoch after which they were taken.
    package let summary: EpochSummary

    /// Epochs trained so far, the later ones included that brought nothing better.
    package internal(set) var epochsTrained: Int
}
