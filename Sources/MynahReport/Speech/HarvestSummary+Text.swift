import MynahBase
package import MynahData

extension HarvestSummary {
    /// A table of the words with most clips, and what was dropped and why.
    package func text(color: Bool) -> String {
        let kinds = dropped.keys.sorted { dropped[$0, default: 0] > dropped[$1, default: 0] }
        var table = TextTable([.left, .right, .right] + kinds.map { _ in .right })
        table.append(["", "clips", "speakers"] + kinds, .quiet)
        func counts(_ dropped: [String: Int]) -> [String] {
            kinds.map { dropped[$0].map(NumberText.grouped) ?? "" }
        }
        for word in words.prefix(Self.shownCount) {
            table.append(
                [
                    word.word.shortened(to: 30), NumberText.grouped(word.clips),
                    NumberText.grouped(word.speakers),
                ]
                    + counts(word.dropped))
        }
        if words.count > 1 {
            let rest = words.count - Self.shownCount
            if rest > 0 {
                table.append(["… and \(NumberText.grouped(rest)) more", "", ""] + kinds.map { _ in "" })
            }
            table.append(
                ["all", NumberText.grouped(clips), NumberText.grouped(speakers)] + counts(dropped), .heading)
        }
        return (words.isEmpty ? "" : table.render(color: color))
            + (missing.isEmpty ? "" : "said nowhere: \(listed(missing, limit: 40))\n")
    }

    /// Words that have a line of their own.
    private static let shownCount = 20
}
