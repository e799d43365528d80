/// How a figure looks where it stands.
package enum FigureStyle: Sendable {
    /// A drawing of its own: black on white, 800 CSS pixels wide, with its title above.
    case sheet

    /// Part of a page, in the colour of its text and without a background, so that it suits a light and a dark one.
    ///
    /// 420 CSS pixels wide, so that the writing can be read on a telephone; the page writes the title.
    case page

    var width: Double { self == .sheet ? 800 : 420 }
    var left: Double { self == .sheet ? 76 : 62 }
    var background: String? { self == .sheet ? "#ffffff" : nil }

    /// The colour behind everything; on a page, that of its figures (the custom property `--card`).
    var ground: String { background ?? "var(--card, transparent)" }
    var text: String { self == .sheet ? "#222222" : "currentColor" }
    var axis: String { self == .sheet ? "#444444" : "#8a9099" }

    /// Heights of the writing, in CSS pixels: on a telephone a page is shown at four fifths of its size.
    var tickSize: Double { self == .sheet ? 11 : 12 }
    var labelSize: Double { self == .sheet ? 12 : 13 }
    var hasTitle: Bool { self == .sheet }

    /// The colour of a signal.
    var signal: String { self == .sheet ? "#1a386f" : Ink.blue.color }

    /// The colour of marks.
    static let mark = Ink.blue.color
}

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

/// Colours for values, from dark for small to light for large ones.
enum ColorMap {
    /// Number of different colours; the eye cannot tell more apart, and fewer make a smaller drawing.
    static let levelCount = 64

    /// The colours of all levels, as `#rrggbb`.
    ///
    /// Cividis: lightness rises evenly, so that it keeps its order in black and white, and it looks nearly the same to
    /// people with and without colour vision deficiency (Nuñez, Anderton and Renslow, *PLOS ONE* 13(7), 2018). The
    /// anchors are every 0.1 of the table in matplotlib 3; straight lines between them are within 8 of 255 of it.
    static let levels: [String] = (0..<levelCount).map { level in
        let position = Double(level) / Double(levelCount - 1) * Double(cividisAnchors.count - 1)
        let index = min(Int(position), cividisAnchors.count - 2)
        let share = position - Double(index)
        let color = [16, 8, 0].map { shift in
            let low = Double(cividisAnchors[index] >> shift & 0xff)
            let high = Double(cividisAnchors[index + 1] >> shift & 0xff)
            return hexadecimal(Int((low + share * (high - low)).rounded()))
        }
        return "#" + color.joined()
    }

    private static let cividisAnchors = [
        0x00224e, 0x083370, 0x35456c, 0x4f576c, 0x666970, 0x7d7c78, 0x948e77, 0xaea371, 0xc8b866, 0xe5cf52,
        0xfee838,
    ]

    /// The level of a value in a range; values outside count as the nearer end.
    static func level(of value: Double, in range: ClosedRange<Double>) -> Int {
        let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        return Int((min(max(share, 0), 1) * Double(levelCount - 1)).rounded())
    }

    private static func hexadecimal(_ byte: Int) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
