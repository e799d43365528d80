import Glibc

extension Interval {
    /// The exact interval of the expected number of events, given that `count` events occurred.
    ///
    /// The limits are the means under which as many events or more, and as few or fewer, have probability 0.025.
    /// No event at all gives the upper limit −ln 0.025 ≈ 3.69. Divide by the hours of audio to get a rate per hour.
    /// Source: F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28, 1936.
    ///
    /// - Parameter count: Events, at least 0.
    /// - Returns: Limits of the expected number of events.
    package static func poisson(count: Int) -> Interval {
        precondition(count >= 0, "\(count) events")
        let k = Double(count)
        let reach = k + 10 + 10 * (k + 1).squareRoot()
        return Interval(
            lower: count == 0 ? 0 : root(in: 0...k) { poissonTail(atLeast: count, mean: $0) > tail },
            upper: root(in: k...reach) { poissonTail(atMost: count, mean: $0) < tail })
    }

    /// The point of `range` from which on `isBeyond` holds, to the last bit, by bisection.
    private static func root(in range: ClosedRange<Double>, isBeyond: (Double) -> Bool) -> Double {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while true {
            let middle = lower + (upper - lower) / 2
            guard lower < middle, middle < upper else { return middle }
            if isBeyond(middle) { upper = middle } else { lower = middle }
        }
    }

    // Both tails are summed away from the mode, so that the terms shrink and nothing cancels.

    /// P(N ≥ count) for count > mean.
    private static func poissonTail(atLeast count: Int, mean: Double) -> Double {
        var term = poissonProbability(count, mean: mean)
        var sum = term
        var events = Double(count)
        while term > sum * 0x1p-60 {
            events += 1
            term *= mean / events
            sum += term
        }
        return sum
    }

    /// P(N ≤ count) for count < mean.
    private static func poissonTail(atMost count: Int, mean: Double) -> Double {
        var term = poissonProbability(count, mean: mean)
        var sum = term
        var events = Double(count)
        while events > 0, term > sum * 0x1p-60 {
            term *= events / mean
            events -= 1
            sum += term
        }
        return sum
    }

    private static func poissonProbability(_ count: Int, mean: Double) -> Double {
        count == 0 ? exp(-mean) : exp(Double(count) * log(mean) - mean - logFactorial(count))
    }
}
