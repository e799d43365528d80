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

    @Test(arguments: [1, 2, 3, 4, 8, 9, 15, 16, 17, 31, 32, 33, 64, 200, 256])
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

    /// Widths around those that the kernel treats in one go, with more rows than one and an odd one at the end.
    @Test(arguments: [8, 16, 24, 40, 48, 80, 88])
    func rowsTimesMatrixMatchesTheDefinition(columns: Int) {
        let (terms, stride) = (37, 41)
        var generator = TestGenerator(seed: 10)
        let matrix = generator.noise(count: terms * columns)
        let inputs = generator.noise(count: 5 * stride)
        for rows in 1...5 {
            var products = [Float](repeating: .nan, count: rows * columns)
            mynah_rows_times_matrix(&products, inputs, matrix, rows, stride, terms, columns)
            for row in 0..<rows {
                var alone = [Float](repeating: .nan, count: columns)
                mynah_rows_times_matrix(
                    &alone, Array(inputs[(row * stride)...]), matrix, 1, stride, terms, columns)
                #expect(alone[...] == products[row * columns..<(row + 1) * columns], "row \(row) of \(rows)")
                for column in 0..<columns {
                    let expected = (0..<terms).reduce(0.0) {
                        $0 + Double(inputs[row * stride + $1]) * Double(matrix[$1 * columns + column])
                    }
                    #expect(abs(Double(alone[column]) - expected) <= 1e-5)
                }
            }
        }
    }

    @Test func bandSumsMatchTheDefinition() {
        var generator = TestGenerator(seed: 11)
        let steps: [Int32] = [1, 0, 3]
        let firstBins: [Int32] = (0..<24).map { $0 < 8 ? $0 : 2 * $0 }
        let spectrum = generator.noise(count: 100)
        let weights = generator.noise(count: 64 * steps.reduce(0) { $0 + Int($1) })
        var sums = [Float](repeating: .nan, count: 24)
        mynah_band_sums(&sums, spectrum, weights, firstBins, steps, steps.count)
        for band in 0..<24 {
            let group = band / 8
            let groupStart = 64 * steps[..<group].reduce(0) { $0 + Int($1) }
            let expected = (0..<8 * Int(steps[group])).reduce(0.0) { sum, bin in
                let weight = weights[groupStart + 64 * (bin / 8) + 8 * (band % 8) + bin % 8]
                return sum + Double(weight) * Double(spectrum[Int(firstBins[band]) + bin])
            }
            #expect(abs(Double(sums[band]) - expected) <= 1e-5, "band \(band)")
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
