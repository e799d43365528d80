/// How far an analytic gradient lies from the numerical one, for one tensor.
package struct GradientError: Sendable {
    /// Name of the tensor.
    package let name: String

    /// `‖analytic − numerical‖ / (‖analytic‖ + ‖numerical‖)`, 0 for a perfect match.
    package let relative: Double
}

/// Compares an analytic gradient with central differences of fourth order,
/// `(8 (f(+h) − f(−h)) − (f(+2h) − f(−2h))) / 12h`, tensor by tensor.
///
/// The fourth order allows a step `h` large enough that the rounding of a single-precision loss does not matter.
///
/// - Parameters:
///   - parameters: flat values of all tensors.
///   - analytic: their gradient, in the same order.
///   - tensors: name and place of each tensor.
///   - sampleCount: at most so many elements of each tensor are compared, evenly spread.
///   - step: `h`.
///   - loss: the function.
/// - Returns: one error per tensor.
package func gradientErrors(
    parameters: [Float], analytic: [Float], tensors: [(name: String, range: Range<Int>)],
    sampleCount: Int = 60,
    step: Float = 0.02, loss: ([Float]) -> Double
) -> [GradientError] {
    tensors.map { tensor in
        var difference = 0.0
        var sizes = (analytic: 0.0, numerical: 0.0)
        for index in stride(
            from: tensor.range.lowerBound, to: tensor.range.upperBound,
            by: max(1, tensor.range.count / sampleCount))
        {
            func moved(_ steps: Float) -> Double {
                var changed = parameters
                changed[index] += steps * step
                return loss(changed)
            }
            let numerical = (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * Double(step))
            let own = Double(analytic[index])
            difference += (own - numerical) * (own - numerical)
            sizes.analytic += own * own
            sizes.numerical += numerical * numerical
        }
        let size = sizes.analytic.squareRoot() + sizes.numerical.squareRoot()
        return GradientError(name: tensor.name, relative: size == 0 ? 0 : difference.squareRoot() / size)
    }
}
