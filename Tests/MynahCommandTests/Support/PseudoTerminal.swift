import Foundation
import Glibc
import Testing

/// A terminal for the program, by `script` of util-linux.
enum PseudoTerminal {
    /// Why no program can be run on one; nil where it can.
    static let missing: String? = {
        guard access("/usr/bin/script", X_OK) == 0 else { return "needs script, of util-linux" }
        do {
            let outcome = try shell("/usr/bin/script -qec true /dev/null </dev/null 2>&1")
            return outcome.ending == .status(0)
                ? nil : "needs a pseudo-terminal, and script says: \(outcome.output)"
        } catch {
            return "script cannot be run: \(error)"
        }
    }()

    /// Runs a line of the shell to its end on a terminal of its own, with so many columns.
    static func run(
        _ line: String, columns: Int = 80, environment: [String: String] = [:]
    ) throws -> Outcome {
        let line = "stty columns \(columns) || exit\n\(line)"
        return try shell(
            "/usr/bin/script -qec '\(line.replacing("'", with: #"'\''"#))' /dev/null </dev/null",
            environment: environment)
    }

    /// What was drawn as the status line, one drawing after the other.
    static func statusLines(_ outcome: Outcome) -> [Substring] {
        outcome.output.split(separator: "\r\u{1B}[K").compactMap { $0.split(separator: "\r").first }
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs a test only where there are terminals.
    static var needsTerminal: Self {
        .enabled(if: PseudoTerminal.missing == nil, "\(PseudoTerminal.missing ?? "")")
    }
}
