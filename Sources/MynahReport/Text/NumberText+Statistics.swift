import MynahBase
import MynahEvaluation

extension NumberText {
    /// The limits of an interval with a fixed count of decimals: `0.951–0.983`.
    static func fixedRange(_ interval: Interval, decimals: Int) -> String {
        fixed(interval.lower, decimals: decimals) + "–" + fixed(interval.upper, decimals: decimals)
    }

    /// The limits of an interval in percent: `96.6–97.6`.
    static func percentRange(_ interval: Interval) -> String {
        fixed(interval.lower * 100, decimals: 1) + "–" + fixed(interval.upper * 100, decimals: 1)
    }

    /// The counts of a share: `3,839 of 3,953`.
    static func counts(_ proportion: Proportion) -> String {
        "\(grouped(proportion.count)) of \(grouped(proportion.total))"
    }

    /// The interval of a rate, `0.07–2.13`.
    static func range(_ rate: EventRate) -> String {
        perHour(rate.interval.lower) + "–" + perHour(rate.interval.upper)
    }

    /// The counts of a rate: `2 in 3.4 h`.
    static func counts(_ rate: EventRate) -> String {
        "\(grouped(rate.count)) in \(duration(rate.hours * 3600))"
    }
}
