/// Numbers as a reader wants them.
package enum NumberText {
    /// The number with a fixed count of decimals, rounded half away from zero: `0.970`.
    package static func fixed(_ value: Double, decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 1e15 else { return "\(value)" }
        let digits = String(Int(scaled))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return sign + padded }
        return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }

    /// The limits of an interval with a fixed count of decimals: `0.951–0.983`.
    package static func fixedRange(_ interval: Interval, decimals: Int) -> String {
        fixed(interval.lower, decimals: decimals) + "–" + fixed(interval.upper, decimals: decimals)
    }

    /// A count with its thousands separated: `3,839`.
    package static func grouped(_ count: Int) -> String {
        var result = ""
        for (place, digit) in String(count).reversed().enumerated() {
            if place > 0, place % 3 == 0, digit != "-" { result.append(",") }
            result.append(digit)
        }
        return String(result.reversed())
    }

    /// A share in percent: `97.1 %`.
    package static func percent(_ share: Double) -> String {
        fixed(share * 100, decimals: 1) + " %"
    }

    /// The limits of an interval in percent: `96.6–97.6`.
    package static func percentRange(_ interval: Interval) -> String {
        fixed(interval.lower * 100, decimals: 1) + "–" + fixed(interval.upper * 100, decimals: 1)
    }

    /// The counts of a share: `3,839 of 3,953`.
    package static func counts(_ proportion: Proportion) -> String {
        "\(grouped(proportion.count)) of \(grouped(proportion.total))"
    }

    /// A time in milliseconds: `12.3 ms`.
    package static func milliseconds(_ seconds: Double) -> String {
        fixed(seconds * 1000, decimals: 1) + " ms"
    }

    /// A time in whole milliseconds: `430 ms`.
    package static func wholeMilliseconds(_ seconds: Double) -> String {
        fixed(seconds * 1000, decimals: 0) + " ms"
    }

    /// A length of audio: `3.4 h`, `12.5 min` or `8.0 s`.
    package static func duration(_ seconds: Double) -> String {
        if seconds >= 3600 { return fixed(seconds / 3600, decimals: 1) + " h" }
        if seconds >= 60 { return fixed(seconds / 60, decimals: 1) + " min" }
        return fixed(seconds, decimals: 1) + " s"
    }

    /// A threshold with three decimals, or as many as it has: `0.950`, `0.99995`.
    package static func threshold(_ value: Float) -> String {
        let decimals = (3..<7).first { Float(fixed(Double(value), decimals: $0)) == value } ?? 3
        return fixed(Double(value), decimals: decimals)
    }

    /// Events per hour, `0.59` or `12.3`.
    package static func perHour(_ rate: Double) -> String {
        fixed(rate, decimals: rate < 10 ? 2 : 1)
    }

    /// The interval of a rate, `0.07–2.13`.
    package static func range(_ rate: EventRate) -> String {
        perHour(rate.interval.lower) + "–" + perHour(rate.interval.upper)
    }

    /// The counts of a rate: `2 in 3.4 h`.
    package static func counts(_ rate: EventRate) -> String {
        "\(grouped(rate.count)) in \(duration(rate.hours * 3600))"
    }
}
