import Glibc
import MynahBase
import MynahFeatures

/// Noise that is computed.
struct NoiseGenerator: Sendable {
    private let convolver: FourierConvolver
    private let pinkResponse: [Float]
    private let sampleCount: Int

    /// Prepares windows of a length.
    init(sampleCount: Int) {
        self.sampleCount = sampleCount
        // Kasdin, "Discrete simulation of colored noise and stochastic processes and 1/f^α power law noise generation",
        // Proceedings of the IEEE 83, 1995, equation 104, for α = 1. As long again as the window, so that its last
        // samples are as pink as those that a filter would give that had run forever, but for what lies below 1 Hz.
        var response: [Float] = [1]
        var value = 1.0
        for index in 1..<max(2, sampleCount) {
            value *= (Double(index) - 0.5) / Double(index)
            response.append(Float(value))
        }
        pinkResponse = response
        convolver = FourierConvolver(signalCount: 2 * sampleCount, responseCount: response.count)
    }

    /// A window of white noise of power 1.
    func white(using generator: inout SeededGenerator) -> [Float] {
        (0..<sampleCount).map { _ in Self.gaussian(using: &generator) }
    }

    /// A window of pink noise.
    func pink(using generator: inout SeededGenerator) -> [Float] {
        var samples = (0..<2 * sampleCount).map { _ in Self.gaussian(using: &generator) }
        convolver.convolve(&samples, with: pinkResponse)
        return Array(samples.suffix(sampleCount))
    }

    /// A normally distributed number of mean 0 and variance 1 (Box and Muller, 1958).
    private static func gaussian(using generator: inout SeededGenerator) -> Float {
        let (first, second) = (1 - Double(generator.uniform()), Double(generator.uniform()))
        return Float((-2 * log(first)).squareRoot() * cos(2 * .pi * second))
    }
}
