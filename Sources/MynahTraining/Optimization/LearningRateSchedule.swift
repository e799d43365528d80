internal import Glibc

/// How the learning rate falls after the warm-up.
package enum ScheduleShape: String, Codable, Hashable, Sendable, CaseIterable {
    /// Along half a cosine down to zero (Loshchilov and Hutter, arXiv 1608.03983).
    case cosine

    /// In three steps, to 0.4 of what it was after 40, 60 and 80 % of the training.
    case step
}

/// Linear warm-up from zero, then a fall of a ``ScheduleShape``.
struct LearningRateSchedule {
    /// The fall.
    let shape: ScheduleShape

    /// The highest learning rate, at the end of the warm-up.
    let peak: Float

    /// Steps of the warm-up.
    let warmUpStepCount: Int

    /// Steps in all.
    let stepCount: Int

    /// The learning rate of a step, counted from 0.
    func learningRate(step: Int) -> Float {
        if step < warmUpStepCount {
            return peak * Float(step + 1) / Float(warmUpStepCount)
        }
        let progress = min(1, Double(step - warmUpStepCount) / Double(max(1, stepCount - warmUpStepCount)))
        switch shape {
        case .cosine: return peak * Float(0.5 * (1 + cos(Double.pi * progress)))
        case .step: return peak * [0.4, 0.6, 0.8].reduce(1) { progress >= $1 ? 0.4 * $0 : $0 }
        }
    }
}
