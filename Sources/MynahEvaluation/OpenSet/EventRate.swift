/// Events per hour of audio, with the count behind them and the exact Poisson interval.
package struct EventRate: Codable, Hashable, Sendable {
    /// Events, at least 0.
    package let count: Int

    /// Hours of audio, more than 0.
    package let hours: Double

    /// `count / hours`.
    package let perHour: Double

    /// The exact 95 % interval of ``perHour``.
    package let interval: Interval

    /// The rate of `count` events in `hours`; traps unless the hours are positive.
    package init(count: Int, hours: Double) {
        precondition(hours > 0, "\(count) events in \(hours) hours")
        self.count = count
        self.hours = hours
        perHour = Double(count) / hours
        let limits = Interval.poisson(count: count)
        interval = Interval(lower: limits.lower / hours, upper: limits.upper / hours)
    }
}
