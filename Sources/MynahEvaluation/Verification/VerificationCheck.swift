/// One thing that a verification looked at, and what it found.
package struct VerificationCheck: Sendable, Hashable, Codable {
    /// How a check ended.
    package enum Outcome: String, Sendable, Codable {
        case passed
        case failed
        /// It cannot be made of this model.
        case skipped
    }

    /// What was checked.
    package let name: String

    /// How it ended.
    package let outcome: Outcome

    /// The figures that it ended with.
    package let detail: String

    /// Wraps a result.
    package init(name: String, outcome: Outcome, detail: String) {
        self.name = name
        self.outcome = outcome
        self.detail = detail
    }

    /// A check that passes where a condition holds.
    init(_ name: String, _ isPassed: Bool, _ detail: String) {
        self.init(name: name, outcome: isPassed ? .passed : .failed, detail: detail)
    }
}
