/// Exponential running mean of the weights over the steps (Polyak and Juditsky, 1992).
///
/// The mean forgets faster in the beginning, so that the random initial weights leave no trace.
struct WeightAverage {
    /// Share of the mean that remains after one step; 0 follows the weights themselves.
    let decay: Float

    /// The averaged weights, `[parameterCount]`.
    private(set) var parameters: [Float]

    private var stepCount = 0

    init(_ parameters: [Float], decay: Float) {
        self.parameters = parameters
        self.decay = decay
    }

    /// Takes the weights after a step into the mean.
    mutating func add(_ weights: [Float]) {
        stepCount += 1
        let remaining = min(decay, Float(stepCount) / Float(stepCount + 9))
        let share = decay == 0 ? 1 : 1 - remaining
        for index in parameters.indices {
            parameters[index] += share * (weights[index] - parameters[index])
        }
    }
}
