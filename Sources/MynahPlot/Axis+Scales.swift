internal import Glibc

extension Axis {
    /// An axis of probabilities on which normal deviates are evenly spaced: that of DET curves.
    ///
    /// Place a probability with `probit(_:)`. Source: Martin et al., "The DET curve in assessment of detection task
    /// performance", Eurospeech 1997.
    ///
    /// - Parameter range: Probabilities, above 0 and below 1.
    package static func probit(label: String, range: ClosedRange<Double>) -> Axis {
        let marks: [(Double, String)] = [
            (0.001, "0.1 %"), (0.002, "0.2 %"), (0.005, "0.5 %"), (0.01, "1 %"), (0.02, "2 %"), (0.05, "5 %"),
            (0.1, "10 %"), (0.2, "20 %"), (0.4, "40 %"), (0.6, "60 %"), (0.8, "80 %"), (0.9, "90 %"),
            (0.95, "95 %"), (0.99, "99 %"),
        ]
        return Axis(
            label: label, range: probit(range.lowerBound)...probit(range.upperBound),
            ticks: marks.map { .init(position: probit($0.0), label: $0.1) })
    }

    /// An axis of positive numbers on which equal ratios are equally far apart; place a number with its `log10`.
    ///
    /// - Parameter range: Numbers above 0.
    package static func logarithmic(label: String, range: ClosedRange<Double>) -> Axis {
        precondition(range.lowerBound > 0, "\(range.lowerBound) on a logarithmic axis")
        let decades = Int(floor(log10(range.lowerBound)))...Int(ceil(log10(range.upperBound)))
        return Axis(
            label: label, range: log10(range.lowerBound)...log10(range.upperBound),
            ticks: decades.map { exponent in
                let name =
                    exponent >= 0
                    ? "1" + String(repeating: "0", count: exponent)
                    : "0." + String(repeating: "0", count: -exponent - 1) + "1"
                return Tick(position: Double(exponent), label: name)
            })
    }

    /// The normal deviate below which a share of `probability` lies, Φ⁻¹, for 0 < `probability` < 1.
    ///
    /// By bisection of Φ(x) = erfc(−x/√2) / 2, to the last bit.
    package static func probit(_ probability: Double) -> Double {
        precondition(probability > 0 && probability < 1, "the probit of \(probability) is undefined")
        var (lower, upper) = (-40.0, 40.0)
        while true {
            let middle = (lower + upper) / 2
            guard lower < middle, middle < upper else { return middle }
            if erfc(-middle / 2.0.squareRoot()) / 2 < probability { lower = middle } else { upper = middle }
        }
    }
}
