import Glibc

/// One axis of a chart: what it measures, from where to where, and where it is marked.
package struct Axis: Hashable, Sendable {
    /// A mark on an axis.
    package struct Tick: Hashable, Sendable {
        /// Where it is, in the units of the axis.
        package var position: Double

        /// What is written beside it.
        package var label: String

        /// Wraps position and label.
        package init(position: Double, label: String) {
            self.position = position
            self.label = label
        }
    }

    /// What is measured, with its unit, such as `time (s)`.
    package var label: String

    /// The values at both ends.
    package var range: ClosedRange<Double>

    /// The marks, in rising order; those outside the range, or too near to the one before, are not drawn.
    package var ticks: [Tick]

    /// An axis with marks of one's own, for instance where its positions are a function of what is measured.
    ///
    /// A range of no width is widened.
    package init(label: String, range: ClosedRange<Double>, ticks: [Tick]) {
        self.label = label
        self.range = range.nonEmpty
        self.ticks = ticks
    }

    /// An axis with marks at round numbers, about `tickCount` of them, at least 2.
    package init(label: String, range: ClosedRange<Double>, tickCount: Int) {
        self.init(label: label, range: range, ticks: [])
        ticks = Self.roundTicks(in: self.range, count: tickCount)
    }

    /// Marks at the multiples of 1, 2 or 5 times a power of ten, the smallest that gives at most `count` steps.
    ///
    /// Heckbert, “Nice numbers for graph labels”, *Graphics Gems*, 1990.
    static func roundTicks(in range: ClosedRange<Double>, count: Int) -> [Tick] {
        let roughStep = (range.upperBound - range.lowerBound) / Double(max(2, count))
        var exponent = Int(floor(log10(roughStep)))
        var digit = 1
        // Written so that rounding of the quotient cannot choose the next larger step.
        while Double(digit) * power(exponent) < roughStep * (1 - 1e-9) {
            switch digit {
            case 1: digit = 2
            case 2: digit = 5
            default: (digit, exponent) = (1, exponent + 1)
            }
        }
        let step = Double(digit) * power(exponent)
        let slack = 1e-9 * (range.upperBound - range.lowerBound)
        let first = ((range.lowerBound - slack) / step).rounded(.up)
        let last = ((range.upperBound + slack) / step).rounded(.down)
        guard last >= first, abs(first) < 1e15, abs(last) < 1e15 else { return [] }
        return (Int(first)...Int(last)).map { multiple in
            Tick(position: Double(multiple) * step, label: label(multiple * digit, exponent: exponent))
        }
    }

    /// The number `multiple · 10^exponent` in full, with a minus sign that is as wide as a digit.
    private static func label(_ multiple: Int, exponent: Int) -> String {
        guard multiple != 0 else { return "0" }
        guard (-6...6).contains(exponent) else { return "\(Double(multiple) * power(exponent))" }
        let sign = multiple < 0 ? "−" : ""
        var digits = String(multiple.magnitude)
        if exponent >= 0 { return sign + digits + String(repeating: "0", count: exponent) }
        digits = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + digits
        return "\(sign)\(digits.dropLast(-exponent)).\(digits.suffix(-exponent))"
    }

    private static func power(_ exponent: Int) -> Double {
        // A quotient of whole numbers is exact to the last bit, a negative power is not.
        exponent < 0 ? 1 / pow(10, Double(-exponent)) : pow(10, Double(exponent))
    }

    /// Where a value lies between the ends, from 0 to 1.
    func share(_ value: Double) -> Double {
        (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }
}

extension ClosedRange<Double> {
    /// This range, or one around it that has a width.
    var nonEmpty: ClosedRange<Double> {
        let width = upperBound - lowerBound
        if width > 1e-9 * Swift.max(abs(lowerBound), abs(upperBound), 1e-12) { return self }
        let margin = Swift.max(abs(lowerBound), 1) / 2
        return lowerBound - margin...upperBound + margin
    }
}

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
