/// Events per hour of audio, with the count behind them and the exact Poisson interval.
public struct EventRate: Codable, Hashable, Sendable {
    /// Events, at least 0.
    public let count: Int

    /// Hours of audio, more than 0.
    public let hours: Double

    /// `count / hours`.
    public let perHour: Double

    /// The exact 95 % interval of ``perHour``.
    public let interval: Interval

    /// The rate of `count` events in `hours`; traps unless the hours are positive.
    public init(count: Int, hours: Double) {
        precondition(hours > 0, "\(count) events in \(hours) hours")
        self.count = count
        self.hours = hours
        perHour = Double(count) / hours
        let limits = Interval.poisson(count: count)
        interval = Interval(lower: limits.lower / hours, upper: limits.upper / hours)
    }
}
