internal import Glibc

/// Linear warm-up from zero, then half a cosine down to zero (Loshchilov and Hutter, arXiv 1608.03983).
struct LearningRateSchedule {
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
        let progress = Double(step - warmUpStepCount) / Double(max(1, stepCount - warmUpStepCount))
        return peak * Float(0.5 * (1 + cos(Double.pi * min(1, progress))))
    }
}
