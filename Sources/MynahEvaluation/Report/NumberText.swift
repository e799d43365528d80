/// Numbers as a reader wants them.
enum NumberText {
    /// The number with a fixed count of decimals, rounded half away from zero: `0.970`.
    static func fixed(_ value: Double, decimals: Int) -> String {
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
    static func fixedRange(_ interval: Interval, decimals: Int) -> String {
        fixed(interval.lower, decimals: decimals) + "–" + fixed(interval.upper, decimals: decimals)
    }

    /// A count with its thousands separated: `3,839`.
    static func grouped(_ count: Int) -> String {
        var result = ""
        for (place, digit) in String(count).reversed().enumerated() {
            if place > 0, place % 3 == 0, digit != "-" { result.append(",") }
            result.append(digit)
        }
        return String(result.reversed())
    }

    /// A share in percent: `97.1 %`.
    static func percent(_ share: Double) -> String {
        fixed(share * 100, decimals: 1) + " %"
    }

    /// The limits of an interval in percent: `96.6–97.6`.
    static func percentRange(_ interval: Interval) -> String {
        fixed(interval.lower * 100, decimals: 1) + "–" + fixed(interval.upper * 100, decimals: 1)
    }

    /// The counts of a share: `3,839 of 3,953`.
    static func counts(_ proportion: Proportion) -> String {
        "\(grouped(proportion.count)) of \(grouped(proportion.total))"
    }

    /// A time in milliseconds: `12.3 ms`.
    static func milliseconds(_ seconds: Double) -> String {
        fixed(seconds * 1000, decimals: 1) + " ms"
    }
}
