import MynahBase
package import MynahTeaching

extension SynthesisSummary {
    /// How many clips of which synthesizer there are, for the terminal: a line for each, and one for all.
    package func text() -> String {
        var table = TextTable([.left, .right, .right, .right, .right])
        table.append(["synthesizer", "voices", "clips", "near", "there before"])
        for part in parts {
            table.append(
                [part.synthesizer]
                    + [part.voices, part.clips, part.near, part.existing].map { NumberText.grouped($0) })
        }
        func sum(_ count: (Part) -> Int) -> String {
            NumberText.grouped(parts.reduce(0) { $0 + count($1) })
        }
        table.append(["together", sum(\.voices), sum(\.clips), sum(\.near), sum(\.existing)])
        return table.render(color: false)
    }
}
