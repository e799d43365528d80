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
