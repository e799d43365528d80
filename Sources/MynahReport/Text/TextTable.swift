import MynahBase
import MynahEvaluation

/// A table of text whose columns are as wide as their widest cell.
struct TextTable {
    /// What a colour says about a cell.
    enum Emphasis: String {
        case none = ""
        case heading = "\u{1b}[1m"
        case quiet = "\u{1b}[2m"
        case good = "\u{1b}[32m"
        case bad = "\u{1b}[31m"

        /// The text in this emphasis, unchanged when `color` is false.
        func paint(_ text: String, color: Bool) -> String {
            color && self != .none ? "\(rawValue)\(text)\u{1b}[0m" : text
        }
    }

    /// The side at which the cells of a column line up.
    enum Alignment {
        case left, right
    }

    private let alignments: [Alignment]
    private let gap: String
    private let indent: String
    private var rows: [[(text: String, emphasis: Emphasis)]] = []

    /// An empty table with a column per alignment, `gap` blanks apart, its lines indented by `indent` blanks.
    init(_ alignments: [Alignment], gap: Int = 2, indent: Int = 2) {
        self.alignments = alignments
        self.gap = String(repeating: " ", count: gap)
        self.indent = String(repeating: " ", count: indent)
    }

    /// Adds a row with a cell per column, all in the same emphasis.
    mutating func append(_ cells: [String], _ emphasis: Emphasis = .none) {
        append(cells.map { (text: $0, emphasis: emphasis) })
    }

    /// Adds a row with a cell per column.
    mutating func append(_ cells: [(text: String, emphasis: Emphasis)]) {
        precondition(cells.count == alignments.count, "\(cells.count) cells in \(alignments.count) columns")
        rows.append(cells)
    }

    /// The lines of the table, each ending in a line break.
    func render(color: Bool) -> String {
        let widths = alignments.indices.map { column in
            rows.map { $0[column].text.displayWidth }.max() ?? 0
        }
        var result = ""
        for row in rows {
            var line = ""
            // Trailing blanks would wrap in a narrow terminal; blanks are held back until a text follows them.
            var blanks = indent
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.text.displayWidth)
                if alignments[column] == .right { blanks += padding }
                if !cell.text.isEmpty {
                    line += blanks + cell.emphasis.paint(cell.text, color: color)
                    blanks = ""
                }
                if alignments[column] == .left { blanks += padding }
                blanks += gap
            }
            result += line + "\n"
        }
        return result
    }
}

extension NumberText {
    /// The limits of an interval with a fixed count of decimals: `0.951–0.983`.
    static func fixedRange(_ interval: Interval, decimals: Int) -> String {
        fixed(interval.lower, decimals: decimals) + "–" + fixed(interval.upper, decimals: decimals)
    }

    /// The limits of an interval in percent: `96.6–97.6`.
    static func percentRange(_ interval: Interval) -> String {
        fixed(interval.lower * 100, decimals: 1) + "–" + fixed(interval.upper * 100, decimals: 1)
    }

    /// The counts of a share: `3,839 of 3,953`.
    static func counts(_ proportion: Proportion) -> String {
        "\(grouped(proportion.count)) of \(grouped(proportion.total))"
    }

    /// The interval of a rate, `0.07–2.13`.
    static func range(_ rate: EventRate) -> String {
        perHour(rate.interval.lower) + "–" + perHour(rate.interval.upper)
    }

    /// The counts of a rate: `2 in 3.4 h`.
    static func counts(_ rate: EventRate) -> String {
        "\(grouped(rate.count)) in \(duration(rate.hours * 3600))"
    }
}
