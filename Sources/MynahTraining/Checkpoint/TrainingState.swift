/// Where a training is: all that a later run needs to go on as if there had been no interruption.
package struct TrainingState: Sendable {
    /// The epoch that is being trained, counted from 0.
    package internal(set) var epoch = 0

    /// Clips of that epoch that have been learnt from.
    package internal(set) var clipsDone = 0

    /// Steps in all.
    package internal(set) var stepCount = 0

    /// The best weights so far.
    package internal(set) var best: TrainedWeights?

    /// The most validation clips that an epoch has named correctly.
    package internal(set) var mostCorrect = 0

    /// Losses of the clips of this epoch, summed.
    var loss = 0.0

    /// `[parameterCount]`: the weights, their running mean, and the running mean (and square) of the gradient.
    var parameters: [Float]
    var average: [Float]
    var gradientMean: [Float]
    var gradientSquare: [Float]

    /// The states that the next batch may go on from, for each shard; empty before the first batch.
    var carried: [CarriedState] = []

    /// The beginning.
    init(parameters: [Float], isAdaptive: Bool) {
        self.parameters = parameters
        average = parameters
        gradientMean = [Float](repeating: 0, count: parameters.count)
        gradientSquare = isAdaptive ? gradientMean : []
    }

    /// Whether there was no better epoch for so long that training ends.
    func isExhausted(patience: Int) -> Bool {
        guard let best, clipsDone == 0 else { return false }
        return epoch - 1 - best.summary.epoch >= patience
    }

    /// Goes on to the next epoch; returns whether this one was the best so far.
    ///
    /// The best one has the lowest loss of those that name as many clips correctly as any, but for chance: of a hundred clips
    /// two or three more say little, and the loss counts how sure the network is of each. Without any to judge by it is the last.
    mutating func finishEpoch(_ summary: EpochSummary, parameters: [Float]) -> Bool {
        mostCorrect = max(mostCorrect, summary.validationCorrect)
        let isBest =
            if let best = best?.summary, summary.validationTotal > 0 {
                summary.isAsGood(as: mostCorrect)
                    && (summary.validationLoss < best.validationLoss || !best.isAsGood(as: mostCorrect))
            } else {
                true
            }
        if isBest {
            best = TrainedWeights(parameters: parameters, summary: summary, epochsTrained: epoch + 1)
        }
        best?.epochsTrained = epoch + 1
        epoch += 1
        clipsDone = 0
        loss = 0
        return isBest
    }
}
