import MynahBase
import MynahEvaluation

/// A confusion matrix as text that fits a terminal.
struct ConfusionText {
    let confusion: ConfusionMatrix

    /// Columns of the terminal.
    let columns: Int

    /// The greatest number of labels that a reader can still take in as text.
    private static let labelLimit = 64

    private static let headWidth = 14

    /// The matrix, in as many panels beside each other as the columns of the terminal ask for.
    func render(color: Bool) -> String {
        let labelCount = confusion.labels.count
        guard labelCount <= Self.labelLimit else {
            return "  \(labelCount) × \(labelCount) counts, too many for text: see the JSON report\n"
        }
        let digits = confusion.counts.joined().map { String($0).count }.max() ?? 1
        let cellWidth = max(3, digits)
        let headings = Self.headings(of: confusion.labels, width: cellWidth)
        let columnsPerPanel = max(1, (columns - Self.headWidth - 2) / (cellWidth + 1))
        let panelCount = (labelCount + columnsPerPanel - 1) / columnsPerPanel
        let panelWidth = (labelCount + panelCount - 1) / panelCount
        return stride(from: 0, to: labelCount, by: panelWidth).map { start in
            panel(start..<min(start + panelWidth, labelCount), headings: headings, color: color)
        }.joined(separator: "\n")
    }

    private func panel(_ range: Range<Int>, headings: [String], color: Bool) -> String {
        var table = TextTable([.left] + range.map { _ in .right }, gap: 1)
        table.append(["said \\ heard"] + headings[range], .heading)
        for (row, label) in confusion.labels.enumerated() {
            table.append(
                [(text: label.printable.shortened(to: Self.headWidth), emphasis: .heading)]
                    + range.map { column in
                        let count = confusion.counts[row][column]
                        return count == 0
                            ? (text: "·", emphasis: .quiet)
                            : (text: String(count), emphasis: row == column ? .good : .bad)
                    })
        }
        return table.render(color: color)
    }

    /// Headings of at most `width` columns, all different: the beginnings of the labels where those differ.
    ///
    /// A label that begins like one before it keeps all but the last column of its beginning and takes a later
    /// letter; where no letter helps, it gets its number.
    static func headings(of labels: [String], width: Int) -> [String] {
        var used: Set<String> = []
        return labels.enumerated().map { index, label in
            let stripped = label.printable.drop { $0 == "_" }
            let name = stripped.isEmpty ? label.printable : String(stripped)
            let beginning = name.prefix(width: width)
            let stem = name.prefix(width: width - 1)
            let candidates =
                [beginning]
                + name.dropFirst(beginning.count).map { (stem + String($0)).prefix(width: width) }
            let heading = candidates.first { !used.contains($0) } ?? "#\(index + 1)"
            used.insert(heading)
            return heading
        }
    }
}
