internal import CVectorMath

/// Exponential running mean of the weights over the steps (Polyak and Juditsky, 1992).
///
/// The mean forgets faster in the beginning, so that the random initial weights leave no trace.
struct WeightAverage {
    /// Share of the mean that remains after one step; 0 follows the weights themselves.
    let decay: Float

    /// The averaged weights, `[parameterCount]`.
    private(set) var parameters: [Float]

    /// Weights taken in so far.
    private(set) var stepCount: Int

    init(_ parameters: [Float], decay: Float, stepCount: Int = 0) {
        self.parameters = parameters
        self.decay = decay
        self.stepCount = stepCount
    }

    /// Takes the weights after a step into the mean.
    mutating func add(_ weights: [Float]) {
        stepCount += 1
        let remaining = min(decay, Float(stepCount) / Float(stepCount + 9))
        let share = decay == 0 ? 1 : 1 - remaining
        parameters.withUnsafeMutableBufferPointer { mean in
            weights.withUnsafeBufferPointer { weights in
                guard let mean = mean.baseAddress, let values = weights.baseAddress else { return }
                mynah_approach(mean, values, share, weights.count)
            }
        }
    }
}
