import CVectorMath
import Glibc
import Testing

/// The C kernels of the front end.
@Suite struct FrameArithmeticTests {
    @Test func logarithmIsWithinOneUnitInTheLastPlace() {
        var worst = 0.0
        for pattern in stride(
            from: Float.leastNormalMagnitude.bitPattern, to: Float.infinity.bitPattern, by: 10_007)
        {
            var value = Float(bitPattern: pattern)
            let exact = log(Double(value))
            mynah_log(&value, 1, 0, .leastNormalMagnitude, 1)
            worst = max(worst, abs(Double(value) - exact) / Double(Float(exact).ulp))
        }
        #expect(worst <= 1)
    }

    @Test func logarithmIsFiniteForAllValues() {
        var values: [Float] = [
            0, -0.0, -1, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
        ]
        mynah_log(&values, values.count, 0, 1e-6, 1)
        let floor = Float(log(Double(Float(1e-6))))
        #expect(values == [floor, floor, floor, floor, values[7], floor, floor, values[7]])
        #expect(abs(values[7] - 88.722839) < 1e-5)
    }

    @Test func logarithmsDoNotDependOnTheirNumber() {
        var generator = TestGenerator(seed: 8)
        let inputs = (0..<53).map { _ in exp(Float.random(in: -30...30, using: &generator)) }
        for count in 1...inputs.count {
            var together = Array(inputs.suffix(count))
            mynah_log(&together, count, 0.5, 1e-6, 4.3)
            for (index, input) in inputs.suffix(count).enumerated() {
                var alone = input
                mynah_log(&alone, 1, 0.5, 1e-6, 4.3)
                #expect(alone.bitPattern == together[index].bitPattern)
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4, 8, 9, 15, 16, 17, 33, 200, 256])
    func powerSpectrumMatchesTheDefinition(half: Int) {
        var generator = TestGenerator(seed: 9)
        let signal = generator.noise(count: 2 * half)
        let packed = (0..<half).flatMap { bin in
            let z = transform(half) { (Double(signal[2 * $0]), Double(signal[2 * $0 + 1])) }(bin)
            return [Float(z.0), Float(z.1)]
        }
        let angles = (0...half / 2).map { -Double.pi * Double($0) / Double(half) }
        var power = [Float](repeating: 0, count: half + 1)
        mynah_power_spectrum(
            &power, packed, angles.map { Float(cos($0)) }, angles.map { Float(sin($0)) }, half, 0.5)
        for bin in 0...half {
            let x = transform(2 * half) { (Double(signal[$0]), 0) }(bin)
            let expected = 0.5 * (x.0 * x.0 + x.1 * x.1)
            #expect(abs(Double(power[bin]) - expected) <= 1e-5 * Double(half), "bin \(bin)")
        }
    }

    /// The discrete Fourier transform by its definition.
    private func transform(
        _ length: Int, _ input: @escaping (Int) -> (Double, Double)
    ) -> (Int) -> (Double, Double) {
        { bin in
            (0..<length).reduce((0, 0)) { sum, index in
                let angle = -2 * Double.pi * Double(bin * index % length) / Double(length)
                let (real, imaginary) = input(index)
                return (
                    sum.0 + real * cos(angle) - imaginary * sin(angle),
                    sum.1 + real * sin(angle) + imaginary * cos(angle)
                )
            }
        }
    }
}
