internal import CVectorMath
import MynahNetwork

/// The rule by which a gradient moves the weights.
package enum OptimizerKind: String, Codable, Hashable, Sendable, CaseIterable {
    /// Adam with decoupled weight decay (Kingma and Ba, arXiv 1412.6980; Loshchilov and Hutter, arXiv 1711.05101).
    case adamW = "adamw"

    /// Stochastic gradient descent with momentum (Polyak, 1964).
    case sgd
}

/// An optimizer at work: its rule, and what it remembers of earlier gradients.
struct Optimizer {
    /// Decay of the running mean of the gradient, per step; the momentum of ``OptimizerKind/sgd``.
    static let meanDecay: Float = 0.9

    /// Decay of the running mean of the squared gradient, per step.
    static let squareDecay: Float = 0.999

    /// Keeps the step finite where the gradient has been zero.
    static let epsilon: Float = 1e-8

    /// How fast statistics (of batch normalization) follow their value in a batch.
    static let statisticShare: Float = 0.05

    private let kind: OptimizerKind
    private let weightDecay: Float
    private let layout: ParameterLayout

    /// What lasts from step to step, `[parameterCount]`: running mean or velocity of the gradient, and running mean of
    /// its square.
    private(set) var mean: [Float]
    private(set) var square: [Float]
    private(set) var stepCount = 0

    init(_ kind: OptimizerKind, weightDecay: Float, layout: ParameterLayout) {
        self.kind = kind
        self.weightDecay = weightDecay
        self.layout = layout
        mean = [Float](repeating: 0, count: layout.parameterCount)
        square = [Float](repeating: 0, count: kind == .adamW ? layout.parameterCount : 0)
    }

    /// Goes on from where an earlier optimizer of the same kind and layout was.
    mutating func restore(mean: [Float], square: [Float], stepCount: Int) {
        precondition(
            mean.count == self.mean.count && square.count == self.square.count,
            "an optimizer of \(mean.count) weights, expected \(self.mean.count)")
        self.mean = mean
        self.square = square
        self.stepCount = stepCount
    }

    /// Moves the weights one step against the gradient, and the statistics towards those of the batch.
    ///
    /// Weight decay acts on weights, not on biases.
    mutating func update(_ parameters: inout [Float], gradient: [Float], learningRate: Float) {
        precondition(
            parameters.count == mean.count && gradient.count == mean.count,
            "\(parameters.count) parameters and \(gradient.count) gradients, expected \(mean.count)")
        stepCount += 1
        let step = mynah_adamw_step(
            meanDecay: Self.meanDecay, squareDecay: Self.squareDecay,
            meanCorrection: 1 / (1 - power(Self.meanDecay, stepCount)),
            squareCorrection: 1 / (1 - power(Self.squareDecay, stepCount)), epsilon: Self.epsilon,
            learningRate: learningRate, weightDecay: 0)
        let (kind, weightDecay, layout) = (kind, weightDecay, layout)
        parameters.withUnsafeMutableBufferPointer { parameters in
            gradient.withUnsafeBufferPointer { gradient in
                mean.withUnsafeMutableBufferPointer { mean in
                    square.withUnsafeMutableBufferPointer { square in
                        guard let parameters = parameters.baseAddress, let gradient = gradient.baseAddress,
                            let mean = mean.baseAddress
                        else { return }
                        for entry in layout.entries {
                            let (start, count) = (entry.range.lowerBound, entry.range.count)
                            let decay = entry.role == .weight ? weightDecay : 0
                            switch (entry.role, kind) {
                            case (.statistic, _):
                                mynah_approach(
                                    parameters + start, gradient + start, Self.statisticShare, count)
                            case (_, .adamW):
                                guard let square = square.baseAddress else { return }
                                var step = step
                                step.weightDecay = decay
                                mynah_adamw(
                                    parameters + start, gradient + start, mean + start, square + start, count,
                                    step)
                            case (_, .sgd):
                                mynah_momentum(
                                    parameters + start, gradient + start, mean + start, count, learningRate,
                                    Self.meanDecay, decay)
                            }
                        }
                    }
                }
            }
        }
    }
}

private func power(_ base: Float, _ exponent: Int) -> Float {
    var (result, factor, remaining) = (Float(1), base, exponent)
    while remaining > 0 {
        if remaining & 1 == 1 { result *= factor }
        factor *= factor
        remaining >>= 1
    }
    return result
}
