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
