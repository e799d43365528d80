extension Interval {
    /// The score interval of a proportion, for trials that are independent of each other.
    ///
    /// It keeps its coverage near 0 and 1, where the textbook interval p ± z √(p(1−p)/n) collapses.
    /// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
    ///
    /// - Parameters:
    ///   - count: Successes, in `0 ... total`.
    ///   - total: Trials, at least 1.
    /// - Returns: Limits of the proportion, in `0 ... 1`.
    package static func wilson(count: Int, total: Int) -> Interval {
        precondition(total > 0, "a proportion of \(total) trials is undefined")
        precondition((0...total).contains(count), "\(count) successes in \(total) trials")
        let n = Double(total)
        let p = Double(count) / n
        let center = (p + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        // At p = 0 and p = 1 the limit is exactly 0 or 1; rounding must not move it.
        return Interval(
            lower: count == 0 ? 0 : max(0, center - half),
            upper: count == total ? 1 : min(1, center + half))
    }
}
