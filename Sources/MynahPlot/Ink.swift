/// Colours of marks: each has at least 3 : 1 against white and against near black (WCAG 2.2, 1.4.11).
package enum Ink: String, CaseIterable, Sendable {
    case blue, orange, green, purple, red, teal, olive, pink, brown, slate

    /// For what is to stay in the background.
    case grey

    /// As `#rrggbb`.
    package var color: String {
        switch self {
        case .blue: "#3b7fc4"
        case .orange: "#c9711f"
        case .green: "#2f9157"
        case .purple: "#9a62c4"
        case .red: "#d1483f"
        case .teal: "#1c939c"
        case .olive: "#87851f"
        case .pink: "#c9588f"
        case .brown: "#a06c46"
        case .slate: "#6b7fa8"
        case .grey: "#8a9099"
        }
    }

    /// Another colour for each of several things; they repeat when there are no more.
    package static func distinct(_ index: Int) -> Ink {
        let inks = allCases.filter { $0 != .grey }
        return inks[index % inks.count]
    }
}
