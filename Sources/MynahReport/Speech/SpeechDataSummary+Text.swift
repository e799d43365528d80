import MynahBase
package import MynahData
import MynahModel

extension SpeechDataSummary {
    /// The summary for a terminal: a table of the folders, and the symbols; lines end with `\n`.
    package var text: String {
        var table = TextTable([.left] + DataSplit.allCases.map { _ in .right }, indent: 0)
        table.append(["sentences"] + DataSplit.allCases.map(\.rawValue))
        for folder in folders {
            table.append(
                [folder.path.printable]
                    + DataSplit.allCases.map { NumberText.grouped(folder.parts[$0]?.sentenceCount ?? 0) })
        }
        let totals = DataSplit.allCases.map { total($0) }
        table.append(["speakers"] + totals.map { NumberText.grouped($0.speakers.count) })
        table.append(["length"] + totals.map { $0.seconds > 0 ? NumberText.duration($0.seconds) : "–" })
        let held = total(.validation).speakers.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let names =
            held.isEmpty ? "" : "validation: \(listed(held, limit: 40))\n"
        return table.render(color: false)
            + "split by \(splitRule)\n\(names)"
            + "symbols: \(symbols.shown)\n"
    }
}
