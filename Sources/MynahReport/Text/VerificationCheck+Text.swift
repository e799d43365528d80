import MynahBase
package import MynahEvaluation

extension VerificationCheck {
    /// The check as one line for a terminal, without a line break.
    package var text: String {
        let mark =
            switch outcome {
            case .passed: "ok"
            case .failed: "FAILED"
            case .skipped: "–"
            }
        return "\(mark.padded(to: 7))\(name.padded(to: 22))\(detail.printable)"
    }
}

extension String {
    /// The text with blanks up to a width, at least one.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - displayWidth))
    }
}
