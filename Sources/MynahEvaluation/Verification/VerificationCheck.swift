/// One thing that a verification looked at, and what it found.
public struct VerificationCheck: Sendable, Hashable, Codable {
    /// How a check ended.
    public enum Outcome: String, Sendable, Codable {
        case passed
        case failed
        /// It cannot be made of this model.
        case skipped
    }

    /// What was checked.
    public let name: String

    /// How it ended.
    public let outcome: Outcome

    /// The figures that it ended with.
    public let detail: String

    /// Wraps a result.
    public init(name: String, outcome: Outcome, detail: String) {
        self.name = name
        self.outcome = outcome
        self.detail = detail
    }

    /// A check that passes where a condition holds.
    init(_ name: String, _ isPassed: Bool, _ detail: String) {
        self.init(name: name, outcome: isPassed ? .passed : .failed, detail: detail)
    }
}

extension NumberText {
    /// A small number with two digits and its power of ten: `2.4e-07`.
    static func scientific(_ value: Float) -> String {
        guard value > 0, value.isFinite else { return "\(value == 0 ? "0" : "\(value)")" }
        var (mantissa, exponent) = (Double(value), 0)
        while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
        // Rounding must not give ten of something.
        if mantissa >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        return "\(fixed(mantissa, decimals: 1))e\(exponent)"
    }
}
