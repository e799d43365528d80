/// Adam with decoupled weight decay (Kingma and Ba, arXiv 1412.6980; Loshchilov and Hutter, arXiv 1711.05101).
struct AdamW {
    /// Decay of the running mean of the gradient, per step.
    static let meanDecay: Float = 0.9

    /// Decay of the running mean of the squared gradient, per step.
    static let squareDecay: Float = 0.999

    /// Keeps the step finite where the gradient has been zero.
    static let epsilon: Float = 1e-8

    /// Share of each decayed weight that is taken away per step, times the learning rate.
    let weightDecay: Float

    /// `[parameterCount]`: 1 where weight decay acts (matrices), 0 where it does not (biases).
    private let decayMask: [Float]

    private var mean: [Float]
    private var square: [Float]
    private var stepCount = 0

    init(weightDecay: Float, decayMask: [Float]) {
        self.weightDecay = weightDecay
        self.decayMask = decayMask
        mean = [Float](repeating: 0, count: decayMask.count)
        square = [Float](repeating: 0, count: decayMask.count)
    }

    /// Moves the parameters one step against the gradient.
    mutating func update(_ parameters: inout [Float], gradient: [Float], learningRate: Float) {
        precondition(
            parameters.count == mean.count && gradient.count == mean.count,
            "\(parameters.count) parameters and \(gradient.count) gradients, expected \(mean.count)")
        stepCount += 1
        let meanCorrection = 1 / (1 - Self.power(Self.meanDecay, stepCount))
        let squareCorrection = 1 / (1 - Self.power(Self.squareDecay, stepCount))
        for index in parameters.indices {
            let slope = gradient[index]
            mean[index] = Self.meanDecay * mean[index] + (1 - Self.meanDecay) * slope
            square[index] = Self.squareDecay * square[index] + (1 - Self.squareDecay) * slope * slope
            let step =
                mean[index] * meanCorrection
                / ((square[index] * squareCorrection).squareRoot() + Self.epsilon)
            parameters[index] -= learningRate * (step + weightDecay * decayMask[index] * parameters[index])
        }
    }

    private static func power(_ base: Float, _ exponent: Int) -> Float {
        var (result, factor, remaining) = (Float(1), base, exponent)
        while remaining > 0 {
            if remaining & 1 == 1 { result *= factor }
            factor *= factor
            remaining >>= 1
        }
        return result
    }
}
