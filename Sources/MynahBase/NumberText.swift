/// Numbers as a reader wants them: the one place where numbers become text for people.
package enum NumberText {
    /// The number as short as it can be written without losing anything, whole ones without a point: `0.95`, `100000`.
    package static func plain(_ value: some CustomStringConvertible) -> String {
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

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

    /// A small number with two digits and its power of ten: `2.4e-7`.
    package static func scientific(_ value: Float) -> String {
        guard value > 0, value.isFinite else { return "\(value == 0 ? "0" : "\(value)")" }
        var (mantissa, exponent) = (Double(value), 0)
        while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
        // Rounding must not give ten of something.
        if mantissa >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        return "\(fixed(mantissa, decimals: 1))e\(exponent)"
    }
}
